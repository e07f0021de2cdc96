"""New projects beside others, and a project's copy: its personas, and its sessions as drafts, without anything that was said."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from semblance_core.domain.accounts.account import LONGEST_PROJECT, Project
from semblance_core.domain.accounts.project import CopiedProject, copy_name, free_name
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.personas.persona import Persona
from semblance_core.flows.attach import copy_stimuli
from semblance_core.flows.delete import delete_project
from semblance_core.store.store import Store
from semblance_core.workspace.session_config import config_of, drafted


def added(store: Store, owner_id: str, name: str, at: datetime, aim: str = "") -> Project:
    """Adds a project; a number stands behind a name that another one has. For who begins one thing at a time."""
    return store.projects.add(owner_id, free_name(name, store.projects.of_owner(owner_id)), at, aim)


@contextmanager
def filling(store: Store, owner_id: str, name: str, clock: Callable[[], datetime], aim: str = "") -> Iterator[Project]:
    """Adds a project to be filled in the block, and removes it again with all in it where that fails."""
    with store.open_work.one_at_a_time(owner_id):
        project = added(store, owner_id, name, clock(), aim)
    with whole_or_gone(store, project, clock):
        yield project


@contextmanager
def whole_or_gone(store: Store, project: Project, clock: Callable[[], datetime]) -> Iterator[None]:
    """Removes the project with all in it where the block fails."""
    try:
        yield
    except BaseException:
        delete_project(store, project.id, clock)
        raise


def copied(store: Store, source: Project, clock: Callable[[], datetime]) -> CopiedProject:
    """Copies the aim, the personas and the set-up of every focus group with its stimuli; interviews and notes stay with what was said."""
    owner_id = source.owner_id
    with filling(store, owner_id, copy_name(source.name, LONGEST_PROJECT), clock, source.aim) as copy:
        personas, every = store.personas.of_project(source.id), store.focus_groups.of_project(source.id)
        groups = every.instead(group for group in every if not group.is_interview)
        made = store.personas.add(copy.id, personas, clock())
        ids = {before.id: after.id for before, after in zip(personas, made, strict=True)}
        left_out = 0
        for group in reversed(groups):
            people = tuple(_of_copy(person, ids) for person in group.participants)
            try:
                draft = drafted(copy, replace(config_of(group), participants=people), group.model, clock())
            except InvalidInput:  # made before names had to be told apart
                left_out += 1
                continue
            store.focus_groups.add(draft)
            copy_stimuli(group, draft, store.assets, clock())
    return CopiedProject(copy, len(made), len(groups) - left_out, personas.unread + groups.unread + left_out)


def _of_copy(person: Persona, ids: dict[str, str]) -> Persona:
    """The participant as the copy's persona; one whose persona was deleted stays as it is."""
    return replace(person, id=ids.get(person.id, person.id))
