"""A project as a card in the list of all."""

import streamlit as st

from semblance_core.domain.accounts.project import ProjectOverview
from semblance_core.domain.discussion.reasons import RECORDING_WORDS
from semblance_core.domain.plurals import number
from semblance_core.domain.times import utc_now
from ui.parts.routes import page_at
from ui.parts.words import ago, md, safe_markdown, shortened, when
from ui.usage.totals import cost_words

NAME_SHOWN, AIM_SHOWN = 32, 180


def card(overview: ProjectOverview, *, is_open: bool = False) -> None:
    """Draws name, aim and figures; the name leads to the project. is_open: whether the sidebar shows it."""
    project = overview.project
    with st.container(border=True, height="stretch", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.page_link(
                page_at("projects"),
                label=md("**{}**", shortened(project.name, NAME_SHOWN)),
                icon=":material/folder:",
                query_params={"id": project.id},
                help=safe_markdown(project.name) if len(project.name) > NAME_SHOWN else None,
            )
            if is_open:
                st.badge("Open", color="green")
            if overview.recorded:
                st.badge("recorded", color="violet", help=safe_markdown(RECORDING_WORDS))
        if project.aim:
            st.markdown(safe_markdown(shortened(" ".join(project.aim.split()), AIM_SHOWN)))
        else:
            st.caption("No aim yet")
        facts = [number(overview.personas, "persona"), number(overview.sessions, "focus group")]
        others = {"interview round": overview.interviews, "survey": overview.surveys, "panel": overview.panels}
        facts += [number(count, what) for what, count in others.items() if count]
        st.caption(
            md(
                "{}  \nCost {} · last activity {}",
                " · ".join(facts),
                cost_words(overview.used),
                ago(overview.active_at, utc_now()),
            ),
            help=md("Last activity {}", when(overview.active_at)),
        )
