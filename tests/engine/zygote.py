"""Worker processes for tests to kill: `python -m tests.engine.zygote` forks one for each line it reads and says its id.

It has litellm imported, so that a worker is there in a moment; a line holds the worker's settings as JSON.
"""

import json
import os
import signal
import sys
import time

import litellm  # noqa: F401

from semblance_core.bootstrap import open_semblance
from semblance_core.settings import load_settings

if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        worker = os.fork()
        if worker == 0:
            semblance = open_semblance(load_settings(**json.loads(line)))
            semblance.engine.start()
            time.sleep(600)
        sys.stdout.write(f"{worker}\n")
        sys.stdout.flush()
