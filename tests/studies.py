"""Personas, guides and sessions for tests, and what tests ask of them again and again."""

import asyncio
import os
import time
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.interviews import InterviewRound, RoundConfig
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.findings.theme import Findings, Theme
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.task import Task
from semblance_core.store.ids import new_id
from semblance_core.workspace import SessionConfig, Workspace

Result = TypeVar("Result")
GUIDE = """## Habits
- When did you last buy oat milk?
- What made you choose it?

## Price
- What is a fair price for a litre?
"""
NAMES = ("Maya Rao", "Ben Cole", "Ines Falk", "Tom Brandt", "Olu Ade", "Kim Sato", "Eva Lind", "Raj Nair")
INHERITED = ("PATH", "HOME", "LITELLM_LOCAL_MODEL_COST_MAP", "NO_PROXY")
REPOSITORY = Path(__file__).parents[1]


def with_engine(workspace: Workspace, engine: Any) -> Workspace:
    """The same workspace, whose work is handed to this engine."""
    return Workspace(replace(workspace._context, engine=engine))


def panel(size: int = 3) -> tuple[Persona, ...]:
    return tuple(
        Persona(
            name=NAMES[number] if number < len(NAMES) else f"Person{number} Test",
            age=25 + number,
            occupation="nurse",
            location="Leeds",
            values=("thrift", "calm"),
            backstory=f"Lives in house number {number} and shops on the way home.",
            id=f"persona-{number}",
        )
        for number in range(size)
    )


def session(workspace: Workspace, size: int = 3, guide: str = GUIDE, **fields: Any) -> FocusGroup:
    """A new focus group in a project of its own; its moderator puts the guide's questions and nothing else, unless asked for."""
    project = workspace.projects.create("Oat milk", numbered=True)
    topic = fields.pop("topic", "Oat milk")
    set_up = SessionConfig(
        fields.pop("title", "Oat milk"), topic, parse_guide(guide), panel(size), **{"probing": Probing.NONE} | fields
    )
    return workspace.sessions.create(project.id, set_up)


def interviewed(
    semblance: Semblance, workspace: Workspace, project_id: str, persona_ids: Sequence[str] | None = None, **fields: Any
) -> InterviewRound:
    """A round of interviews that are over, held by the simulator."""
    title, guide = fields.pop("title", "Oat milk alone"), parse_guide(fields.pop("guide", GUIDE))
    wanted = RoundConfig(title, guide, **{"topic": "Oat milk", "model": "simulator/instant"} | fields)
    held = workspace.interviews.start(project_id, wanted, persona_ids)
    for session_id in held.session_ids:
        semblance.engine.wait("focus_group", session_id)
    semblance.gateway.batcher.flush()
    return held


def found_themes(semblance: Semblance, group: FocusGroup, themes: Sequence[Theme], **fields: Any) -> Findings:
    """An analysis of the session, as a task would have kept it."""
    given = {"dropped_quotes": 2, "model": group.model, "prompts_version": "00000000", "simulated": group.simulated}
    through = {"through_seq": max(1, group.next_seq - 1), "created_at": semblance.clock(), "summary": "It is dear."}
    findings = Findings(group.id, tuple(themes), **{**given, **through, **fields})
    semblance.store.themes.add(findings, fields.get("analysis_id") or new_id())
    newest = semblance.store.themes.newest(group.id)
    assert newest
    return newest


def asked_round(semblance: Semblance, workspace: Workspace, group_id: str, text: str, **fields: Any) -> list[Message]:
    """Puts a message, waits for the replies, and returns what that added to the transcript."""
    before = workspace.sessions.get(group_id).next_seq
    workspace.sessions.post(group_id, text, **fields)
    semblance.engine.wait("focus_group", group_id)
    semblance.gateway.batcher.flush()
    return workspace.sessions.messages(group_id, first=before)


def discussed(semblance: Semblance, workspace: Workspace, group_id: str) -> tuple[FocusGroup, list[Message]]:
    """Lets the discussion run to its end."""
    workspace.sessions.start(group_id)
    semblance.engine.wait("focus_group", group_id)
    semblance.gateway.batcher.flush()
    return workspace.sessions.get(group_id), workspace.sessions.messages(group_id)


def finished(semblance: Semblance, workspace: Workspace, task: Task) -> Task:
    semblance.engine.wait("task", task.id)
    semblance.gateway.batcher.flush()
    return workspace.tasks.get(task.id)


def on_a_loop(work: Coroutine[Any, Any, Result]) -> Result:
    """What a coroutine returns on an event loop of a thread's own: Playwright keeps one running in this thread, once a browser is open."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


BUSY = 5
"""How much longer a busy machine may take; a test waits for a state, and its seconds only end a wait for what never comes."""


LOOKS_AGAIN_S = 0.02, 0.1
"""First and longest wait between two looks. Looking takes time from what is looked at."""


def eventually(claim: Callable[[], object], within_s: float = 10.0) -> None:
    """Fails unless the claim becomes true. within_s: seconds that it takes on an idle machine."""
    deadline = time.monotonic() + BUSY * within_s
    wait_s, longest_s = LOOKS_AGAIN_S
    while not claim():
        assert time.monotonic() < deadline, "It did not become true in time."
        time.sleep(wait_s)
        wait_s = min(wait_s * 1.5, longest_s)


def process_environment(settings: dict[str, Any]) -> dict[str, str]:
    """The environment for a process with these settings."""
    inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return inherited | {"PYTHONPATH": str(REPOSITORY)} | {name: str(value) for name, value in settings.items()}
