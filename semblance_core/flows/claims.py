"""Checks of summaries against the messages: one cheap call a theme, and one for the summary above them."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, wait
from dataclasses import replace

from semblance_core.analysis.claims.sentences import cited
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.claims import Check, Claim
from semblance_core.domain.findings.theme import Code, Theme
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.flows.checkpoints import CheckpointedModel
from semblance_core.flows.requests.checking import VerdictsForm, check_request, judged


def checked_themes(
    group: FocusGroup,
    themes: Sequence[tuple[Theme, Sequence[Code]]],
    lines: Mapping[int, Line],
    ask: CheckpointedModel,
    side_by_side: Executor,
) -> list[Theme]:
    """The themes with each sentence of their summaries checked. A check that fails leaves its sentences unchecked.

    Args:
        group: the session.
        themes: each with the codes that it was formed from.
        lines: what participants said, by number.
        ask: the model; whatever it raises besides `ModelFailed` is raised once nothing is in flight any more.
        side_by_side: where the checks are made.
    """

    def check(theme: Theme, codes: Sequence[Code]) -> Theme:
        own = {said.seq for code in codes for said in code.verbatims} | {said.seq for said in theme.verbatims}
        claims = checked(group, theme.claims, own, lines, ask)
        # A theme's summary tells of participants; nothing in it is about the method.
        strict = (replace(claim, check=Check.INFERRED) if claim.check is Check.NO_CLAIM else claim for claim in claims)
        return replace(theme, claims=tuple(strict))

    calls = [side_by_side.submit(check, theme, codes) for theme, codes in themes]
    try:
        return [call.result() for call in calls]
    finally:
        wait([call for call in calls if not call.cancel()])


def checked(
    group: FocusGroup, claims: Sequence[Claim], seqs: set[int], lines: Mapping[int, Line], ask: CheckpointedModel
) -> tuple[Claim, ...]:
    """The sentences as the model judges them by these messages and those that the sentences cite; unchanged where it fails."""
    shown = [lines[seq] for seq in sorted(seqs.union(*(claim.seqs for claim in claims))) if seq in lines]
    if not claims or not shown:
        return tuple(claims)
    request = check_request(group, claims, shown, ask.room)
    try:
        form = ask.structured(request, VerdictsForm)
    except ModelFailed:
        return tuple(claims)
    return judged(claims, form, {line.seq: line.speaker for line in shown})


def with_claims(summary: str, lines: Mapping[int, Line]) -> tuple[str, tuple[Claim, ...]]:
    """A model's summary without the numbers that it cites, and its sentences with those of them that participants said."""
    text, claims = cited(summary)
    return text, tuple(replace(claim, seqs=tuple(seq for seq in claim.seqs if seq in lines)) for claim in claims)
