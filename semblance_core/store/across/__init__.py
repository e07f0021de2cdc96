"""Reads and writes across the sessions of a project or of all projects: syntheses, analyses of many sessions, the search."""
