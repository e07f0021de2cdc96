"""The wizard's field for a ballot: a questionnaire that each participant answers in private before the discussion and after it."""

import streamlit as st

from semblance_core.domain.instruments.ballot import BALLOT_CHARS
from semblance_core.reports.costs import estimate_words
from ui.parts.long_text import long_text
from ui.parts.words import md
from ui.setup.draft import Draft

EXAMPLE = """# Oat milk

## How much do you like the idea?
type: scale
low: not at all
high: very much
anchors: appeal"""


def ballot_field(draft: Draft) -> None:
    """Draws the text and whether a control is put; each is saved with its change."""
    with st.expander("Ballot before and after", icon=":material/how_to_vote:", expanded=bool(draft.set_up.ballot)):
        long_text(
            md("Ballot, as Markdown"),
            key=draft.field("ballot", draft.set_up.ballot),
            keeps=draft.text("ballot"),
            saved=draft.set_up.ballot,
            most=BALLOT_CHARS,
            height=200,
            placeholder=EXAMPLE,
            help="A questionnaire as in Surveys. Each participant answers it in private before the discussion and after it, all "
            "questions in one call. *Findings* shows who moved, and where to. Leave it empty for none.",
            on_change=draft.save_field,
            args=("ballot",),
        )
        draft.say_refused("ballot")
        st.toggle(
            "Put a control, too",
            key=draft.field("ballot_control", draft.set_up.ballot_control),
            help="The same ballot twice to the same participants, without the discussion. Without it nobody can tell a shift of opinion "
            "from the noise of asking again.",
            on_change=draft.save_field,
            args=("ballot_control",),
        )
        draft.say_refused("ballot_control")


def ballots_cost(draft: Draft) -> None:
    """Draws what the ballots of a draft may use, beside the discussion itself; nothing without a ballot."""
    if draft.group and draft.set_up.ballot:
        st.caption(md("Besides: its ballots, about {}.", estimate_words(draft.ws.ballots.estimate(draft.group.id))))
