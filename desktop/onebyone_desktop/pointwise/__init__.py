"""Pointwise"""
