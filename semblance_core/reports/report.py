"""The report of a session as Markdown: summary, themes, how the talk went, what it cost, and the method card. Pure."""

from collections import Counter
from collections.abc import Sequence

from semblance_core import prompts
from semblance_core.analysis.claims.told import tally, told_of_session, told_of_theme
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.guide import Question
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.discussion.reasons import AS_ASKED, RECORDED
from semblance_core.domain.findings.theme import Findings, Theme
from semblance_core.domain.plurals import number
from semblance_core.domain.usage.events import UsageEvent
from semblance_core.domain.usage.money import money
from semblance_core.reports.beside_people import Compared, TalkProfile, beside_people
from semblance_core.reports.claims import in_markdown, method_words
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
    people = len(group.participants)
    parts = [
        f"# {esc(group.title)}",
        f"> {esc(notice(group))}",
        f"## Summary\n\n{_summary(findings, people) if findings else NO_THEMES}",
        _themes(findings, people),
        _talk(talk(group, messages), *beside_people(group, messages)),
        f"## Cost\n\n{cost_words(events)}",
        method_card(group, messages, findings),
        f"## Discussion guide\n\n{_guide(group)}",
        _written_alone(group, messages),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def method_card(group: FocusGroup, messages: Sequence[Message], findings: Findings | None) -> str:
    """The method in rows, as Markdown for a file."""
    rows = method_rows(group, messages, findings)
    table = "\n".join(f"| {name} | {esc(' '.join(value.split()))} |" for name, value in rows)
    return f"## Method card\n\n| Item | Details |\n|---|---|\n{table}\n\n{LIMITS}"


def method_rows(group: FocusGroup, messages: Sequence[Message], findings: Findings | None) -> list[tuple[str, str]]:
    """Returns the method card: the disclosure that the ICC/ESOMAR code asks for, and facts to weigh the findings by; plain text."""
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
        *([("Recording", _recorded_messages(group))] if group.recorded_through else []),
        *([("Forked", group.fork.in_words)] if group.fork else []),
        *_stand_ins(group, messages),
        ("Prompts", f"version {prompts.version()}"),
        ("Seed", str(group.seed)),
        ("Turns", _turn_policy(group, autonomous, len(people))),
        _how_it_stands(group),
        *_shown_rows(messages),
        *_order_rows(group),
        *([("Language", f"{group.language}, as chosen")] if group.language else []),
        *_alone_rows(messages),
        *_steering_rows(group, messages),
        ("Failed replies", str(status.count(MessageStatus.FAILED))),
        ("Discarded replies", str(status.count(MessageStatus.DISCARDED))),
    ]
    return rows + (_analysis_rows(findings, len(group.participants)) if findings else [])


def _recorded_messages(group: FocusGroup) -> str:
    """Returns in sentences which messages were recorded and which were made here."""
    last = group.recorded_through
    recorded = f"Messages 1–{last} were recorded with a language model; their token counts are estimated."
    return (
        recorded
        if group.next_seq == last + 1
        else f"{recorded} Messages from {last + 1} on were made by {group.model}."
    )


def _shown_rows(messages: Sequence[Message]) -> list[tuple[str, str]]:
    shown = [f"{name} (message {message.seq})" for message in messages for name in message.stimuli]
    return [("Stimuli shown", ", ".join(shown))] if shown else []


def _order_rows(group: FocusGroup) -> list[tuple[str, str]]:
    plan = group.stimulus_plan
    return [("Order of stimuli", plan.in_words)] if plan and plan.placed else []


def _steering_rows(group: FocusGroup, messages: Sequence[Message]) -> list[tuple[str, str]]:
    """Changes to the guide, questions answered in turn, and whispers, as far as there are any."""
    changed = " ".join(change.in_words for change in group.guide_changes)
    in_turn = ", ".join(str(each.seq) for each in messages if each.in_turn and each.role == "moderator")
    whispered = "; ".join(
        f"“{each.text}” by {each.author} after message {each.after_seq}"
        f"{'' if place < group.course.whispers_heard else ' (the session ended before the moderator heard it)'}"
        for place, each in enumerate(group.whispers)
    )
    rows = (
        ("Changes to the guide", changed),
        ("Answered in turn", f"messages {in_turn}: each participant heard the answers before" if in_turn else ""),
        ("Whispers to the moderator", whispered),
    )
    return [(name, words) for name, words in rows if words]


def _analysis_rows(findings: Findings, people: int) -> list[tuple[str, str]]:
    judged = sum(said.sentiment is not None for theme in findings.themes for said in theme.verbatims)
    by_hand = sum(said.by_hand for theme in findings.themes for said in theme.verbatims)
    made = found_by(findings)
    rows = [
        ("Themes", f"found by {made} in messages 1–{findings.through_seq} on {findings.created_at:%Y-%m-%d}"),
        ("Quotes dropped", _dropped(findings.dropped_quotes)),
        *([("Claims", claims)] if (claims := method_words(tally(findings, people))) else []),
    ]
    if judged:
        how = "from lists of words" if findings.simulated else "quote by quote, as it coded"
        rows.append(("Sentiment", f"judged by {made}, {how}; of quotes, not of people"))
    if findings.is_edited:
        rows.append(("Edited", edited_words(findings)))
    if by_hand:
        rows.append(("Picked by hand", f"{number(by_hand, 'quote')}, checked like the others"))
    return rows


def _dropped(quotes: int) -> str:
    """Returns how many of the model's quotes were not kept, and why."""
    if not quotes:
        return "none: each stands in the message cited"
    return f"{quotes}, because {'it is' if quotes == 1 else 'they are'} not in the message cited"


def found_by(findings: Findings) -> str:
    """Returns what found the themes, in words."""
    if findings.model == RECORDED:
        return "a language model, when the study was recorded,"
    return "the built-in simulator" if findings.simulated else findings.model


def edited_words(findings: Findings) -> str:
    """Returns a sentence on who edited the themes and when; empty where nobody did."""
    if not findings.is_edited:
        return ""
    when = f" on {findings.edited_at:%Y-%m-%d}" if findings.edited_at else ""
    last = f"the last time{when} by {findings.editor} (version {findings.version})"
    outdated = " The summary was written before." if findings.summary_is_outdated else ""
    return f"These themes were edited by people, {last}. What the model found is kept beside them.{outdated}"


def _stand_ins(group: FocusGroup, messages: Sequence[Message]) -> list[tuple[str, str]]:
    """Messages that another model gave, because the session's own failed."""
    others = Counter(message.model for message in messages if message.model not in ("", group.model, RECORDED))
    if not others:
        return []
    return [("Stand-ins", ", ".join(f"{number(count, 'message')} by {model}" for model, count in others.most_common()))]


def notice(group: FocusGroup) -> str:
    """That nobody real was asked, in one sentence of plain text."""
    if group.recorded_through:
        return f"Recorded: every participant is synthetic. {_recorded_messages(group)}"
    made = "by Semblance's built-in simulator, without a language model" if group.simulated else f"by {group.model}"
    return f"Simulated: every participant is synthetic, and every answer was made {made}."


def _summary(findings: Findings, people: int) -> str:
    return in_markdown(told_of_session(findings, people))


def _themes(findings: Findings | None, people: int) -> str:
    if not findings:
        return ""
    dropped = (
        f"{number(findings.dropped_quotes, 'quote')} dropped: not in the message cited."
        if findings.dropped_quotes
        else ""
    )
    counted = esc(tally(findings, people).in_words)
    edited = [esc(edited_words(findings))] if findings.is_edited else []
    parts = [*edited, *(_theme(theme, people) for theme in findings.themes), dropped, counted]
    return "## Themes\n\n" + "\n\n".join(part for part in parts if part)


def _theme(theme: Theme, people: int) -> str:
    quotes = "\n".join(
        f"- “{esc(said.quote)}” — {esc(said.speaker)}, message {said.seq}"
        f"{f', {said.sentiment}' if said.sentiment else ''}{', picked by hand' if said.by_hand else ''}"
        for said in theme.verbatims
    )
    summary = in_markdown(told_of_theme(theme, people))
    return "\n\n".join(part for part in (f"### {esc(theme.name)}", summary, quotes) if part.strip())


def _talk(measured: Talk | None, profile: TalkProfile, compared: Sequence[Compared]) -> str:
    if not measured:
        return ""
    words = "\n".join(f"| {esc(name)} | {count} |" for name, count in measured.words.items())
    figures = "\n".join(
        f"| {esc(each.name)} | {each.in_words} | {each.people}: {each.verdict} | {each.place.in_signs} | {esc(each.source)} |"
        for each in compared
    )
    spoken = f"## The talk\n\n| Speaker | Words |\n|---|---:|\n{words}"
    if not compared:  # an interview is not held against groups
        return spoken
    return (
        f"{spoken}\n\n"
        f"| Figure | This session | {profile.words} of people | ▬ people, ● this session | Source |\n|---|---:|---|---|---|\n{figures}\n\n"
        f"Evenness of words (normalised entropy): {measured.evenness:.2f}."
    )


def cost_words(events: Sequence[UsageEvent]) -> str:
    spent = total_spent(events)
    cost = "unknown, because a model's price is not known" if spent.cost_usd is None else money(spent.cost_usd)
    estimated = sum(event.estimated for event in events)
    answered = Counter(event.served.model for event in events if event.served.model)
    others = ", ".join(f"{number(count, 'call')} by {model}" for model, count in answered.most_common())
    return (
        f"{cost} for {number(spent.calls, 'model call')}: {spent.tokens.prompt:,} prompt tokens "
        f"({spent.tokens.cached:,} of them cached) and {spent.tokens.completion:,} completion tokens; "
        f"{number(estimated, 'call')} {'is' if estimated == 1 else 'are'} estimated."
        f"{f' Their providers name what answered: {others}.' if others else ''}"
    )


def _how_it_stands(group: FocusGroup) -> tuple[str, str]:
    """Returns why the session ended; of one that goes on, that it does."""
    goes_on = not group.reason or group.reason in AS_ASKED
    return ("State", f"not ended: {group.state.value}") if goes_on else ("Ended", group.reason_in_words)


def _turn_policy(group: FocusGroup, moderator_turns: int, messages_by_people: int) -> str:
    autonomous = (
        f"{group.course.turns} autonomous turns of at most {group.turn_limit} ({moderator_turns} by the moderator)"
    )
    follow_ups = {Probing.NONE: "no follow-ups", Probing.LIGHT: "one follow-up a question at most"}
    probing = follow_ups.get(group.probing, "two follow-ups a question at most")
    return f"{autonomous}; {probing}; {messages_by_people} messages by a person"


def _question(question: Question) -> str:
    if not question.text.strip():
        return ""
    alone = " (answered alone first)" if question.private else ""
    shows = f" (shows {esc(', '.join(question.shows))})" if question.shows else ""
    probes = "".join(f"\n  - Planned probe: {esc(probe)}" for probe in question.probes)
    return f"- {esc(question.text)}{alone}{shows}{probes}"


def _alone_rows(messages: Sequence[Message]) -> list[tuple[str, str]]:
    count = sum(message.role == "private" and message.status is MessageStatus.SAID for message in messages)
    words = f"{number(count, 'answer')} written alone before the discussion; no other participant's prompt held them"
    return [("Private answers", words)] if count else []


def _written_alone(group: FocusGroup, messages: Sequence[Message]) -> str:
    """The private answers by question; empty where there are none."""
    said = [message for message in messages if message.role == "private" and message.status is MessageStatus.SAID]
    parts = ["## First impressions, written alone"]
    for question in sorted({message.question for message in said if message.question is not None}):
        asked = group.guide.questions[question] if question < len(group.guide.questions) else ""
        answers = [f"- {esc(each.speaker)}: {esc(each.text)}" for each in said if each.question == question]
        parts.append("\n".join([f"### {esc(asked)}", "", *answers]))
    return "\n\n".join(parts) if said else ""


def _guide(group: FocusGroup) -> str:
    if not group.guide.questions:
        return "There was no guide."
    parts = []
    for section in group.guide.sections:
        questions = "\n".join(map(_question, section.asked))
        parts += [esc(section.heading), questions]
    return "\n\n".join(part for part in parts if part.strip())
