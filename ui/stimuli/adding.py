"""The stimuli that participants are shown: adding several at once, a card each, what is in them, and taking them away again."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import streamlit as st

from semblance_core.domain.discussion.asset import DESCRIPTION_CHARS, MOST_ASSETS, Asset, NotAdded
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.editing import EditConflict
from semblance_core.domain.errors import NotFound, SemblanceError
from semblance_core.domain.task import Task, TaskState
from semblance_core.engine.tasks.stimuli import not_added
from semblance_core.workspace import Workspace
from ui.parts.conflicts import THEIRS, show_conflict
from ui.parts.encoding import encoding_of, is_guessed
from ui.parts.long_text import long_text
from ui.parts.task_progress import task_progress
from ui.parts.uploads import release_upload
from ui.parts.words import errors_inline, md, safe_markdown, shortened, show_error

KINDS = {"pdf": "PDF", "docx": "Word", "text": "Text", "markdown": "Markdown", "image": "Picture"}
ICONS = {"image": md(":material/image:"), "pdf": md(":material/picture_as_pdf:"), "docx": md(":material/article:")}
DOCUMENT = md(":material/description:")
SHOWN_CHARS, SHORT_CHARS = 20_000, 700
NOT_TAKEN, ROUND = "stimuli_not_taken", "stimuli_round"
LOST, ASKED = "stimuli_lost_words", "stimuli_asked"
DOING = md("Adding stimuli")
TOLD = timedelta(days=1)
"""Time for which the page says what became of files; the person who handed them in may have closed the browser."""


def add_stimuli(ws: Workspace, group_of: Callable[[], FocusGroup | None], scope: str, there: int) -> None:
    """Draws where files are dropped and hands them in; `reading` draws what becomes of them.

    group_of: the session they are added to, None where it could not be made. there: how many it shows or reads already.
    """
    left = MOST_ASSETS - there
    if left > 0:
        key = f"{scope}_files_{st.session_state.get(ROUND, 0)}"
        files = st.file_uploader(
            f"PDF, Word, text, Markdown, PNG, JPEG, GIF or WebP, up to 25 MB each, at most {left} more",
            type=None,  # what cannot be read is named in words, and with what to do instead
            accept_multiple_files=True,
            key=key,
        )
        if files and (group := group_of()):
            handed_in = [(file.name, file.getvalue()) for file in files]
            release_upload(files)
            asked = [file for file in handed_in if is_guessed(*file)]
            st.session_state[f"{scope}_{ASKED}"] = [*st.session_state.get(f"{scope}_{ASKED}", []), *asked]
            _take_in(ws, group, [file for file in handed_in if file not in asked], scope)
    else:
        st.caption(f"A session shows at most {MOST_ASSETS} stimuli.")


def reading(ws: Workspace, group: FocusGroup, scope: str) -> list[Task]:
    """Draws how far the files are that are being read, and which were not added lately; asks for the next one's encoding.

    Returns the tasks under way.
    """
    since = ws.clock() - TOLD
    tasks = [task for task in ws.stimuli.tasks(group.id) if task.finished_at is None or task.finished_at > since]
    under_way = [task for task in tasks if not task.state.is_over]
    failed = [task for task in tasks[:1] if task.state is TaskState.FAILED]
    for task in under_way or failed:
        task_progress(ws, task, DOING)
    _say_not_added(ws, group, scope, [task for task in tasks if not task.is_noted])
    _ask_encoding(ws, group, scope)
    return under_way


def _say_not_added(ws: Workspace, group: FocusGroup, scope: str, tasks: list[Task]) -> None:
    """Says why files were not added: those of the last drop that were refused at once, and those that could not be read.

    Shows the descriptions of removed stimuli as well.
    """
    at_once = f"{scope}_{NOT_TAKEN}"
    refused = [*st.session_state.get(at_once, []), *(file for task in tasks for file in not_added(task))]
    for file in refused:
        words = file.why if file.name in file.why else f"{file.name}: {file.why}"
        st.error(f"Not added: {safe_markdown(words)}", icon=":material/info:")
    lost: dict[str, str] = st.session_state.get(LOST, {})
    for name, words in lost.items():
        st.warning(f"“{safe_markdown(name)}” has been removed. Your description of it:", icon=":material/delete:")
        st.code(words, language=None, wrap_lines=True)
    if (refused or lost) and st.button("Got it", key=f"{scope}_understood", type="tertiary", icon=":material/check:"):
        st.session_state.pop(at_once, None)
        st.session_state.pop(LOST, None)
        ws.stimuli.note_not_added(group.id)
        st.rerun()


def _ask_encoding(ws: Workspace, group: FocusGroup, scope: str) -> None:
    """Asks for the characters of the first text that does not say what it is in; it is read once they are chosen."""
    asked: list[tuple[str, bytes]] = st.session_state.get(f"{scope}_{ASKED}", [])
    if not asked:
        return
    (name, content), *others = asked
    key = f"{scope}_{sha256(content).hexdigest()[:12]}"
    with st.container(border=True):
        chosen = encoding_of(name, content, key)
        with st.container(horizontal=True):
            adds = st.button("Add it", type="primary", key=f"{key}_add", disabled=not chosen)
            leaves = st.button("Leave it out", key=f"{key}_leave")
    if not adds and not leaves:
        return
    st.session_state[f"{scope}_{ASKED}"] = others
    if adds:
        _take_in(ws, group, [(name, content)], scope, chosen)
    st.rerun()


def _take_in(ws: Workspace, group: FocusGroup, files: list[tuple[str, bytes]], scope: str, encoding: str = "") -> None:
    try:
        refused = list(ws.stimuli.add(group.id, files, encoding).refused) if files else []
    except SemblanceError as failed:
        refused = [NotAdded(shortened(name, 80), str(failed)) for name, _ in files]
    st.session_state[f"{scope}_{NOT_TAKEN}"] = refused
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1  # an empty uploader, ready for the next ones
    st.rerun()


def stimulus_card(ws: Workspace, group: FocusGroup, asset: Asset, scope: str, in_dialog: bool = False) -> None:
    """One stimulus: what it is, what was left out of it, and what can be done with it.

    in_dialog: it stands in one, from which no other can be opened.
    """
    with st.container(border=True):
        icon = ICONS.get(asset.kind, DOCUMENT)
        st.markdown(f"{icon} **{safe_markdown(asset.name)}**  \n:gray[:small[{safe_markdown(facts(asset))}]]")
        for note in asset.notes:
            st.caption(f":material/info: {safe_markdown(note)}")
        if asset.is_picture:
            _words_for_picture(ws, group, asset, scope)
        with st.container(horizontal=True):
            if not in_dialog and st.button("Preview", key=f"{scope}_see_{asset.id}", icon=":material/visibility:"):
                preview(ws, asset.id)
            original_button(ws, asset, scope)
            shown = group.stimuli.index(asset.id) < group.course.stimuli_shown if asset.id in group.stimuli else True
            free = not shown and group.state in (FocusGroupState.DRAFT, FocusGroupState.MODERATED)
            if free:
                _remove(ws, asset, scope)


def original_button(ws: Workspace, asset: Asset, scope: str) -> None:
    st.download_button(
        "Original",
        lambda: ws.stimuli.original(asset.id),
        asset.name,
        asset.media_type,
        key=f"{scope}_original_{asset.id}",
        icon=":material/download:",
        on_click="ignore",
    )


def facts(asset: Asset) -> str:
    """Returns a stimulus's kind, length and size, in a line."""
    size = asset.size_bytes / 1024
    words = f"{size / 1024:,.1f} MB" if size > 900 else f"{max(1, round(size)):,} kB"
    said = f"{asset.characters:,} characters" if not asset.is_picture else ""
    extent = asset.extent if not asset.is_picture else ""
    return " · ".join(part for part in (KINDS.get(asset.kind, asset.kind), extent, said, words) if part)


def _words_for_picture(ws: Workspace, group: FocusGroup, asset: Asset, scope: str) -> None:
    """For models that do not see: what is in the picture, by a model that does or by the researcher."""
    sees = ws.stimuli.sees_pictures(group.id)
    if not asset.description and not sees:
        st.warning(
            f"{safe_markdown(group.model)} may not be able to see pictures. Describe what participants would see in this one.",
            icon=":material/visibility_off:",
        )
    if sees and not asset.description:
        st.caption("Participants are shown the picture itself.")
        return
    key = f"{scope}_words_{asset.id}"
    base = _drawn_from(asset, key)
    who = f"by {asset.described_by}" if asset.described_by else "for models that do not see"
    named = f"description:{asset.id}"
    long_text(
        md("Description, {}", who), most=DESCRIPTION_CHARS, key=key, height=110, keeps=named, saved=asset.description
    )
    st.button("Save description", key=f"{key}_save", on_click=_save_words, args=(ws, base, key))
    met = st.session_state.get(f"{key}_met")
    if isinstance(met, EditConflict):
        show_conflict(
            met,
            lambda label, icon, choice: st.button(
                label, key=f"{key}_{choice}", icon=icon, on_click=_settle_words, args=(ws, met.now, key, choice)
            ),
        )
    elif met:
        show_error(met)


def _drawn_from(asset: Asset, key: str) -> Asset:
    """The picture as it was when its words were drawn in this window; as it is now where nobody typed into them."""
    base: Asset = st.session_state.setdefault(f"{key}_base", asset)
    if key not in st.session_state or st.session_state[key] == base.description != asset.description:
        st.session_state[key] = asset.description
        base = st.session_state[f"{key}_base"] = asset
    return base


def _save_words(ws: Workspace, base: Asset, key: str) -> None:
    words = st.session_state[key].strip()
    try:
        described = ws.stimuli.describe(base.id, words, base)
    except NotFound:
        st.session_state.setdefault(LOST, {})[base.name] = words
    except SemblanceError as failed:
        st.session_state[f"{key}_met"] = failed
    else:
        st.session_state.update({f"{key}_base": described, f"{key}_met": None, key: described.description})


def _settle_words(ws: Workspace, now: Asset, key: str, choice: str) -> None:
    """Keeps what was typed, on top of theirs, or takes theirs, which is there already."""
    st.session_state[f"{key}_met"] = None
    if choice == THEIRS:
        st.session_state.update({f"{key}_base": now, key: now.description})
    else:
        _save_words(ws, now, key)


def _remove(ws: Workspace, asset: Asset, scope: str) -> None:
    with st.popover("Remove", icon=":material/delete:", key=f"{scope}_remove_{asset.id}"):
        st.markdown(f"Remove “{safe_markdown(asset.name)}”? Its file is deleted.")
        if st.button("Remove it", type="primary", key=f"{scope}_removed_{asset.id}"):
            with errors_inline():
                ws.stimuli.remove(asset.id)
                st.rerun()


def _forget_preview() -> None:
    st.query_params.pop("stimulus", None)


@st.dialog("As participants see it", width="large", on_dismiss=_forget_preview)
def preview(ws: Workspace, asset_id: str) -> None:
    """A stimulus as participants are shown it."""
    with errors_inline():
        asset = ws.stimuli.get(asset_id)
        st.markdown(f"**{safe_markdown(asset.name)}**  \n:gray[:small[{safe_markdown(facts(asset))}]]")
        if asset.is_picture:
            st.image(ws.stimuli.original(asset.id))
            if asset.description:
                st.text(asset.description)
        else:
            _text(ws, asset)
        original_button(ws, asset, "preview")


def _text(ws: Workspace, asset: Asset) -> None:
    whole, shown = ws.stimuli.text(asset.id), ws.stimuli.shown_text(asset.id)
    if shown == whole:
        st.caption("Participants see the whole text with every question.")
    else:
        st.caption(
            "The document is long, so participants see this extract, chosen by the session's topic, and with each question the "
            "passages relevant to it. The original has the full text."
        )
    with st.container(height=360 if len(shown) > SHORT_CHARS else "content"):
        st.text(shown[:SHOWN_CHARS])
