"""Words of the pipes between a process and the one that makes its model calls; both ends are always of one version."""

CALL, READY, WARM_UP, COUNT, FORGET = "acomplete", "ready", "warm_up", "count_tokens", "forget"
"""What is asked; the names of `LitellmModel` where it does it."""
KEEP_PICTURE, DROP_PICTURE = "keep_picture", "drop_picture"
DONE, FAILED = "done", "failed"
"""What came of it."""
SENT, BUSY = "sent", "busy"
"""Said in between: a request goes out to its provider; the process is starting, and so much processor time was used for it."""
