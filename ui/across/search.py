"""The search over all that is one's own: its field and filters, and what was found."""

import streamlit as st

from semblance_core.domain.findings.search import LONGEST, Hit, HitKind, SearchResult
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.parts.in_address import Choice, Choices, Text
from ui.parts.routes import page_at
from ui.parts.words import Markdown, errors_inline, joined, md, shortened, told_apart

AROUND = 90
TITLE_SHOWN = 60
KINDS = {HitKind.MESSAGE: "Transcripts", HitKind.QUOTE: "Quotes of themes", HitKind.NOTE: "Notes"}
ALL = ""


def search_form(ws: Workspace) -> None:
    """The field with its filters, all of which stand in the address, and what is found."""
    words, speaker = Text("find", "search"), Text("speaker", "search")
    text = words.show()
    st.text_input(
        "Search",
        key=words.key,
        on_change=words.keep,
        max_chars=LONGEST,
        placeholder='Words, names, or a "phrase"',
        icon=":material/search:",
    )
    projects = told_apart({ALL: "All my projects", **{each.id: each.name for each in ws.projects.mine()}})
    among = {name: name for name in projects}
    named = st.query_params.get("in", "")
    if named and named not in among:  # an administrator who comes from somebody else's project
        with errors_inline():
            among[named] = named
            projects = told_apart({**projects, named: ws.projects.get(named).name})
    chosen = Choice("in", "search", among={name: name for name in projects}, default=ALL)
    kinds = Choices("kind", "search", among={each.value: each for each in HitKind})
    with st.grid(3, min_column_width=220) as grid:
        with grid.cell():
            project_id = chosen.show()
            st.selectbox(
                "Project", list(projects), format_func=projects.__getitem__, key=chosen.key, on_change=chosen.keep
            )
        with grid.cell():
            by = speaker.show()
            st.text_input("Speaker", key=speaker.key, on_change=speaker.keep, max_chars=80, placeholder="Anybody")
        with grid.cell():
            within = kinds.show()
            st.multiselect(
                "Where",
                list(KINDS),
                format_func=KINDS.__getitem__,
                key=kinds.key,
                on_change=kinds.keep,
                placeholder="Everywhere",
            )
    if not text.strip():
        words_on = "All words have to be there, whole; of Japanese, Chinese, Thai, Korean and the like any part of a text counts."
        st.caption(words_on)
        return
    with errors_inline():
        sought = within or list(KINDS)
        if project_id:
            _found(ws.search.in_project(project_id, text, speaker=by, kinds=sought))
        else:
            _found(ws.search.mine(text, speaker=by, kinds=sought))


def _found(found: SearchResult) -> None:
    more = md("the first ") if found.more else md("")
    looked = md("{}{} in {}", more, number(len(found.hits), "hit"), number(found.sessions, "session"))
    left = md("; {} that were worked on longer ago were not searched", number(found.left_out, "session"))
    st.caption(md("{}{}", looked, left if found.left_out else md("")))
    if not found.hits:
        st.info("Nothing of yours holds this.", icon=":material/search_off:")
    for at, hit in enumerate(found.hits, start=1):
        with st.container(border=True, gap="small", key=f"hit_{at}"):
            _hit(at, hit)


def _hit(at: int, hit: Hit) -> None:
    st.markdown(excerpt(hit))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if hit.kind is HitKind.NOTE:
            label = md("Notes of {}", shortened(hit.project, TITLE_SHOWN))
            st.page_link(
                page_at("projects"), label=label, icon=":material/folder:", query_params={"id": hit.project_id}
            )
            return
        label = md("{}. {} · message {} · {}", at, hit.speaker, hit.seq, shortened(hit.title, TITLE_SHOWN))
        where = {"id": hit.session_id, "message": str(hit.seq)}
        st.page_link(page_at("session"), label=label, icon=":material/chat:", query_params=where)
        if hit.kind is HitKind.QUOTE:
            st.badge(md("quoted in {}", shortened(hit.theme, TITLE_SHOWN)), color="green", icon=":material/lightbulb:")
        st.caption(md("{}", shortened(hit.project, TITLE_SHOWN)), width="content")


def excerpt(hit: Hit) -> Markdown:
    """The part of the text around what was found first, with what was found in bold."""
    first = hit.spans[0][0] if hit.spans else 0
    start, end = max(0, first - AROUND), min(len(hit.text), first + 2 * AROUND)
    pieces, at = list[Markdown](), start
    for begin, stop in hit.spans:
        if begin >= end:
            break
        pieces += [_piece(hit.text[at:begin]), md("**{}**", " ".join(hit.text[begin:stop].split()))]
        at = stop
    if at < end:
        pieces.append(_piece(hit.text[at:end]))
    shown = joined("", pieces)
    if start:
        shown = md("… {}", shown)
    return shown if end >= len(hit.text) else md("{} …", shown)


def _piece(text: str) -> Markdown:
    """The text in one line, with a space where it begins or ends with one."""
    flat = " ".join(text.split())
    if not flat:
        return md(" ") if text else md("")
    piece = md("{}", flat)
    if text[0].isspace():
        piece = md(" {}", piece)
    return md("{} ", piece) if text[-1].isspace() else piece
