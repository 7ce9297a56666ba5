"""Worker"""
