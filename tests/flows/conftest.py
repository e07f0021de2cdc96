"""Answers that hold the words which a deletion must take with it."""

import pytest

from tests.flows.deleting import told
from tests.scripted_server import ScriptedServer


@pytest.fixture
def secret_answers(model_server: ScriptedServer) -> None:
    model_server.script = told()
