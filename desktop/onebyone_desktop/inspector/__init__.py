"""Inspector"""
