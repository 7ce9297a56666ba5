"""Window"""
