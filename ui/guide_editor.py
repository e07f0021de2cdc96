"""The guide as fields: sections and questions that are added, renamed, moved and removed; each change is saved at once.

A blank field is not worth saving, so the guide with its blanks lives in the window, beside the one that it was drawn from
(the draft's base). `revision` names the fields' keys: when places change, fields are drawn anew.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from semblance_core.domain import guide_edit
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.guide import MAX_QUESTIONS, QUESTION_CHARS, SECTION_CHARS, Guide
from ui.draft import Draft
from ui.pieces import named_icon
from ui.words import safe_markdown

UP, DOWN = -1, 1
LOW_PX, LOW_CHARS = 68, 150
MOST_STEPS = 50
"""Changes that can be taken back."""
Change = Callable[..., Guide]


class GuideEditor:
    def __init__(self, draft: Draft):
        self._draft = draft
        kept = st.session_state.setdefault(draft.key("guide_here"), {"revision": 0})
        stored, base = draft.set_up.guide, draft.window.bases.get("guide")
        is_saved = base is not None and "guide" in kept and guide_edit.without_blanks(kept["guide"]) == base
        if (
            base is None or "guide" not in kept or (is_saved and base != stored)
        ):  # opened just now, or changed by another window alone
            draft.window.bases["guide"] = stored
            kept |= {"revision": kept["revision"] + 1, "guide": stored, "undo": [], "redo": []}
        self._kept: dict[str, Any] = kept

    @property
    def guide(self) -> Guide:
        guide: Guide = self._kept["guide"]
        return guide

    def draw(self) -> None:
        self._draft.say_refused("guide")
        for at in range(len(self.guide.sections)):
            with st.container(border=True, gap="small"):
                self._section(at)
        full = len(self.guide.questions) >= MAX_QUESTIONS
        with st.container(horizontal=True, vertical_alignment="center"):
            self._button("Add a section", "add", guide_edit.with_section, type="secondary", disabled=full)
            for name in ("undo", "redo"):
                if self._kept.get(name):
                    icon = f":material/{name}:"
                    turn = (name, "redo" if name == "undo" else "undo")
                    st.button(
                        safe_markdown(name.title()),
                        key=self._key(name),
                        type="tertiary",
                        icon=icon,
                        on_click=self._turn,
                        args=turn,
                    )

    def take_in(self, change: Change, *args: object) -> bool:
        """Changes the guide as a whole and saves it, for a button's `on_click`; False where it was refused."""
        guide = self._typed()
        try:
            return self._put(change(guide, *args), guide)
        except SemblanceError as refused:
            self._draft.refuse("guide", refused)
            return False

    def _section(self, at: int) -> None:
        section = self.guide.sections[at]
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            st.text_input(
                f"Section {at + 1}",
                key=self._filled(f"s{at}", section.title),
                max_chars=SECTION_CHARS,
                placeholder="What this part is about",
                on_change=self._save_typed,
            )
            last = len(self.guide.sections) - 1
            self._button("Move section up", "arrow_upward", guide_edit.moved_section, at, UP, disabled=not at)
            down = ("arrow_downward", guide_edit.moved_section, at, DOWN)
            self._button("Move section down", *down, disabled=at == last)
            self._button("Remove section", "delete", guide_edit.without_section, at)
        for number in range(len(section.questions)):
            self._question(at, number)
        full = len(self.guide.questions) >= MAX_QUESTIONS
        self._button(f"Add a question to section {at + 1}", "add", guide_edit.with_question, at, disabled=full)

    def _question(self, at: int, number: int) -> None:
        section = self.guide.sections[at]
        place = sum(len(before.questions) for before in self.guide.sections[:at]) + number
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.text_area(
                f"Question {place + 1}",
                key=self._filled(f"q{at}.{number}", section.questions[number]),
                height=LOW_PX if len(section.questions[number]) <= LOW_CHARS else "content",
                max_chars=QUESTION_CHARS,
                placeholder="What you ask",
                label_visibility="collapsed",
                on_change=self._save_typed,
            )
            first, last = place == 0, place == len(self.guide.questions) - 1
            where = (at, number)
            up, down = "arrow_upward", "arrow_downward"
            self._button(f"Move question {place + 1} up", up, guide_edit.moved_question, *where, UP, disabled=first)
            self._button(
                f"Move question {place + 1} down", down, guide_edit.moved_question, *where, DOWN, disabled=last
            )
            self._button(f"Remove question {place + 1}", "close", guide_edit.without_question, *where)

    def _button(self, name: str, icon: str, change: Change, *where: object, **look: Any) -> None:
        """A button that changes the guide; where it adds something it shows its name, else the name is its help."""
        adds = name.startswith("Add")
        look = {"type": "tertiary"} | look
        key = self._key(f"{change.__name__}{where}")
        label = name.partition(" to section")[0] if adds else named_icon(name, icon, is_off=bool(look.get("disabled")))
        shown = f":material/{icon}:" if adds else None
        st.button(label, key=key, icon=shown, help=name, on_click=self.take_in, args=(change, *where), **look)

    def _key(self, name: str) -> str:
        return self._draft.key(f"guide{self._kept['revision']}_{name}")

    def _filled(self, name: str, value: str) -> str:
        key = self._key(name)
        st.session_state.setdefault(key, value)
        return key

    def _typed(self) -> Guide:
        """The guide with what its fields hold by now: a click comes together with the last word typed before it."""
        guide = self.guide
        for at, section in enumerate(guide.sections):
            guide = guide_edit.renamed(guide, at, st.session_state.get(self._key(f"s{at}"), section.title))
            for number, text in enumerate(section.questions):
                now = st.session_state.get(self._key(f"q{at}.{number}"), text)
                guide = guide_edit.reworded(guide, at, number, " ".join(now.split("\n")))
        return guide

    def _save_typed(self) -> None:
        self._put(self._typed(), self.guide, draws_anew=False)

    def _put(self, guide: Guide, before: Guide, *, draws_anew: bool = True) -> bool:
        """Keeps and saves a change that can be taken back."""
        if guide != before:
            self._kept |= {"undo": [*self._kept.get("undo", []), before][-MOST_STEPS:], "redo": []}
        self._kept |= {"guide": guide, "revision": self._kept["revision"] + draws_anew}
        return self._save()

    def _turn(self, way: str, other: str) -> None:
        """One step back or forth; what was typed just before the click is a step of its own."""
        now = self._typed()
        if way == "undo" and now != self.guide:
            self._kept["undo"] = [*self._kept.get("undo", []), self.guide][-MOST_STEPS:]
        *rest, step = self._kept[way]
        self._kept |= {way: rest, other: [*self._kept.get(other, []), now], "guide": step}
        self._kept["revision"] += 1
        self._save()

    def _save(self) -> bool:
        cleaned = guide_edit.without_blanks(self._kept["guide"])
        if cleaned == self._draft.window.bases["guide"]:
            self._draft.window.refused.pop("guide", None)
            return True
        return self._draft.save("guide", guide=cleaned)
