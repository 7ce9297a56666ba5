"""Clock"""
