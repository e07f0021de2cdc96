"""The calls behind figures, a page at a time, with all of one call, and as a file."""

import streamlit as st

from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.events import UsageEvent
from semblance_core.domain.usage.money import money
from semblance_core.reports.exports import usage_csv
from semblance_core.reports.frames import FEATURES, event_table
from ui.parts.charts import usage_columns
from ui.parts.routes import page_at
from ui.parts.words import errors_inline, md, safe_markdown, show_error, warn_unread, when
from ui.usage.address import Names, View
from ui.usage.charts import clear_selection
from ui.usage.reading import Source

SHOWN = 50
MOST_IN_FILE = 100_000


def calls(source: Source, view: View, names: Names, file_name: str) -> None:
    """view: whose mark, where one was picked, narrows what is shown."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = f"Calls: {' · '.join(view.marked)}" if view.marked else "Calls"
        st.subheader(safe_markdown(picked), width="stretch", anchor="calls")
        if view.marked:
            st.button("All calls", icon=":material/filter_list_off:", on_click=clear_selection)
        st.download_button(
            "CSV",
            lambda: usage_csv(source.events(view.calls, MOST_IN_FILE)),
            file_name,
            icon=":material/download:",
            on_click="ignore",
            help=f"These calls, oldest first; at most the newest {MOST_IN_FILE:,}.",
        )
    if view.call:
        with errors_inline():
            event = source.ws.usage.call(view.call)
            detail(event, names, bool(event.focus_group_id) and source.ws.usage.is_session_there(event.id))
    found = _page(source, view)
    shown = found[:SHOWN]
    warn_unread(found, "call")
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
        "Purpose": FEATURES.get(event.feature, event.feature),
        "Model": event.model,
        "Answered by": event.served.model,
        "Service tier": event.served.tier,
        "User": _with_id(names.of("user", event.user_id), event.user_id),
        "Project": _with_id(names.of("project", event.project_id), event.project_id or ""),
        "Cost": money(event.cost_usd),
        "Cost reported by": "the provider" if event.served.cost_usd is not None else "",
        "Prompt tokens": f"{tokens.prompt:,}, of which {tokens.cached:,} cached",
        "Cache writes": f"{event.served.written:,}" if event.served.written else "",
        "Completion tokens": f"{tokens.completion:,}, of which {tokens.reasoning:,} reasoning",
        "Counted by": "Semblance, as an estimate" if event.estimated else "the provider",
        "Response time": f"{event.latency_s:.3f} s",
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
            for name, value in facts.items():
                if value:
                    grid.markdown(md(":small[:gray[{}]]  \n{}", name, value))


def _page(source: Source, view: View) -> list[UsageEvent]:
    try:
        return source.events(view.calls, SHOWN + 1, view.after)
    except InvalidInput as gone:
        show_error(gone)
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
