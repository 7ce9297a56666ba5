"""Items"""
