"""A session as files that are handed over: one content, made once, and writers that only lay it out."""
