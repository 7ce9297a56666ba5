"""Sweep"""
