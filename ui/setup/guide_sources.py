"""The sources of a guide besides typing it: a template, pasted Markdown, a file."""

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from semblance_core.documents.text.encoding_names import ENCODINGS, label
from semblance_core.domain.discussion import guide_edit
from semblance_core.domain.discussion.guide import (
    QUESTION_CHARS,
    Guide,
    GuideReading,
    Question,
    guide_reading,
    parse_guide,
    to_markdown,
)
from semblance_core.domain.errors import SemblanceError
from semblance_core.domain.plurals import number
from semblance_core.flows.importing.file_text import read_text
from semblance_core.reports.escape import safe_file_name
from ui.parts.long_text import keep_unsaved, text_saved
from ui.parts.uploads import release_upload
from ui.parts.words import Markdown, joined, md, safe_markdown, shortened, show_error
from ui.setup.draft import Draft
from ui.setup.guide_editor import GuideEditor
from ui.setup.guide_templates import TEMPLATES

LINES_SHOWN, LINE_SHOWN = 8, 90
OUTLINE_LINES, OUTLINE_HEIGHT = 12, 380
"""From how many questions on the guide that was read is scrolled, and in how many pixels."""
FILE, TEXT = "The file", "The text in the box"


def guide_sources(draft: Draft, editor: GuideEditor) -> None:
    with st.container(horizontal=True):
        chosen = st.menu_button(
            "Insert a template", list(TEMPLATES), key=draft.key("template"), icon=":material/library_books:"
        )
        if chosen and editor.take_in(guide_edit.joined, parse_guide(TEMPLATES[chosen])):
            st.rerun()
        if guide := draft.set_up.guide.questions and draft.set_up.guide:
            name = f"{safe_file_name(draft.set_up.title)}-guide.md"
            st.download_button("Markdown", to_markdown(guide), name, type="tertiary", icon=":material/download:")
    with st.expander("Paste or import a guide", icon=":material/content_paste:"):
        _paste(draft, editor)


def _paste(draft: Draft, editor: GuideEditor) -> None:
    text_key, file_key = draft.key("pasted"), draft.key(f"file{st.session_state.get(draft.key('taken'), 0)}")
    st.text_area(
        "A guide in Markdown (“## section (10 minutes)” and “- question” lines; below a question “show: stimulus”, “probe: …” or "
        "“private:”), or pasted from a word processor",
        key=text_key,
        height=180,
        placeholder="## Habits\n- When did you last buy it?\n- What do you use it for?",
    )
    keep_unsaved({text_key: (draft.text("pasted"), "")})
    file = st.file_uploader("Or a text file", ["md", "txt", "docx", "rtf"], key=file_key, max_upload_size=1)
    if file and st.session_state[text_key].strip():
        chosen = st.radio(
            "There is text in the box and a file. Which is the guide?",
            [FILE, TEXT],
            index=None,
            key=f"{file_key}_or_text",
            horizontal=True,
        )
        if not chosen:
            return
        file = file if chosen == FILE else None
    try:
        text = _text_of(file) if file else st.session_state[text_key]
        reading = guide_reading(text)
    except SemblanceError as refused:
        show_error(refused)
        return
    if not text.strip():
        if file:
            st.caption("The file is empty.")
        return
    guide, questions = reading.guide, len(reading.guide.questions)
    _show(reading)
    there = len(draft.set_up.guide.questions)
    with st.container(horizontal=True):
        adds = "Add to the guide" if there else "Use as the guide"
        st.button(
            adds, type="primary", disabled=not questions, on_click=_take, args=(draft, editor, guide, file, False)
        )
        if there:
            words = f"Replace all {there} questions" if there > 1 else "Replace the question"
            st.button(words, disabled=not questions, on_click=_take, args=(draft, editor, guide, file, True))


def _show(reading: GuideReading) -> None:
    """Draws the guide as it was read, and the lines that were left out or put together."""
    guide = reading.guide
    if not guide.questions:
        st.caption("No questions found. Begin each one with “- ”.")
    else:
        found = f"{number(len(guide.questions), 'question')} in {number(len(guide.sections), 'section')}"
        st.caption(md("Found {}.", found))
        with st.container(border=True, height=OUTLINE_HEIGHT if len(guide.questions) > OUTLINE_LINES else "content"):
            for section in guide.sections:
                lines = [md("{}. {}", n, _in_words(question)) for n, question in enumerate(section.asked, 1)]
                st.markdown(f"**{safe_markdown(section.heading)}**\n\n" + joined("\n", lines))
    left_out = [(line.number, line.text, line.why) for line in reading.left_out]
    read_as = [(line.number, line.text, line.how) for line in reading.read_as]
    if read_as:
        st.info(
            _listed(md("Check that these lines were read correctly:"), read_as, QUESTION_CHARS), icon=":material/help:"
        )
    if left_out:
        st.warning(_listed(md("Skipped:"), left_out, LINE_SHOWN), icon=":material/rule:")


def _in_words(question: Question) -> str:
    shows = f"shows {', '.join(question.shows)}" if question.shows else ""
    probes = f"planned: {' / '.join(question.probes)}" if question.probes else ""
    notes = "; ".join(filter(None, (shows, "each alone first" if question.private else "", probes)))
    return f"{question.text} ({notes})" if notes else question.text


def _listed(title: Markdown, lines: Sequence[tuple[int, str, str]], most: int) -> Markdown:
    shown = [md("- Line {}, “{}”: {}", at, shortened(text, most), why) for at, text, why in lines[:LINES_SHOWN]]
    more = [md("- and {} more", len(lines) - LINES_SHOWN)] if len(lines) > LINES_SHOWN else []
    return md("{}\n\n{}", title, joined("\n", [*shown, *more]))


def _take(draft: Draft, editor: GuideEditor, guide: Guide, file: UploadedFile | None, replaces: bool) -> None:
    done = editor.take_in(lambda _, new: new, guide) if replaces else editor.take_in(guide_edit.joined, guide)
    if done:
        release_upload([file] if file else [])
        if not file:
            st.session_state[draft.key("pasted")] = ""
            text_saved(draft.text("pasted"))
            return
        st.session_state[draft.key("taken")] = st.session_state.get(draft.key("taken"), 0) + 1


def _text_of(file: UploadedFile) -> str:
    """The file's text; where it does not say in what its characters are, that is asked, with its first lines."""
    content = file.getvalue()
    read = read_text(content)
    if not read.guessed:
        return read.text
    likely = [read.encoding, *read.others]
    st.info(
        "The file does not state its character encoding. Check that the characters look right.", icon=":material/help:"
    )
    chosen = st.selectbox(
        "Encoding",
        [*likely, *(name for name in ENCODINGS if name not in likely)],
        format_func=label,
        key=f"encoding_{file.file_id}",
    )
    text = read_text(content, chosen).text
    telling = [line.strip() for line in text.splitlines() if not line.isascii()][:3]
    st.caption(joined("  \n", (safe_markdown(shortened(line, LINE_SHOWN)) for line in telling)))
    return text
