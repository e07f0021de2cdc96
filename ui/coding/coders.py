"""Agreement of two coders of a session, a person and a model among them, and the turns on which they do not agree."""

from collections.abc import Sequence

import streamlit as st

from semblance_core.analysis.agreement.codings import Agreement
from semblance_core.analysis.agreement.coefficients import Coefficient
from semblance_core.domain.coding.codebook import PlacedCode
from semblance_core.domain.coding.codings import Coding
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.plurals import number
from semblance_core.workspace import Workspace
from ui.coding.swatch import path_words
from ui.parts.routes import page_at
from ui.parts.words import Markdown, joined, md, told_apart

MOST_SHOWN = 30
MEASURES = (
    (md("Cohen's κ"), "kappa"),
    (md("Gwet's AC1"), "ac1"),
    (md("Krippendorff's α"), "alpha"),
    (md("Positive agreement"), "positive"),
)


def coders_box(ws: Workspace, group: FocusGroup, codes: Sequence[PlacedCode], codings: Sequence[Coding]) -> None:
    """The box; nothing where fewer than two coded."""
    coders = told_apart({coding.made.key: coding.made.words for coding in codings})
    if len(coders) < 2:
        return
    with st.expander("Agreement of coders", icon=":material/balance:"):
        keys = list(coders)
        with st.container(horizontal=True):
            one = st.selectbox("One coder", keys, format_func=coders.__getitem__, key=f"coder_one_{group.id}")
            rest = [key for key in keys if key != one]
            other = st.selectbox("The other", rest, format_func=coders.__getitem__, key=f"coder_other_{group.id}")
        found = ws.coding.agreement(group.id, one or keys[0], other or rest[0])
        names = {each.code.id: path_words(each) for each in codes}
        heads = joined(" | ", (md("Code"), *(label for label, _ in MEASURES), md("Turns with it")))
        rows = [_row(md("**All codes**"), found.overall)]
        rows += [_row(md("{}", _cell(names.get(code, "–"))), measured) for code, measured in found.by_code.items()]
        st.markdown(md("| {} |\n|---|---:|---:|---:|---:|---:|\n{}", heads, joined("\n", rows)))
        st.caption("Unit: a participant's turn × a code that either of them gave. Characters are never counted.")
        if found.disagreements:
            st.markdown(md("##### {}", number(len(found.disagreements), "disagreement")))
        for each in found.disagreements[:MOST_SHOWN]:
            with st.container(horizontal=True, vertical_alignment="center"):
                where = {"id": group.id, "message": str(each.seq)}
                st.page_link(page_at("session"), label=f"message {each.seq}", query_params=where)
                by = ", ".join(coders.get(key, key) for key in each.marked_by)
                st.markdown(md("**{}**: only by {}", names.get(each.code, "–"), by), width="stretch")
        if len(found.disagreements) > MOST_SHOWN:
            st.caption(md("The first {} are shown.", MOST_SHOWN))


def _row(name: Markdown, measured: Agreement) -> Markdown:
    figures = joined(" | ", (_figure(getattr(measured, field)) for _, field in MEASURES))
    return md("| {} | {} | {} |", name, figures, measured.marked)


def _figure(measure: Coefficient) -> Markdown:
    return md("not defined") if measure.value is None else md("{:.2f}", measure.value)


def _cell(text: str) -> str:
    return " ".join(text.split())
