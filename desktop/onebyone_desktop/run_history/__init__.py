"""Run history"""
