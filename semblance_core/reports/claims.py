"""Sentences of summaries in files: with the mark that a reader has to see beside what the messages do not say. Pure."""

from collections.abc import Iterable

from semblance_core.analysis.claims.told import Tally, Told
from semblance_core.domain.plurals import number
from semblance_core.reports.escape import escaped_markdown as esc


def in_markdown(told: Iterable[Told]) -> str:
    """Returns the sentences as Markdown, each mark in brackets and italics behind its sentence."""
    return "".join(
        f"{esc(each.sentence)}{''.join(f' *({esc(mark)})*' for mark in each.marks)}{_between(each.behind)}"
        for each in told
    ).strip()


def in_plain(told: Iterable[Told]) -> str:
    """Returns the sentences as plain text, each mark in brackets behind its sentence."""
    return "".join(
        f"{each.sentence}{''.join(f' ({mark})' for mark in each.marks)}{each.behind}" for each in told
    ).strip()


def claim_rows(told: Iterable[Told]) -> list[dict[str, object]]:
    """Returns the sentences as plain JSON values; with the session of each message where several were analysed together."""
    return [
        {
            "sentence": each.sentence,
            "check": each.check.value,
            "marks": list(each.marks),
            "messages": list(each.seqs),
            **({"session_ids": sessions} if any(sessions := [session for session, _ in each.places]) else {}),
        }
        for each in told
    ]


def method_words(counted: Tally) -> str:
    """Returns what the method card says of the sentences; empty where there are none."""
    parts = [
        (counted.said, "said by the messages they rest on"),
        (counted.inferred, "the analyst's inference"),
        (counted.miscounted, "with a count that the quotes do not bear out"),
        (counted.unchecked, "not checked"),
        (counted.leaning, "of them referring to a marked one"),
    ]
    words = ", ".join(f"{count} {what}" for count, what in parts if count)
    total = counted.said + counted.marked + counted.unchecked
    return f"{number(total, 'sentence')} of summaries: {words}" if words else ""


def _between(behind: str) -> str:
    return behind.replace("\n", "  \n") if "\n" in behind else " " if behind else ""
