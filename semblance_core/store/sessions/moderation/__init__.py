"""Writes with which a person steers a session that goes on, beside the worker that it is claimed by."""
