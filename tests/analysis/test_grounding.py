from datetime import UTC, datetime
from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from semblance_core.analysis.grounding import exact_quote, is_grounded
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.theme import Verbatim

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = "Honestly, I can't justify £5.99 – it’s “premium” in name only… ½ of my\nfriends agree."


def message(text=TEXT, seq=4, speaker="Maya Rao", role="persona", status=MessageStatus.SAID):
    return Message("g", seq, role, speaker, text, status, "reply", NOW)


def grounded(quote, speaker="Maya Rao", seq=4, **given):
    return is_grounded(Verbatim(seq, speaker, quote), {4: message(**given)})


@pytest.mark.parametrize(
    "quote",
    [
        "I can't justify £5.99",
        "I CAN’T justify",
        '“it\'s "premium" in name only”',
        "'it's'",
        "½ of my friends agree.",
        "in name only...",
        TEXT,
    ],
)
def test_a_quote_is_found_whatever_its_case_spaces_and_typography(quote):
    assert grounded(quote)


def test_a_quote_absent_from_the_message_is_not_grounded():
    assert not grounded("I can justify £5.99")


@pytest.mark.parametrize("quote", ["", "   ", "…", "“”", "'", "–"])
def test_a_quote_without_a_word_is_not_grounded(quote):
    assert not grounded(quote)


@pytest.mark.parametrize(
    "quote", ["I can", "justify £5", "99", "riends agree", "onestly", "t justify", "2 of my friends"]
)
def test_a_quote_that_cuts_a_word_or_a_number_is_not_grounded(quote):
    assert not grounded(quote)


def test_a_quote_that_first_occurs_inside_a_word_is_found_where_it_stands_alone():
    assert grounded("art", text="The party was art.")


@pytest.mark.parametrize("quote", ["Honestly... in name only", "I can't … my friends"])
def test_an_ellipsis_does_not_stand_for_words_left_out(quote):
    assert not grounded(quote)


def test_a_quote_cited_from_another_message_is_not_grounded():
    assert not grounded("friends agree", seq=5)


def test_a_quote_given_to_another_speaker_is_not_grounded():
    assert not grounded("friends agree", speaker="Ben Cole")
    assert grounded("friends agree", speaker=" maya  rao ")


def test_the_moderators_words_are_no_verbatim():
    assert not grounded("friends agree", role="moderator")


@pytest.mark.parametrize("status", [MessageStatus.PENDING, MessageStatus.FAILED, MessageStatus.DISCARDED])
def test_what_was_not_said_cannot_be_quoted(status):
    assert not grounded("friends agree", status=status)


def test_a_quote_is_given_back_as_the_message_spells_it():
    quote = exact_quote(Verbatim(4, "maya rao", '"IT\'S "premium" in name only... ½ of my friends"'), {4: message()})
    assert quote == Verbatim(4, "Maya Rao", "it’s “premium” in name only… ½ of my\nfriends")


def test_a_quote_that_is_not_grounded_has_no_exact_form():
    with pytest.raises(InvalidInput, match="Message 4 does not hold this quote of Maya Rao"):
        exact_quote(Verbatim(4, "Maya Rao", "I love it"), {4: message()})


LETTERS = st.characters(categories=["Lu", "Ll", "Lo", "Nd"], exclude_characters="ŉ").filter(
    lambda c: normalize("NFKC", c).isalnum()
)
MARKED = st.tuples(LETTERS, st.sampled_from(["", "\u0301", "\u0308", "\u093f"])).map("".join)
PIECES = st.lists(st.lists(MARKED, min_size=1, max_size=4).map("".join), min_size=1, max_size=8)


@given(PIECES, st.sampled_from([" ", "\n ", "\u00a0", " – ", "… ", ", “"]), st.integers(0, 7), st.integers(1, 8))
@example(["ﬁne", "½", "각", "e\u0301", "ΐ", "ΑΣ", "ß"], " ", 0, 7)
def test_whole_words_of_any_script_are_grounded_and_keep_their_spelling(pieces, joint, start, length):
    said = joint.join(pieces)
    quote = joint.join(pieces[start % len(pieces) :][:length])
    exact = exact_quote(Verbatim(4, "Maya Rao", normalize("NFKC", quote)), {4: message(text=said)})
    assert exact.quote == quote


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_grounded_has_an_exact_form_inside_the_message(text, quote):
    cited = {4: message(text=text)}
    verbatim = Verbatim(4, "Maya Rao", quote)
    if is_grounded(verbatim, cited):
        assert exact_quote(verbatim, cited).quote in text
