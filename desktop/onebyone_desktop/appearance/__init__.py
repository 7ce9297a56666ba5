"""Appearance"""
