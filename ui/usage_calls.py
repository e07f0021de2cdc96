"""The calls behind figures, a page at a time, with all of one call, and as a file."""

import streamlit as st

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.money import money
from semblance_core.domain.usage import UsageEvent
from semblance_core.reports.exports import usage_csv
from semblance_core.reports.frames import FEATURES, event_table
from ui.charts import usage_columns
from ui.routes import page_at
from ui.usage_address import Names, View
from ui.usage_charts import let_go
from ui.usage_reading import Source
from ui.words import safe_markdown, say, say_here, say_unread, when

SHOWN = 50
MOST_IN_FILE = 100_000


def calls(source: Source, view: View, names: Names, file_name: str) -> None:
    """view: whose mark, where one was picked, narrows what is shown."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = f"Calls: {' · '.join(view.marked)}" if view.marked else "Calls"
        st.subheader(safe_markdown(picked), width="stretch", anchor="calls")
        if view.marked:
            st.button("All calls", icon=":material/filter_list_off:", on_click=let_go)
        st.download_button(
            "CSV",
            lambda: usage_csv(source.events(view.calls, MOST_IN_FILE)),
            file_name,
            icon=":material/download:",
            on_click="ignore",
            help=f"These calls, oldest first; of more than {MOST_IN_FILE:,} the newest.",
        )
    if view.call:
        with say_here():
            event = source.ws.usage_event(view.call)
            detail(event, names, bool(event.focus_group_id) and source.ws.is_session_there(event.id))
    found = _page(source, view)
    shown = found[:SHOWN]
    say_unread(found, "call")
    if not shown:
        st.caption("No calls here.")
        return
    table = event_table(shown, names.of)
    key = f"calls_{view.after}_{hash(view.calls)}"
    st.dataframe(
        table.drop(columns="user") if source.mine else table,
        hide_index=True,
        column_config=usage_columns(),
        key=key,
        on_select=lambda: _open(key, [event.id for event in shown]),
        selection_mode="single-row",
    )
    with st.container(horizontal=True):
        if view.after:
            st.button("Newest", icon=":material/first_page:", on_click=_go, args=("",))
        if len(found) > SHOWN:
            st.button("Older", icon=":material/chevron_right:", on_click=_go, args=(shown[-1].id,))


def detail(event: UsageEvent, names: Names, is_session_there: bool) -> None:
    """All that is on record of one call."""
    tokens, session = event.tokens, event.focus_group_id or ""
    facts = {
        "When": when(event.at).replace(" UTC", f":{event.at:%S} UTC"),
        "What for": FEATURES.get(event.feature, event.feature),
        "Model": event.model,
        "Answered by": event.served.model,
        "Service tier": event.served.tier,
        "User": _with_id(names.of("user", event.user_id), event.user_id),
        "Project": _with_id(names.of("project", event.project_id), event.project_id or ""),
        "Cost": money(event.cost_usd),
        "Cost said by": "the provider" if event.served.cost_usd is not None else "",
        "Prompt tokens": f"{tokens.prompt:,}, of which {tokens.cached:,} cached",
        "Written to a cache": f"{event.served.written:,}" if event.served.written else "",
        "Completion tokens": f"{tokens.completion:,}, of which {tokens.reasoning:,} reasoning",
        "Counted by": "Semblance, as an estimate" if event.estimated else "the provider",
        "Answer took": f"{event.latency_s:.3f} s",
        "Status": event.status,
        "Error": event.error,
        "The provider said": event.provider_said,
        "Task": event.task_id or "",
        "Session": f"deleted session ({session})" if session and not is_session_there else session,
        "Message": "" if event.seq is None else str(event.seq),
        "Call": event.id,
    }
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown("**One call**", width="stretch")
            if is_session_there:
                query = {"id": session, **({} if event.seq is None else {"message": str(event.seq)})}
                label = "Open the session" if event.seq is None else "Open the message"
                st.page_link(page_at("session"), label=label, query_params=query, icon=":material/chat:")
            st.button("Close", icon=":material/close:", type="tertiary", on_click=_close)
        with st.grid(4, min_column_width=200) as grid:
            for label, value in facts.items():
                if value:
                    grid.markdown(f":small[:gray[{label}]]  \n{safe_markdown(value)}")


def _page(source: Source, view: View) -> list[UsageEvent]:
    try:
        return source.events(view.calls, SHOWN + 1, view.after)
    except InvalidInput as gone:
        say(gone)
        return source.events(view.calls, SHOWN + 1)


def _open(key: str, ids: list[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows and rows[0] < len(ids):
        st.query_params["call"] = ids[rows[0]]
    else:
        _close()


def _close() -> None:
    if "call" in st.query_params:
        del st.query_params["call"]


def _go(after: str) -> None:
    _close()
    if after:
        st.query_params["after"] = after
    elif "after" in st.query_params:
        del st.query_params["after"]


def _with_id(name: str, of: str) -> str:
    return name if not of or of in name else f"{name} ({of})"
