"""Welcome"""
