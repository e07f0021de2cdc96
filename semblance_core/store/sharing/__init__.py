"""Reports for people without an account."""
