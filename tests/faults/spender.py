"""Spends a user's quota as fast as a process can, in one that a zygote forked: `zygote.start(settings, spends=folder)`.

Eight threads make calls until the quota refuses each of them. The folder has `ready` once they can begin; they do when it has `go`,
and it has `made`, how many calls they made, once they are done.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from semblance_core.bootstrap import open_semblance
from semblance_core.domain.errors import QuotaExceeded
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.gateway import Caller
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.settings import load_settings

THREADS = 8
ASKED = CompletionRequest("reply", (PromptMessage("user", "What do you drink? " * 40),), max_tokens=400)


def spend_all(settings: dict[str, Any], folder: Path) -> None:
    with open_semblance(load_settings(**settings)) as semblance:
        semblance.warm_up()
        (folder / "ready").touch()
        while not (folder / "go").exists():
            time.sleep(0.005)

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
    (folder / "made").write_text(str(made))
