"""Layout"""
