"""Overlays"""
