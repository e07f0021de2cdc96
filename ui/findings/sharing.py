"""Links to a report for people without an account: making one, the list of a session's or project's, ending one."""

from collections.abc import Sequence
from urllib.parse import urlsplit

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.shared_report import DEFAULT_DAYS, LinkState, NewLink, SharedReport
from semblance_core.domain.findings.theme import Findings
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.parts.deletion import is_sure
from ui.parts.routes import page_at
from ui.parts.widgets import named_for
from ui.parts.words import Markdown, errors_inline, md, safe_markdown, show_done, warn_unread, when

DAYS = (7, DEFAULT_DAYS, 90, 365)
STATES = {LinkState.OPEN: md(""), LinkState.EXPIRED: md("Expired"), LinkState.REVOKED: md("Ended")}
MADE = "link_made"


def sharing(ws: Workspace, group: FocusGroup, findings: Findings | None) -> None:
    """The box that makes a link to the report as it is now, with this session's links below."""
    with st.container(border=True):
        st.markdown("**Share by a link**")
        st.caption(
            "Anybody with the link reads the report as it is now: summary, themes, quotes, method, guide and transcript, without the "
            "cost. What is said or edited later does not change it. The link opens nothing else, and you can end it."
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            days = st.selectbox(
                "It holds for",
                DAYS,
                index=DAYS.index(DEFAULT_DAYS),
                format_func=lambda each: number(each, "day"),
                key=f"link_days_{group.id}",
                width=160,
            )
            wanted = st.button("Create link", icon=":material/link:", key=f"link_{group.id}")
        if wanted:
            with errors_inline():
                made = ws.sharing.share(group.id, days, analysis_id=findings.analysis_id if findings else "")
                st.session_state[MADE] = (group.id, made)
        _just_made(ws, group)
        links = ws.sharing.of_project(group.project_id)
        _rows(ws, [each for each in links if each.focus_group_id == group.id])
        warn_unread(links, "link")


def shared_reports(ws: Workspace, project_id: str) -> None:
    """A project's links with the way to end each; nothing where there are none."""
    links = ws.sharing.of_project(project_id)
    if links:
        st.subheader("Shared reports")
        with st.container(border=True):
            _rows(ws, links, with_session=True)
    warn_unread(links, "link")


def _just_made(ws: Workspace, group: FocusGroup) -> None:
    """The link that was made in this window; it cannot be shown again later."""
    of, made = st.session_state.get(MADE, ("", None))
    if of != group.id or made is None:
        return
    st.code(_address(ws, made), language=None, wrap_lines=True)
    st.caption("Copy the link now: for safety it is kept nowhere and cannot be shown again.")


def _address(ws: Workspace, made: NewLink) -> str:
    """The whole link: below the public address of this server, or the one that this window was opened by."""
    if ws.settings.url:
        return f"{ws.settings.url.rstrip('/')}/{made.path}"
    here = urlsplit(str(st.context.url or ""))
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"{here.scheme}://{here.netloc}/{f'{base}/' if base else ''}{made.path}"


def _rows(ws: Workspace, links: Sequence[SharedReport], *, with_session: bool = False) -> None:
    now = ws.clock()
    for link in links:
        state = link.state(now)
        with st.container(horizontal=True, vertical_alignment="center"):
            if with_session:
                where = {"id": link.focus_group_id, "view": "Files"}
                label = named_for(safe_markdown(link.title), f"shared {when(link.created_at)} {link.id[:4]}")
                st.page_link(page_at("findings"), label=label, query_params=where, width="stretch")
            st.caption(_about(link, state), width="content" if with_session else "stretch")
            label = named_for(md("End link"), f"of {link.title}, shared {link.created_at:%d %b %Y, %H:%M:%S}")
            if state is LinkState.OPEN and st.button(label, key=f"end_{link.id}", type="tertiary"):
                _end(ws, link)


def _about(link: SharedReport, state: LinkState) -> Markdown:
    until = md("open until {}", when(link.expires_at)) if state is LinkState.OPEN else STATES[state]
    opened = md("opened {}", number(link.opened, "time")) if link.opened else md("not opened yet")
    return md("Shared {} · {} · {}", when(link.created_at), until, opened)


@st.dialog("End link", icon=":material/link_off:")
def _end(ws: Workspace, link: SharedReport) -> None:
    st.markdown(md("End the link to **{}**? Whoever has it cannot read the report any more.", link.title))
    if is_sure(md("End link")):
        with errors_inline():
            ws.sharing.revoke(link.id)
            if st.session_state.get(MADE, ("", None))[1] and st.session_state[MADE][1].report.id == link.id:
                del st.session_state[MADE]
            show_done(md("Ended the link"))
            st.rerun()
