"""A session's page as Streamlit runs it."""

from semblance_core.bootstrap import Semblance
from tests.pages.conftest import Visit
from tests.studies import session


def test_the_line_to_ask_in_outlives_the_end_where_it_was_watched_and_is_not_there_for_who_comes_later(
    visit: Visit, semblance: Semblance
) -> None:
    """With it gone, Streamlit puts up the whole page anew; with it there, a page opens at its end."""
    workspace = semblance.workspace("user")
    group = session(workspace, 2)
    watched = visit("user", "session", id=group.id)
    assert [line.disabled for line in watched.chat_input] == [False]
    workspace.end(group.id)
    assert [(line.disabled, line.placeholder) for line in watched.run().chat_input] == [
        (True, "This session has ended")
    ]
    later = visit("user", "session", id=group.id)
    assert not later.exception
    assert list(later.chat_input) == []
