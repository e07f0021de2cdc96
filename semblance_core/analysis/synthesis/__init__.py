"""Themes across sessions: brought onto one list, how often they recur, when they stop being new, where they contradict. Pure."""
