"""What makes newer data out of older, one migration a file; schema.py lists them."""
