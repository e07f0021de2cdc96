"""Values of a session that a person steers while it goes on: changes to its guide, whispers to its moderator."""
