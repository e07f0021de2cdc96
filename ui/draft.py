"""The draft that the wizard works on: what is saved of it, where it stands in the address, and what was refused.

Every change goes into the database at once, alone, on top of what is there by then, so that two windows do not undo each
other's fields. The draft is made with its first change. What the database refused stays in its field, with why.
"""

import secrets
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.guide import Guide
from semblance_core.domain.persona import Persona
from semblance_core.workspace import SetUp, Workspace, set_up_of
from ui.words import safe_markdown

UNTITLED = "Untitled focus group"
"""What a draft is called that was not named yet."""
SCOPES, MADE = "draft_scopes", "drafts_made"


@dataclass
class Draft:
    """group: None before there is something to save. scope: stands before its widgets' keys, the same before and after."""

    ws: Workspace
    project_id: str
    scope: str
    group: FocusGroup | None
    set_up: SetUp

    @property
    def has_begun(self) -> bool:
        return self.group is not None and self.group.state is not FocusGroupState.DRAFT

    def key(self, name: str) -> str:
        return f"{self.scope}_{name}"

    def field(self, name: str, value: object) -> str:
        """The key of a widget that shows this value, or what was typed there and refused."""
        key = self.key(name)
        if key not in st.session_state:
            refused = self._refusals().get(name)
            st.session_state[key] = refused[0] if refused else value
        return key

    def save_field(self, name: str) -> None:
        """Saves what a widget holds, for its `on_change`."""
        value = st.session_state[self.key(name)]
        self.save(name, value, **{name: value})

    def save(self, what: str, typed: object = None, **changes: Any) -> bool:
        """Saves these fields of the set-up; where that is refused, `say_refused(what)` tells why.

        typed: what to put back into the field then.
        """
        if "title" in changes:
            changes["title"] = changes["title"].strip() or UNTITLED
        try:
            self._save(changes)
        except SemblanceError as refused:
            self.refuse(what, refused, typed)
            return False
        self._refusals().pop(what, None)
        return True

    def made(self) -> FocusGroup | None:
        """The draft as it is saved, made if it was not yet; None where that is refused."""
        if self.group is None:
            self.save("stimuli")
        return self.group

    def refuse(self, what: str, why: Exception, typed: object = None) -> None:
        self._refusals()[what] = (typed, str(why))

    def say_refused(self, what: str) -> None:
        if refused := self._refusals().get(what):
            st.error(f"Not saved: {safe_markdown(refused[1])}", icon=":material/info:")

    def all_refused(self) -> dict[str, str]:
        """Why, by what was not saved."""
        return {what: why for what, (_, why) in self._refusals().items()}

    def _save(self, changes: dict[str, Any]) -> None:
        if self.group:
            stored = set_up_of(self.ws.focus_group(self.group.id))
            self.group = self.ws.change_focus_group(self.group.id, replace(stored, **changes))
        else:
            self.group = self.ws.create_focus_group(self.project_id, replace(self.set_up, **changes))
            st.session_state.setdefault(SCOPES, {})[self.group.id] = self.scope
            st.session_state.setdefault(MADE, {})[self.scope] = self.group.id
            _name_in_address(self.group.id)
        self.set_up = set_up_of(self.group)

    def _refusals(self) -> dict[str, tuple[object, str]]:
        refusals: dict[str, tuple[object, str]] = st.session_state.setdefault(self.key("refused"), {})
        return refusals


def draft_of_address(ws: Workspace, project_id: str) -> Draft:
    """The draft with the address's `id`; without one a new one, with the personas named by `with`, that is not saved yet."""
    scope = st.query_params.get("new") or secrets.token_hex(4)
    made = st.session_state.get(MADE, {}).get(scope, "")
    if group_id := st.query_params.get("id") or made:
        _name_in_address(group_id)
        group = ws.focus_group(group_id)
        scope = st.session_state.get(SCOPES, {}).get(group_id, group_id)
        return Draft(ws, group.project_id, scope, group, set_up_of(group))
    st.query_params["new"] = scope
    return Draft(ws, project_id, scope, None, SetUp(UNTITLED, "", Guide(), _named(ws, project_id)))


def _name_in_address(group_id: str) -> None:
    """What is typed on while the draft is made comes with the address of before, so `new` leads to it too."""
    st.query_params["id"] = group_id
    for name in ("new", "with"):
        st.query_params.pop(name, None)


def _named(ws: Workspace, project_id: str) -> tuple[Persona, ...]:
    """The personas that the address asks to begin with, in its order."""
    named = [one for one in st.query_params.get("with", "").split(",") if one]
    found = {person.id: person for person in ws.some_personas(project_id, named)} if named else {}
    return tuple(found[one] for one in dict.fromkeys(named) if one in found)
