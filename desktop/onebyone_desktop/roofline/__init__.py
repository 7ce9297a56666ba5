"""Roofline"""
