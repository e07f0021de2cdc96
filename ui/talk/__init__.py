"""The talk of a session beside that of people: after it, and while it goes on."""
