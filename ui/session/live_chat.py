"""The transcript as a component that the live feed fills: what is said appears a moment after it is written."""

import base64
from typing import Any

import streamlit as st

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.reports.escape import without_unseen
from semblance_core.workspace import Workspace
from ui.app.feed_tokens import feed_token_for
from ui.faces.avatar import avatar_among, colours_among
from ui.forks.forking import fork_at
from ui.parts.routes import asset, component_data
from ui.parts.words import errors_inline
from ui.session.feed_state import feed_state
from ui.session.quoting import quote_message

REFUSED = "live_feed_refused"
SCRIPTS = ("replay.js", "message.js", "message_actions.js", "mentions.js", "shortcuts.js", "live_chat.js")
HTML = """
<div class="chat">
  <div class="replay" hidden>
    <button class="begin">Replay</button>
    <div class="controls" role="group" aria-label="Replay" hidden>
      <button class="play">Pause</button>
      <label>Speed <select class="speed"></select></label>
      <input class="position" type="range" min="0" step="1" aria-label="Messages shown">
      <span class="place"></span>
      <button class="close">Close replay</button>
    </div>
  </div>
  <div class="log" role="log" aria-live="polite" aria-label="Transcript" tabindex="0">
    <button class="more older" hidden>Earlier messages</button>
    <p class="note empty">Connecting …</p>
    <ol class="said"></ol>
    <ol class="played" hidden></ol>
    <p class="note typing" hidden><span></span><span class="dots"><span></span><span></span><span></span></span></p>
    <button class="more later" hidden>Later messages</button>
  </div>
  <button class="newest" hidden></button>
</div>
"""


def live_chat(ws: Workspace, group: FocusGroup, marked: int = 0) -> None:
    """Draws the transcript, which follows the session by itself; the page runs again when what stands around it changed.

    marked: seq of the message that the page was opened for, 0 for none. Where the browser cannot open the feed, the next
    run finds `is_refused()`.
    """
    key = f"chat_{group.id}"

    def retry() -> None:
        with errors_inline():
            ws.sessions.retry(group.id, int(st.session_state[key].retry))

    def quote() -> None:
        quote_message(group.id, int(st.session_state[key].quote))

    def fork() -> None:
        fork_at(group.id, int(st.session_state[key].fork))

    def refuse() -> None:
        st.session_state[REFUSED] = True

    def show() -> None:
        st.query_params["stimulus"] = str(st.session_state[key].shown)

    _component()(
        key=key,
        data=component_data(
            {
                "path": _path(),
                "ticket": feed_token_for(group.id),
                "group": group.id,
                "situation": feed_state(group),
                "marked": marked,
                "recorded": group.recorded_through,
                "asks": group.takes_questions,
                "forks": not group.is_interview,
                "people": _looks(group),
                "stimuli": {without_unseen(asset.name): asset.id for asset in ws.stimuli.of_session(group.id)},
            }
        ),
        on_retry_change=retry,
        on_quote_change=quote,
        on_fork_change=fork,
        on_refused_change=refuse,
        on_changed_change=_nothing,
        on_shown_change=show,
        on_renew_change=_nothing,
    )


def is_refused() -> bool:
    """True where this browser could not open the live feed, so that the transcript is drawn without it."""
    return bool(st.session_state.get(REFUSED))


def _component() -> Any:
    # Registered at each run: a registration belongs to the server that it was made on.
    return st.components.v2.component(
        "semblance.live_chat", html=HTML, css=asset("live_chat.css"), js="".join(map(asset, SCRIPTS))
    )


def _looks(group: FocusGroup) -> dict[str, dict[str, str]]:
    """Face and colour of each participant."""
    people = group.participants
    return {
        without_unseen(name): {"colour": colour, "face": _address_of(avatar_among(name, people))}
        for name, colour in colours_among(people).items()
    }


def _address_of(picture: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(picture).decode()}"


def _path() -> str:
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}/api/live" if base else "/api/live"


def _nothing() -> None:
    """The run that the trigger brings about is all that is wanted."""
