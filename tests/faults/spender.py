"""A process that spends a user's quota as fast as it can: `python -m tests.faults.spender SETTINGS_AS_JSON`.

Eight threads make calls until the quota refuses each of them; says `ready`, waits for a line, and prints how many were made.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

from semblance_core.bootstrap import open_semblance
from semblance_core.domain.errors import QuotaExceeded
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.gateway import Caller
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.settings import load_settings

THREADS = 8
ASKED = CompletionRequest("reply", (PromptMessage("user", "What do you drink? " * 40),), max_tokens=400)


def main() -> None:
    with open_semblance(load_settings(**json.loads(sys.argv[1]))) as semblance:
        semblance.warm_up()
        print("ready", flush=True)
        sys.stdin.readline()

        def spend(_: int) -> int:
            made = 0
            while True:
                try:
                    semblance.gateway.text(ASKED, semblance.settings.default_model, Caller("user"))
                except QuotaExceeded:
                    return made
                except ModelFailed:
                    pass
                made += 1

        with ThreadPoolExecutor(THREADS) as threads:
            made = sum(threads.map(spend, range(THREADS)))
    print(made, flush=True)


if __name__ == "__main__":
    main()
