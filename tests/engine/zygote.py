"""Worker processes for tests to kill: `python -m tests.engine.zygote` forks one for each line it reads and says its id.

It has litellm imported, so that a worker is there in a moment; the settings are those of the environment.
"""

import os
import signal
import sys
import time

import litellm  # noqa: F401

from semblance_core.bootstrap import open_semblance

if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _ in sys.stdin:
        worker = os.fork()
        if worker == 0:
            semblance = open_semblance()
            semblance.engine.start()
            time.sleep(600)
        print(worker, flush=True)
