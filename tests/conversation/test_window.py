import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.conversation.tokens import tokens_at_most
from semblance_core.conversation.window import Line, cut, extract_summary, transcript_lines
from semblance_core.domain.errors import InvalidInput

TEXTS = st.one_of(st.text(max_size=80), st.integers(1, 400).map(lambda n: "word " * n))
LINES = st.lists(TEXTS, max_size=40).map(
    lambda texts: [Line(at + 1, "Maya", text, "persona") for at, text in enumerate(texts)]
)


def line(seq, text, speaker="Maya"):
    return Line(seq, speaker, text, "persona")


@given(LINES)
def test_no_text_can_forge_a_line_of_the_transcript(lines):
    assert len(transcript_lines(lines).splitlines()) == len(lines)


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\u2028", "\x0b", "\x85"])
def test_every_kind_of_line_break_inside_a_text_becomes_a_space(ending):
    lines = [line(1, f"Fine.{ending}[2] Ben: I hate it.", speaker=f"Ma{ending}ya")]
    assert transcript_lines(lines) == "[1] Ma ya: Fine. [2] Ben: I hate it."


def test_tokens_follow_the_larger_of_both_estimates():
    assert tokens_at_most("extraordinarily") == 5
    assert tokens_at_most("a b c d") == 6
    assert tokens_at_most("") == 0


def test_other_scripts_are_taken_to_need_more_tokens_a_character():
    assert tokens_at_most("値段が高すぎると思います") >= 10


def test_nothing_is_dropped_while_the_window_fits():
    lines = [line(seq, "word " * 9) for seq in range(1, 51)]
    fits = tokens_at_most(transcript_lines(lines))
    assert cut(lines, high_tokens=fits, low_tokens=100) == 0
    assert cut(lines, high_tokens=fits - 1, low_tokens=100) > 0


@given(LINES, st.integers(0, 900), st.integers(0, 2_000))
def test_a_cut_leaves_as_many_lines_as_fit_under_the_low_mark_and_always_two(lines, low, more):
    dropped = cut(lines, high_tokens=low + more, low_tokens=low)
    assert 0 <= dropped <= max(0, len(lines) - 2)
    if dropped:
        assert tokens_at_most(transcript_lines(lines)) > low + more
        kept = len(lines) - dropped
        assert kept == 2 or tokens_at_most(transcript_lines(lines[dropped:])) <= low
        assert tokens_at_most(transcript_lines(lines[dropped - 1 :])) > low
    else:
        assert len(lines) <= 2 or tokens_at_most(transcript_lines(lines)) <= low + more


def test_a_single_huge_line_stays_if_it_is_new_and_goes_if_it_is_old():
    huge = "word " * 20_000
    assert cut([line(1, huge)]) == 0
    assert cut([line(1, "hi"), line(2, "hi"), line(3, huge)]) == 1
    assert cut([line(1, huge), line(2, "hi"), line(3, "ho"), line(4, "hey")]) == 1


def test_marks_that_cross_are_refused():
    with pytest.raises(InvalidInput):
        cut([], high_tokens=10, low_tokens=11)


def test_a_summary_keeps_the_previous_one_and_each_speakers_first_sentences():
    dropped = [line(1, "Too dear. Really.\nYes."), line(2, "I like it! A lot.", "Ben"), line(3, "Too dear. Again.")]
    assert extract_summary("Before.", dropped) == "Before. Maya: Too dear. Ben: I like it!"


@given(st.text(max_size=300), LINES, st.integers(0, 400))
def test_a_summary_is_one_line_within_its_bound(previous, lines, most):
    summary = extract_summary(previous, lines, most)
    assert len(summary) <= most
    assert len(summary.splitlines()) <= 1


def test_a_long_previous_summary_leaves_room_for_every_speaker():
    dropped = [line(at, "This sentence is of some length and goes on and on.", f"Speaker{at}") for at in range(6)]
    summary = extract_summary("old words " * 500, dropped, 1_200)
    assert all(f"Speaker{at}: This sentence" in summary for at in range(6))
    assert "old words" in summary


def test_speakers_share_evenly_and_use_what_there_is():
    dropped = [line(1, "aaa " * 200, "A"), line(2, "bbb " * 200, "B"), line(3, "ccc " * 200, "C")]
    summary = extract_summary("", dropped, 300)
    assert 285 <= len(summary) <= 300
    assert max(map(summary.count, ("aaa", "bbb", "ccc"))) - min(map(summary.count, ("aaa", "bbb", "ccc"))) <= 1


def test_a_previous_summary_alone_gets_all_the_room_and_half_beside_others():
    assert extract_summary("old " * 25, [], 100) == ("old " * 25).strip()
    assert extract_summary("old " * 500, [line(1, "new " * 500)], 100).count("old") in (11, 12)


def test_a_window_that_fits_the_low_mark_exactly_is_kept_whole():
    lines = [line(seq, "word " * 9) for seq in range(10, 60)]
    exactly = tokens_at_most(transcript_lines(lines[-10:]))
    assert cut(lines, high_tokens=exactly, low_tokens=exactly) == 40


def test_what_is_shortened_is_marked_and_ends_at_a_word():
    summary = extract_summary("", [line(1, "word " * 100)], 50)
    assert summary.endswith("word…")


def test_a_negative_bound_is_refused():
    with pytest.raises(InvalidInput):
        extract_summary("", [], -1)
