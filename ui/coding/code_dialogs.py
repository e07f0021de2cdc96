"""Dialogs on codes: adding, editing, moving, merging, deleting, importing."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from semblance_core.documents.text.encodings import beginning
from semblance_core.domain.coding.codebook import CODE_NAME_CHARS, CODE_TEXT_CHARS, CodebookCode, below, tree
from semblance_core.domain.coding.codings import MEMO_CHARS, MemoOn
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.coding.swatch import path_words
from ui.parts.conflicts import edit_key, saved_in_form
from ui.parts.deletion import is_sure
from ui.parts.encoding import encoding_of, is_guessed
from ui.parts.long_text import long_text, short_text, text_saved
from ui.parts.words import errors_inline, md, show_done, told_apart

TOP = "(at the top)"
FIELDS = ("name", "definition", "when", "when_not")


@st.dialog("Add a code", dismissible=False, icon=":material/add:")
def add_code(ws: Workspace, project_id: str, codes: Sequence[CodebookCode], parent_id: str = "") -> None:
    draft = f"new_code:{project_id}"
    with st.form(f"add_code_{project_id}", border=False):
        texts = _texts(None, draft)
        above = _above(codes, parent_id)
        row = st.container(horizontal=True)
        with errors_inline():
            if row.form_submit_button("Add", type="primary"):
                name = texts.pop("name")
                added = ws.codebook.add(project_id, name, **texts, parent_id=above)
                show_done(md("Added {}", added.name))
                _close(draft)
        if row.form_submit_button("Cancel"):
            _close(draft)


@st.dialog("Edit code", dismissible=False, icon=":material/edit:")
def edit_code(ws: Workspace, code: CodebookCode, codes: Sequence[CodebookCode]) -> None:
    draft = f"code:{code.id}:{code.version}"

    def write(wanted: dict[str, Any], base: CodebookCode) -> None:
        ws.codebook.edit(code.id, **wanted, base=base)

    with st.form(f"edit_code_{code.id}", border=False):
        texts = _texts(code, draft)
        colour = st.color_picker("Colour", code.colour, key=f"colour_{draft}")
        beneath = below(codes, code.id) | {code.id}
        above = _above([each for each in codes if each.id not in beneath], code.parent_id)
        row = st.container(horizontal=True)
        with errors_inline():
            typed = {**texts, "colour": colour, "parent_id": above}
            if saved_in_form(edit_key("code", code), typed, code, write, row):
                show_done(md("Saved {}", texts["name"]))
                _close(draft)
        if row.form_submit_button("Cancel"):
            _close(draft)


@st.dialog("Merge codes", icon=":material/merge:")
def merge_code(ws: Workspace, code: CodebookCode, codes: Sequence[CodebookCode]) -> None:
    others = _paths([each for each in tree(codes) if each.code.id != code.id])
    if not others:
        st.info("There is no other code to merge it with.", icon=":material/info:")
        return
    st.markdown(md("All codings of **{}** get the code", code.name))
    into = st.selectbox("Code that stays", list(others), index=None, format_func=others.__getitem__)
    st.caption("Codes below it move along. “Undo” takes it back.")
    if st.button("Merge", type="primary", disabled=into is None) and into:
        with errors_inline():
            kept = ws.codebook.merge(code.id, into)
            show_done(md("Merged into {}", kept.name))
            st.rerun()


@st.dialog("Delete code", icon=":material/delete:")
def delete_code(ws: Workspace, code: CodebookCode, codes: Sequence[CodebookCode]) -> None:
    uses = ws.codebook.counts(code.project_id).get(code.id, 0)
    st.markdown(md("Delete **{}** with {}?", code.name, number(uses, "coding")))
    if any(each.parent_id == code.id for each in codes):
        st.caption("Codes below it move up.")
    st.caption("“Undo” takes it back.")
    if is_sure(key="delete_code"):
        with errors_inline():
            ws.codebook.delete(code.id)
            show_done(md("Deleted {}", code.name))
            st.rerun()


@st.dialog("Memo", icon=":material/sticky_note_2:")
def memo_on_code(ws: Workspace, code: CodebookCode, codes: Sequence[CodebookCode]) -> None:  # noqa: ARG001 - as its siblings
    st.markdown(md("On the code **{}**", code.name))
    draft = f"memo_code:{code.id}"
    text = long_text(md("Memo"), most=MEMO_CHARS, keeps=draft, height=160)
    if st.button("Save", type="primary"):
        with errors_inline():
            ws.memos.add(code.project_id, MemoOn.CODE, text, target=code.id)
            _close(draft, "")


@st.dialog("Import codes", icon=":material/upload:")
def import_codes(ws: Workspace, project_id: str) -> None:
    st.caption(
        "A codebook or project of REFI-QDA (.qdc, .qdpx), or a table (CSV) with a column “name”, and perhaps “definition”, “when”, "
        "“when_not”, “colour” and “above”, the name of the code above. Codes whose name is there already stay as they are."
    )
    file = st.file_uploader("Codebook", type=["csv", "qdc", "qdpx"], max_upload_size=25)
    if not file:
        return
    content = file.getvalue()
    is_table = file.name.lower().endswith(".csv")
    has_to_be_asked = is_table and is_guessed(file.name, content)
    encoding = encoding_of(file.name, content, f"codebook_{project_id}") if has_to_be_asked else ""
    if st.button("Import", type="primary", disabled=has_to_be_asked and not encoding):
        with errors_inline():
            text = content.decode(encoding or beginning(content).encoding, "replace") if is_table else content
            added = ws.codebook.take_in(project_id, text, file.name)
            show_done(md("Imported {}", number(len(added), "code")))
            st.rerun()


def _texts(code: CodebookCode | None, draft: str) -> dict[str, str]:
    """A code's texts, to fill in or to change. draft: what their keys begin with."""
    given = {name: getattr(code, name) if code else "" for name in FIELDS}
    name = short_text(md("Name"), most=CODE_NAME_CHARS, value=given["name"], keeps=f"{draft}:name")
    labels = (md("Definition"), md("When to use it"), md("When not to use it"))
    texts = [
        long_text(label, most=CODE_TEXT_CHARS, value=given[field], keeps=f"{draft}:{field}", height=80)
        for label, field in zip(labels, FIELDS[1:], strict=True)
    ]
    return dict(zip(FIELDS, (name, *texts), strict=True))


def _above(codes: Sequence[CodebookCode], chosen: str) -> str:
    """The choice of the code above; its id, empty for the top."""
    paths = {"": TOP, **_paths(tree(codes))}
    ids = list(paths)
    picked = st.selectbox("Below", ids, index=ids.index(chosen) if chosen in ids else 0, format_func=paths.__getitem__)
    return picked or ""


def _paths(placed: Sequence[Any]) -> dict[str, str]:
    return told_apart({each.code.id: path_words(each) for each in placed})


def _close(draft: str, *only: str) -> None:
    for name in only or (f":{field}" for field in FIELDS):
        text_saved(f"{draft}{name}")
    st.rerun()
