"""Projects: all of them as cards, and one with all that is in it."""
