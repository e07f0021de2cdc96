"""The same seed, brief, guide and answers give the same session, whatever ids and times the store gives."""

import json
import random
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from semblance_core.analysis.panel import parse_margins
from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.workspace import SessionConfig
from tests.conftest import opened, settings_for
from tests.scripted_server import Asked, Reply, ScriptedServer, chatter, instance
from tests.studies import GUIDE, asked_round, discussed, finished, panel


def answered(asked: Asked) -> Reply:
    """What depends on the prompt alone."""
    said = zlib.crc32(asked.prompt.encode())
    return Reply(json.dumps(instance(asked.schema, random.Random(said))) if asked.schema else chatter(said, 40))


def run(semblance: Semblance, model: str) -> dict[str, Any]:
    """A panel, a round, a discussion and its themes, as far as anybody but the store sees them."""
    workspace = semblance.workspace("user")
    project = workspace.projects.create("Oat milk")
    margins = parse_margins("gender: women 50%, men 50%")
    task = workspace.personas.recruit(project.id, "Shoppers who buy oat milk", 4, margins, seed=7, model=model)
    assert not finished(semblance, workspace, task).error
    people = (*workspace.personas.of_project(project.id), *(replace(person, id="") for person in panel(2)))
    set_up = SessionConfig("Oat milk", "Oat milk", parse_guide(GUIDE), people, turn_limit=16, seed=11, model=model)
    group = workspace.sessions.create(project.id, set_up)
    asked_round(semblance, workspace, group.id, "What do you drink?")
    group, messages = discussed(semblance, workspace, group.id)
    finished(semblance, workspace, workspace.findings.analyse(group.id))
    findings = workspace.findings.get(group.id)
    return {
        "people": [replace(person, id="") for person in group.participants],
        "messages": [(message.seq, message.speaker, message.text, message.status) for message in messages],
        "reason": group.reason,
        "themes": findings and [(theme.name, theme.summary, theme.verbatims) for theme in findings.themes],
    }


@pytest.mark.parametrize("model", ["openai/gpt-4o-mini", "simulator/v1"])
def test_two_stores_hold_the_same_session(data_dir: Path, model: str) -> None:
    runs, asked = [], []
    for _ in range(2):
        with ScriptedServer(answered) as server, opened(settings_for(data_dir, server)) as semblance:
            runs.append(run(semblance, model))
            asked.append(sorted((each.prompt, each.seed, each.max_tokens) for each in server.asked))
    assert runs[0] == runs[1]
    assert asked[0] == asked[1]
    assert len({speaker for _, speaker, _, _ in runs[0]["messages"]}) >= 4
