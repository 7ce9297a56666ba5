"""Channels"""
