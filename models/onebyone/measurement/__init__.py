"""Measurement"""
