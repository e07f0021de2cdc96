"""The draft that the wizard works on: what is saved of it, where it stands in the address, and what was refused.

Every change goes into the database at once, alone, on top of what is there by then. It is made from what its field was
drawn from in this window, so that what another window wrote there meanwhile is never overwritten: what was typed stays in
its field, beside theirs, until one chooses. The draft is made with its first change.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.editing import EditConflict, change_words, changed_since
from semblance_core.domain.errors import NotFound, SemblanceError
from semblance_core.domain.personas.persona import Persona
from semblance_core.workspace import CONFIG_FIELDS, SessionConfig, Workspace, config_of
from ui.parts.conflicts import THEIRS, show_conflict
from ui.parts.words import Markdown, safe_markdown
from ui.setup.made_drafts import MADE

UNTITLED = "Untitled focus group"
"""Title of a draft that was not named yet."""
SCOPES, WINDOWS = "draft_scopes", "draft_windows"


@dataclass(frozen=True)
class Refused:
    """typed: what to put back into the field. changes: what was to be saved."""

    why: SemblanceError
    typed: object
    changes: dict[str, Any]


@dataclass
class Window:
    """A window's knowledge of a draft.

    It is kept between runs, and changed in place: a run may be cut off at any access to the session's state, but there is
    no such access between a write and the note of it here.

    bases: the values that fields were drawn from. shown: what the fields then showed. seen: the version up to which others'
    changes were noted. told: sentences on those changes. last: the draft when it was last there.
    """

    bases: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)
    refused: dict[str, Refused] = field(default_factory=dict)
    seen: int = 0
    told: list[str] = field(default_factory=list)
    last: FocusGroup | None = None


@dataclass
class Draft:
    """group: None before there is something to save. scope: stands before its widgets' keys, the same before and after."""

    ws: Workspace
    project_id: str
    scope: str
    group: FocusGroup | None
    set_up: SessionConfig
    window: Window

    @property
    def has_begun(self) -> bool:
        return self.group is not None and self.group.state is not FocusGroupState.DRAFT

    def key(self, name: str) -> str:
        return f"{self.scope}_{name}"

    def text(self, name: str) -> str:
        """The name that an unsaved text of this draft is kept by."""
        return f"{name}:{self.group.id if self.group else self.scope}"

    def field(self, name: str, value: object) -> str:
        """The key of a widget that shows this value, or what was typed there and refused."""
        key, window = self.key(name), self.window
        stored = getattr(self.set_up, name)
        is_untouched = key not in st.session_state or st.session_state[key] == window.shown.get(name)
        if refused := window.refused.get(name):
            if key not in st.session_state:
                st.session_state[key] = refused.typed
        elif key not in st.session_state or (is_untouched and window.bases.get(name) != stored):
            st.session_state[key] = value
            window.bases[name], window.shown[name] = stored, value
        return key

    def save_field(self, name: str) -> None:
        """Saves what a widget holds, for its `on_change`."""
        value = st.session_state[self.key(name)]
        if self.save(name, value, **{name: value}):
            self.window.shown[name] = value

    def save(self, what: str, typed: object = None, **changes: Any) -> bool:
        """Saves these fields of the set-up; where that is refused, `say_refused(what)` tells why.

        typed: what to put back into the field then.
        """
        if "title" in changes:
            changes["title"] = changes["title"].strip() or UNTITLED
        try:
            self._save(changes)
        except SemblanceError as refused:
            self.refuse(what, refused, typed, changes)
            return False
        self.window.refused.pop(what, None)
        return True

    def made(self) -> FocusGroup | None:
        """The draft as it is saved, made if it was not yet; None where that is refused."""
        if self.group is None:
            self.save("stimuli")
        return self.group

    def refuse(
        self, what: str, why: SemblanceError, typed: object = None, changes: dict[str, Any] | None = None
    ) -> None:
        self.window.refused[what] = Refused(why, typed, changes or {})

    def say_refused(self, what: str) -> None:
        if not (refused := self.window.refused.get(what)):
            return
        if isinstance(refused.why, EditConflict):
            show_conflict(refused.why, lambda label, icon, choice: self._choice(what, label, icon, choice))
        else:
            st.error(f"Not saved: {safe_markdown(refused.why)}", icon=":material/info:")

    def all_refused(self) -> dict[str, str]:
        """Why, by what was not saved."""
        return {what: str(refused.why) for what, refused in self.window.refused.items()}

    def tell(self) -> None:
        """Says what others changed since this window last looked."""
        if words := self.window.told:
            with st.container(border=True, horizontal=True, vertical_alignment="center"):
                st.markdown(f":material/group: {safe_markdown(' '.join(words))}", width="stretch")
                st.button("Got it", key=self.key("told"), type="tertiary", on_click=words.clear)

    def _choice(self, what: str, label: Markdown, icon: str, choice: str) -> None:
        st.button(label, key=self.key(f"{choice}_{what}"), icon=icon, on_click=self._settle, args=(what, choice))

    def _settle(self, what: str, choice: str) -> None:
        """Keeps what was typed, on top of theirs, or takes theirs, which is there already."""
        refused = self.window.refused.get(what)
        if refused is None or not isinstance(refused.why, EditConflict):
            return
        if choice == THEIRS:
            del self.window.refused[what]
            for name in refused.changes:
                self.window.bases.pop(name, None)
                st.session_state.pop(self.key(name), None)
        else:
            self.set_up = config_of(refused.why.now)
            self._rebase(self.set_up, refused.changes)
            if self.save(what, refused.typed, **refused.changes) and what in self.window.shown:
                self.window.shown[what] = refused.typed

    def _save(self, changes: dict[str, Any]) -> None:
        if self.group:
            bases = self.window.bases
            base = replace(self.set_up, **{name: bases[name] for name in changes if name in bases})
            saved = self.ws.sessions.change(self.group.id, replace(base, **changes), base)
            self._note(saved, changes)
        else:
            with MADE.making(self.ws.actor_id, self.scope) as made:
                if made.group_id:  # by this window before it was reloaded
                    base = config_of(self.ws.sessions.get(made.group_id))
                    saved = self.ws.sessions.change(made.group_id, replace(base, **changes), base)
                else:
                    saved = self.ws.sessions.create(self.project_id, replace(self.set_up, **changes))
                made.group_id = saved.id
            self._note(saved, changes)
            st.session_state.setdefault(SCOPES, {})[saved.id] = self.scope
            _name_in_address(saved.id)

    def _note(self, saved: FocusGroup, changes: dict[str, Any]) -> None:
        self.group, self.set_up = saved, config_of(saved)
        self._rebase(self.set_up, changes)
        _see(self.window, saved, self.ws, changes)

    def _rebase(self, set_up: SessionConfig, changes: dict[str, Any]) -> None:
        """Fields of this window begin with this set-up; what has none was drawn from the set-up of its run."""
        bases = self.window.bases
        bases |= {name: getattr(set_up, name) for name in changes if name in bases}


def draft_of_address(ws: Workspace, project_id: str, lost: Callable[[Draft], None]) -> Draft:
    """The draft with the address's `id`; without one a new one, with the personas named by `with`, that is not saved yet.

    lost: draws one that this window knew and that is gone; it does not return.
    """
    scope = st.query_params.get("new") or secrets.token_hex(4)
    if group_id := st.query_params.get("id") or MADE.find(ws.actor_id, scope):
        _name_in_address(group_id)
        scope = st.session_state.get(SCOPES, {}).get(group_id, group_id)
        window = _window(scope)
        try:
            group = ws.sessions.get(group_id)
        except NotFound:
            if window.last is None:
                raise
            lost(Draft(ws, window.last.project_id, scope, window.last, config_of(window.last), window))
            raise
        if window.last:
            _see(window, group, ws)
        window.last, window.seen = group, group.version
        return Draft(ws, group.project_id, scope, group, config_of(group), window)
    st.query_params["new"] = scope
    return Draft(
        ws, project_id, scope, None, SessionConfig(UNTITLED, "", Guide(), _named(ws, project_id)), _window(scope)
    )


def _window(scope: str) -> Window:
    windows: dict[str, Window] = st.session_state.setdefault(WINDOWS, {})
    return windows.setdefault(scope, Window())


def _see(window: Window, group: FocusGroup, ws: Workspace, own: dict[str, Any] | None = None) -> None:
    """Notes what others changed since this window last looked. own: what it changed itself just now."""
    since = changed_since(group, window.seen)
    others = [(CONFIG_FIELDS[name], since[name]) for name in CONFIG_FIELDS if name in since and name not in (own or {})]
    window.last, window.seen = group, group.version
    if others:
        window.told.append(f"{change_words(others, ws.clock(), ws.actor_id)}.")


def _name_in_address(group_id: str) -> None:
    """Writes the draft's id into the address, in place of `new` and `with`.

    Input that is typed while the draft is made comes with the address of before, so `new` leads to the draft too.
    """
    st.query_params["id"] = group_id
    for name in ("new", "with"):
        st.query_params.pop(name, None)


def _named(ws: Workspace, project_id: str) -> tuple[Persona, ...]:
    """The personas that the address asks to begin with, in its order."""
    named = [one for one in st.query_params.get("with", "").split(",") if one]
    found = {person.id: person for person in ws.personas.some(project_id, named)} if named else {}
    return tuple(found[one] for one in dict.fromkeys(named) if one in found)
