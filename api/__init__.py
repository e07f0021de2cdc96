"""Plain HTTP routes beside the app."""
