"""Latency"""
