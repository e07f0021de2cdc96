"""Whoever watches over the server is told how the process that makes model calls is; one that ended is begun anew."""

import os
import signal
from collections.abc import Iterator

import pytest

from semblance_core.llm.subprocess.model import SubprocessModel
from semblance_core.readiness import READY
from tests.llm.harness import OPENAI
from tests.studies import eventually
from tests.zygote import freeze


@pytest.fixture
def subprocess_model() -> Iterator[SubprocessModel]:
    subprocess_model = SubprocessModel()
    yield subprocess_model
    subprocess_model.close()


def process_of(subprocess_model: SubprocessModel) -> int:
    assert subprocess_model._child
    return subprocess_model._child._process.pid


def test_a_calls_process_that_hangs_or_ends_is_not_ready_until_there_is_another(
    subprocess_model: SubprocessModel,
) -> None:
    assert subprocess_model.check() == READY, "none was needed yet"
    subprocess_model.ready(OPENAI)
    assert subprocess_model.check() == READY

    freeze(first := process_of(subprocess_model))
    assert subprocess_model.check() == "does not answer"
    os.kill(first, signal.SIGCONT)
    eventually(lambda: subprocess_model.check() == READY)

    os.kill(first, signal.SIGKILL)
    eventually(lambda: subprocess_model.check() == "ended; another one is starting")
    eventually(
        lambda: (
            subprocess_model._child and not subprocess_model._child.is_over and process_of(subprocess_model) != first
        ),
        within_s=60,
    )
    eventually(lambda: subprocess_model.check() == READY, within_s=60)
