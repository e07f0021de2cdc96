"""Routes across sessions: syntheses of a project, and the search."""
