"""A summary on the screen: what its messages do not say is marked in it, and below it each sentence leads to its messages."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from semblance_core.analysis.claims.told import NOT_CHECKED, Told, counted, to_cut
from semblance_core.domain.findings.claims import Check
from semblance_core.domain.plurals import number
from ui.parts.routes import page_at
from ui.parts.widgets import named_for
from ui.parts.words import Markdown, joined, md

MOST_LINKS = 6
Cut = Callable[[tuple[str, ...]], None]


def summary_text(told: Sequence[Told]) -> None:
    """Draws the sentences as a text, with marks behind those that go beyond the messages."""
    pieces = [md("{}{}{}", each.sentence, _marks(each), _between(each)) for each in told]
    st.markdown(joined("", pieces))


def sources(
    session_id: str,
    told: Sequence[Told],
    key: str,
    cut: Cut | None = None,
    of: str = "of the summary",
    names: Mapping[str, str] | None = None,
) -> None:
    """Draws each sentence with its check and links to its messages, closed at first.

    Args:
        session_id: where messages stand that name no session of their own.
        told: the sentences.
        key: of this summary among all on the page.
        cut: takes the marked sentences, and those that refer to them, out of the summary.
        of: whose summary it is, for the name of the button that cuts.
        names: who was interviewed, by session, where several were analysed together.
    """
    if not told:
        return
    if all(each.is_unchecked for each in told):
        st.caption("Not checked: nobody held these sentences against the messages.")
    beyond = to_cut(told)
    if any(each.seqs for each in told):
        with st.expander("What each sentence rests on"):
            for each in told:
                st.markdown(md("{} {}", each.sentence, _verdict(each)))
                with st.container(horizontal=True):
                    for place, seq in each.places[:MOST_LINKS]:
                        where = {"id": place or session_id, "message": str(seq)}
                        name = (names or {}).get(place)
                        label = md("{}, message {}", name, seq) if name else md("message {}", seq)
                        st.page_link(page_at("session"), label=label, query_params=where)
    if (
        beyond
        and cut
        and st.button(named_for(_cut(told), of), key=f"cut_{key}", type="tertiary", icon=":material/content_cut:")
    ):
        cut(beyond)


def _cut(told: Sequence[Told]) -> Markdown:
    of = counted(told)
    marked = md("Cut {}", number(of.marked, "marked sentence"))
    if not of.leaning:
        return marked
    return md("{} and {} to {}", marked, _referring(of.leaning), "it" if of.marked == 1 else "them")


def _referring(count: int) -> str:
    return "1 that refers" if count == 1 else f"{count} that refer"


def _marks(told: Told) -> Markdown:
    """A count that is borne out is green: it is no inference, whatever the sentence around it is."""
    return joined(
        "",
        (
            md(" :green-badge[{}]", mark) if mark == told.counted else md(" :orange-badge[{}]", mark)
            for mark in told.marks
        ),
    )


def _verdict(told: Told) -> Markdown:
    if told.marks:
        return _marks(told)
    words = {Check.SAID: md(":green-badge[said]"), Check.NO_CLAIM: md(":gray-badge[about the method]")}
    return words.get(told.check, md(":gray-badge[{}]", NOT_CHECKED))


def _between(told: Told) -> Markdown:
    """The spaces behind a sentence; a blank line between paragraphs."""
    return md("\n\n") if told.behind.count("\n") > 1 else md("  \n") if "\n" in told.behind else md(" ")
