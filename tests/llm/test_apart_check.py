"""Whoever watches over the server is told how the process that makes model calls is; one that ended is begun anew."""

import os
import signal
from collections.abc import Iterator

import pytest

from semblance_core.llm.apart import ModelApart
from semblance_core.readiness import READY
from tests.llm.desk import OPENAI
from tests.studies import eventually
from tests.zygote import freeze


@pytest.fixture
def apart() -> Iterator[ModelApart]:
    apart = ModelApart()
    yield apart
    apart.close()


def process_of(apart: ModelApart) -> int:
    assert apart._child
    return apart._child._process.pid


def test_a_calls_process_that_hangs_or_ends_is_not_ready_until_there_is_another(apart: ModelApart) -> None:
    assert apart.check() == READY, "none was needed yet"
    apart.ready(OPENAI)
    assert apart.check() == READY

    freeze(first := process_of(apart))
    assert apart.check() == "does not answer"
    os.kill(first, signal.SIGCONT)
    eventually(lambda: apart.check() == READY)

    os.kill(first, signal.SIGKILL)
    eventually(lambda: apart.check() == "ended; another one is starting")
    eventually(lambda: apart._child and not apart._child.is_over and process_of(apart) != first, within_s=60)
    eventually(lambda: apart.check() == READY, within_s=60)
