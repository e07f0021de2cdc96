"""Notices that work is over: in the app on whatever page one is, and by the browser where its tab is hidden."""

import streamlit as st

from semblance_core.workspace import EndedWork, Workspace
from ui.parts.routes import asset
from ui.parts.words import Markdown, md

SINCE, TOLD = "notices_since", "notices_told"
MOST_TOLD = 20
DONE = {
    "recruit": md("The panel is recruited"),
    "attach": md("The stimuli are added"),
    "analyse": md("Themes are found"),
    "analyse_interviews": md("Themes are found in the interviews"),
    "code_session": md("A session is coded"),
    "interviews": md("The interviews are over"),
    "example": md("Your example is ready"),
    "survey": md("The survey is answered"),
    "ballot": md("The ballot is answered"),
    "backfill": md("Usage is reconstructed"),
}
FAILED = {
    "recruit": md("Recruiting failed"),
    "attach": md("Adding stimuli failed"),
    "analyse": md("Finding themes failed"),
    "analyse_interviews": md("Finding themes in interviews failed"),
    "code_session": md("Coding a session failed"),
    "example": md("Creating your example failed"),
    "survey": md("A survey failed"),
    "ballot": md("A ballot failed"),
    "backfill": md("Reconstructing usage failed"),
}


def notices(workspace: Workspace) -> None:
    """Tells of what is over since the last look; the first look of a window tells of nothing."""
    since = st.session_state.get(SINCE)
    news = workspace.tasks.ended(since)
    known: dict[str, EndedWork | None] = st.session_state.setdefault(TOLD, {})
    for each in news.ended:
        if since and each.id not in known:
            st.toast(_in_app(each), icon=":material/error:" if each.failed else ":material/check:", duration="long")
        # Only now: Streamlit may give up a run at any element, and what was not told is told by the next one.
        known.setdefault(each.id, each if since else None)
    # Over and over, and told once by the browser: of two runs that follow at once it may see the second one's data alone.
    told = [each for each in known.values() if each][-MOST_TOLD:]
    # Registered at each run: a registration belongs to the server that it was made on.
    component = st.components.v2.component(
        "semblance.notices",
        html="<button hidden>Tell me in the browser when work is done</button>",
        css=asset("notices.css"),
        js=asset("notices.js"),
    )
    component(
        key="notices", data={"told": [{"id": each.id, "words": _plain(each)} for each in told], "asks": news.is_busy}
    )
    st.session_state[SINCE] = news.at


def _in_app(over: EndedWork) -> Markdown:
    if over.kind == "session":
        return md("**{}**: {}", over.title, over.why)
    what = (FAILED if over.failed else DONE).get(over.kind, md("A task is over"))
    return md("{}: **{}**", what, over.title) if over.title else what


def _plain(over: EndedWork) -> str:
    """The words without marks, which a notice of the browser would show as they are."""
    if over.kind == "session":
        return f"{over.title}: {over.why}"
    what = str((FAILED if over.failed else DONE).get(over.kind, "A task is over"))
    return f"{what}: {over.title}" if over.title else what
