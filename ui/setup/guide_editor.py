"""The guide as fields: sections and questions that are added, renamed, moved and removed; each change is saved at once.

A blank field is not worth saving, so the guide with its blanks lives in the window, beside the one that it was drawn from
(the draft's base). `revision` names the fields' keys: when places change, fields are drawn anew.
"""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from semblance_core.domain.discussion import guide_edit
from semblance_core.domain.discussion.guide import MAX_QUESTIONS, QUESTION_CHARS, SECTION_CHARS, Guide, Question
from semblance_core.domain.discussion.questions import MOST_PROBES
from semblance_core.domain.discussion.shows import meant_by
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.plurals import number as counted
from ui.parts.long_text import keep_unsaved, long_text, short_text
from ui.parts.widgets import named_icon
from ui.parts.words import Markdown, md, safe_markdown
from ui.setup.draft import Draft

UP, DOWN = -1, 1
LOW_PX, LOW_CHARS, PROBES_PX = 68, 150, 110
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
        there = draft.ws.stimuli.of_session(draft.group.id) if draft.group else []
        self._stimuli: Sequence[str] = tuple(asset.name for asset in there)

    @property
    def guide(self) -> Guide:
        guide: Guide = self._kept["guide"]
        return guide

    def draw(self) -> None:
        self._draft.say_refused("guide")
        for at in range(len(self.guide.sections)):
            with st.container(border=True, gap="small"):
                self._section(at)
        keep_unsaved(self._texts(), within=self._draft.text("guide"))
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
        self._order()

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
            short_text(
                md("Section {}", at + 1),
                key=self._filled(f"s{at}", section.heading),
                most=SECTION_CHARS,
                placeholder="What this part is about (10 minutes)",
                help="A time behind the title, “(10 minutes)” or “(12 turns)”, is the section's share of an autonomous discussion.",
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
            long_text(
                md("Question {}", place + 1),
                key=self._filled(f"q{at}.{number}", section.questions[number]),
                height=LOW_PX if len(section.questions[number]) <= LOW_CHARS else "content",
                most=QUESTION_CHARS,
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
            self._follow_ups(at, number, place + 1)
        if words := follow_up_words(section.asked[number]):
            st.caption(words)
        self._shows(at, number, place + 1)

    def _follow_ups(self, at: int, number: int, place: int) -> None:
        """Draws the question's planned probes, and whether each answers it alone first, behind a button."""
        asked = self.guide.sections[at].asked[number]
        with st.popover(named_icon(f"Probes and private answers of question {place}", "tune"), type="tertiary"):
            long_text(
                md("Planned probes of question {}", place),
                key=self._filled(f"p{at}.{number}", "\n".join(asked.probes)),
                height=PROBES_PX,
                most=(QUESTION_CHARS + 1) * MOST_PROBES,
                placeholder="One a line: what the moderator asks further, where it fits",
                on_change=self._save_typed,
            )
            st.toggle(
                md("Each answers question {} alone first", place),
                key=self._filled(f"a{at}.{number}", asked.private),
                help="Before the discussion of it, in writing. You see the answers; the other participants never do.",
                on_change=self._save_typed,
            )

    def _shows(self, at: int, number: int, place: int) -> None:
        """Draws a picker of the session's stimuli; those of other questions are left out, because each is shown once."""
        shown = self.guide.sections[at].asked[number].shows
        if not self._stimuli and not shown:
            return
        meant = [name for question in self.guide.asked for written in question.shows for name in self._meant(written)]
        st.multiselect(
            md("Stimuli of question {}", place),
            [*dict.fromkeys((*shown, *(name for name in self._stimuli if name not in meant)))],
            format_func=self._named,
            key=self._filled(f"w{at}.{number}", list(shown)),
            placeholder="Show a stimulus with this question",
            select_all=False,
            label_visibility="collapsed",
            on_change=self._save_typed,
        )

    def _meant(self, written: str) -> list[str]:
        return meant_by(written, self._stimuli)

    def _named(self, written: str) -> str:
        """The stimulus that a name in the guide means, or the name with what is wrong with it."""
        meant = self._meant(written)
        if len(meant) == 1:
            return meant[0]
        return f"{written} (several stimuli have this name)" if meant else f"{written} (not among the stimuli)"

    def _order(self) -> None:
        """Draws whether groups are shown them in turn, where a section shows several; or how one shows any at all."""
        several = any(sum(len(question.shows) for question in section.asked) > 1 for section in self.guide.sections)
        if several or self._draft.set_up.rotate_stimuli:
            st.toggle(
                "Rotate the order of the stimuli",
                key=self._draft.field("rotate_stimuli", self._draft.set_up.rotate_stimuli),
                help="The stimuli of a section change places from group to group of this project, so that none always comes "
                "first. Word their questions so that they fit each of them.",
                on_change=self._draft.save_field,
                args=("rotate_stimuli",),
            )
            self._draft.say_refused("rotate_stimuli")
        elif self.guide.questions and not self._stimuli:
            st.caption("To show a stimulus with a question, add it under *Stimuli* and come back to choose it here.")

    def _button(self, name: str, icon: str, change: Change, *where: object, **look: Any) -> None:
        """A button that changes the guide; where it adds something it shows its name, else the name is its help."""
        adds = name.startswith("Add")
        look = {"type": "tertiary"} | look
        key = self._key(f"{change.__name__}{where}")
        label = (
            safe_markdown(name.partition(" to section")[0])
            if adds
            else named_icon(name, icon, is_off=bool(look.get("disabled")))
        )
        shown = f":material/{icon}:" if adds else None
        st.button(
            label, key=key, icon=shown, help=safe_markdown(name), on_click=self._clicked, args=(change, *where), **look
        )

    def _clicked(self, change: Change, *args: object) -> None:
        self.take_in(change, *args)

    def _key(self, name: str) -> str:
        return self._draft.key(f"guide{self._kept['revision']}_{name}")

    def _filled(self, name: str, value: str | list[str] | bool) -> str:
        key = self._key(name)
        st.session_state.setdefault(key, value)
        return key

    def _typed(self) -> Guide:
        """The guide with what its fields hold by now: a click comes together with the last word typed before it."""
        guide = self.guide
        for at, section in enumerate(guide.sections):
            guide = guide_edit.renamed(guide, at, st.session_state.get(self._key(f"s{at}"), section.title))
            for number, question in enumerate(section.asked):
                now = st.session_state.get(self._key(f"q{at}.{number}"), question.text)
                guide = guide_edit.reworded(guide, at, number, " ".join(now.split("\n")))
                chosen = st.session_state.get(self._key(f"w{at}.{number}"), question.shows)
                guide = guide_edit.showing(guide, at, number, chosen)
                probes = st.session_state.get(self._key(f"p{at}.{number}"), "\n".join(question.probes)).split("\n")
                alone = st.session_state.get(self._key(f"a{at}.{number}"), question.private)
                alone = alone or (
                    guide.sections[at].asked[number].private and not question.private
                )  # “private:” was typed
                guide = guide_edit.probing(guide, at, number, probes, private=alone)
        return guide

    def _texts(self) -> dict[str, tuple[str, str]]:
        """By each field's key: the name that its text is kept by until it is saved, and its saved text."""
        refused = "guide" in self._draft.window.refused
        stored = _texts_of(self._draft.window.bases["guide"] if refused else self.guide)
        within = self._draft.text("guide")
        return {self._key(name): (f"{within}.{name}", stored.get(name, "")) for name in _texts_of(self.guide)}

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


def _texts_of(guide: Guide) -> dict[str, str]:
    """The guide's texts by the names of their fields."""
    texts = {f"s{at}": section.heading for at, section in enumerate(guide.sections)}
    for at, section in enumerate(guide.sections):
        texts |= {f"q{at}.{number}": asked for number, asked in enumerate(section.questions)}
        texts |= {f"p{at}.{number}": "\n".join(asked.probes) for number, asked in enumerate(section.asked)}
    return texts


def follow_up_words(question: Question) -> Markdown:
    """Returns what belongs to a question besides its text and stimuli, in words; empty for nothing."""
    probes = [counted(len(question.probes), "planned probe")] if question.probes else []
    alone = ["each answers it alone first"] if question.private else []
    return md("{}", " · ".join((*probes, *alone)))
