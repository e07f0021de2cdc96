"""The report of a session as Markdown: summary, themes, how the talk went, what it cost, and the method card. Pure."""

from collections import Counter
from collections.abc import Callable, Sequence

from semblance_core import prompts
from semblance_core.domain.focus_group import FocusGroup, Message, MessageStatus
from semblance_core.domain.money import money
from semblance_core.domain.theme import Findings, Theme
from semblance_core.domain.usage import UsageEvent
from semblance_core.reports.escape import escaped_markdown as esc
from semblance_core.reports.exports import total_spent
from semblance_core.reports.talk import Talk, talk

NO_THEMES = "No themes were extracted."
LIMITS = (
    "Limits: synthetic participants show a range of views, not how common they are. They vary too little, agree too "
    "much, and flatten subgroups. Make no claim of incidence from them, and check what matters with people."
)


def report_markdown(
    group: FocusGroup, messages: Sequence[Message], findings: Findings | None, events: Sequence[UsageEvent]
) -> str:
    """The whole report; text from people and models is escaped."""
    parts = [
        f"# {esc(group.title)}",
        f"> {esc(notice(group))}",
        f"## Summary\n\n{esc(findings.summary) if findings else NO_THEMES}",
        _themes(findings),
        _talk(talk(group, messages)),
        _cost(events),
        method_card(group, messages, findings),
        f"## Discussion guide\n\n{_guide(group)}",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def method_card(
    group: FocusGroup, messages: Sequence[Message], findings: Findings | None, escape: Callable[[str], str] = esc
) -> str:
    """The method in rows, as Markdown. escape: makes text harmless for where it is shown, if that takes more than in a file."""
    rows = method_rows(group, messages, findings)
    table = "\n".join(f"| {name} | {escape(' '.join(value.split()))} |" for name, value in rows)
    return f"## Method card\n\n| | |\n|---|---|\n{table}\n\n{LIMITS}"


def method_rows(group: FocusGroup, messages: Sequence[Message], findings: Findings | None) -> list[tuple[str, str]]:
    """What the ICC/ESOMAR code asks to be disclosed, and what else a reader needs to weigh the findings; plain text."""
    status = [message.status for message in messages]
    people = [message for message in messages if message.author_id]
    origins = sorted({person.origin for person in group.participants})
    autonomous = sum(message.feature in ("guide", "moderate") for message in messages)
    rows = [
        (
            "Participants",
            f"{len(group.participants)} synthetic personas ({', '.join(origins) or 'none'}); nobody real was asked",
        ),
        ("Model", f"{group.model}{' (the built-in simulator, not a language model)' if group.simulated else ''}"),
        *_stand_ins(group, messages),
        ("Prompts", f"version {prompts.version()}"),
        ("Seed", str(group.seed)),
        ("Turns", _turn_policy(group, autonomous, len(people))),
        ("Ended", group.reason_in_words or f"It has not ended; its state is {group.state.value}."),
        *_shown_rows(messages),
        ("Failed replies", str(status.count(MessageStatus.FAILED))),
        ("Discarded replies", str(status.count(MessageStatus.DISCARDED))),
    ]
    return rows + (_analysis_rows(findings) if findings else [])


def _shown_rows(messages: Sequence[Message]) -> list[tuple[str, str]]:
    shown = [f"{name} (message {message.seq})" for message in messages for name in message.stimuli]
    return [("Stimuli shown", ", ".join(shown))] if shown else []


def _analysis_rows(findings: Findings) -> list[tuple[str, str]]:
    judged = sum(said.sentiment is not None for theme in findings.themes for said in theme.verbatims)
    by_hand = sum(said.by_hand for theme in findings.themes for said in theme.verbatims)
    made = "the built-in simulator" if findings.simulated else findings.model
    rows = [
        ("Themes", f"found by {made} in messages 1–{findings.through_seq} on {findings.created_at:%Y-%m-%d}"),
        ("Quotes dropped", f"{findings.dropped_quotes}, because they are not in the message cited"),
    ]
    if judged:
        how = "from lists of words" if findings.simulated else "quote by quote, as it coded"
        rows.append(("Sentiment", f"judged by {made}, {how}; of quotes, not of people"))
    if findings.is_edited:
        rows.append(("Edited", edited_words(findings)))
    if by_hand:
        rows.append(("Picked by hand", f"{by_hand} quotes, checked against their messages like the others"))
    return rows


def edited_words(findings: Findings) -> str:
    """Who edited the themes and when, as a sentence; empty where nobody did."""
    if not findings.is_edited:
        return ""
    when = f" on {findings.edited_at:%Y-%m-%d}" if findings.edited_at else ""
    last = f"the last time{when} by {findings.editor} (version {findings.version})"
    return f"These themes were edited by people, {last}. What the model found is kept beside them."


def _stand_ins(group: FocusGroup, messages: Sequence[Message]) -> list[tuple[str, str]]:
    """Messages that another model gave, because the session's own failed."""
    others = Counter(message.model for message in messages if message.model not in ("", group.model))
    if not others:
        return []
    return [("Stand-ins", ", ".join(f"{count} messages by {model}" for model, count in others.most_common()))]


def notice(group: FocusGroup) -> str:
    """That nobody real was asked, in one sentence of plain text."""
    made = "by Semblance's built-in simulator, without a language model" if group.simulated else f"by {group.model}"
    return f"Simulated: every participant is synthetic, and every answer was made {made}."


def _themes(findings: Findings | None) -> str:
    if not findings:
        return ""
    dropped = f"{findings.dropped_quotes} quotes were dropped, because they are not in the message they cite."
    edited = [esc(edited_words(findings))] if findings.is_edited else []
    return "## Themes\n\n" + "\n\n".join([*edited, *map(_theme, findings.themes), dropped])


def _theme(theme: Theme) -> str:
    quotes = "\n".join(
        f"- “{esc(said.quote)}” — {esc(said.speaker)}, message {said.seq}"
        f"{f', {said.sentiment}' if said.sentiment else ''}{', picked by hand' if said.by_hand else ''}"
        for said in theme.verbatims
    )
    return "\n\n".join(part for part in (f"### {esc(theme.name)}", esc(theme.summary), quotes) if part.strip())


def _talk(measured: Talk | None) -> str:
    if not measured:
        return ""
    words = "\n".join(f"| {esc(name)} | {count} |" for name, count in measured.words.items())
    form = measured.texture
    return (
        f"## The talk\n\n| Speaker | Words |\n|---|---:|\n{words}\n\n"
        f"Speaker balance: Gini {measured.balance:.2f} (human groups .10–.32), evenness {measured.evenness:.2f}. "
        f"Turns under 25 words: {form.share_short:.0%} (human 34%). Turns that name a peer: {form.share_naming_peer:.0%} "
        f"(human 8%). Turns that ask: {form.share_asking:.0%} (human 21%). Median turn: {form.median_words:.0f} words."
    )


def _cost(events: Sequence[UsageEvent]) -> str:
    return f"## Cost\n\n{cost_words(events)}"


def cost_words(events: Sequence[UsageEvent]) -> str:
    spent = total_spent(events)
    cost = "unknown, because a model's price is not known" if spent.cost_usd is None else money(spent.cost_usd)
    estimated = sum(event.estimated for event in events)
    answered = Counter(event.served.model for event in events if event.served.model)
    others = ", ".join(f"{count} calls by {model}" for model, count in answered.most_common())
    return (
        f"{cost} for {spent.calls} model call{'' if spent.calls == 1 else 's'}: {spent.tokens.prompt:,} prompt tokens "
        f"({spent.tokens.cached:,} of them cached) and {spent.tokens.completion:,} completion tokens; "
        f"{estimated} calls are estimated."
        f"{f' Their providers name what answered: {others}.' if others else ''}"
    )


def _turn_policy(group: FocusGroup, moderator_turns: int, messages_by_people: int) -> str:
    autonomous = (
        f"{group.course.turns} autonomous turns of at most {group.turn_limit} ({moderator_turns} by the moderator)"
    )
    return f"{autonomous}; {messages_by_people} messages by a person"


def _guide(group: FocusGroup) -> str:
    if not group.guide.questions:
        return "There was no guide."
    parts = []
    for section in group.guide.sections:
        questions = "\n".join(f"- {esc(question)}" for question in section.questions if question.strip())
        parts += [esc(section.title), questions]
    return "\n\n".join(part for part in parts if part.strip())
