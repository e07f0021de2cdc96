"""Migrations from older data to newer ones, one a file; schema.py lists them."""
