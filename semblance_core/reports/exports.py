"""A session as files: JSON, JSON lines, CSV. Pure: values in, text out."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from semblance_core.analysis.claims.told import tally, told_of_session, told_of_theme
from semblance_core.domain.accounts.audit_log import AuditEntry
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.findings.theme import Findings, Verbatim
from semblance_core.domain.personas.persona import LIST_FIELDS, TRAITS, Persona, as_values
from semblance_core.domain.usage.events import Spent, UsageEvent
from semblance_core.reports.claims import claim_rows
from semblance_core.reports.escape import safe_cell

BYTE_ORDER_MARK = "\ufeff"


def as_row(persona: Persona) -> dict[str, Any]:
    """The persona as plain JSON values, in the form that an import reads."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in as_values(persona).items()}


def personas_json(personas: Sequence[Persona]) -> str:
    return _json([{"id": persona.id, **as_row(persona)} for persona in personas])


def personas_csv(personas: Sequence[Persona]) -> str:
    """One row a persona, traits in columns of their own, lists joined with semicolons; `read_personas` reads it back."""
    rows = []
    for persona in personas:
        row = as_row(persona)
        row |= {name: _joined(row[name]) for name in LIST_FIELDS}
        traits = row.pop("big_five")
        rows.append({**row, **{trait: traits[trait] if persona.states_traits else "" for trait in TRAITS}})
    names = list(rows[0]) if rows else ["name"]
    return csv_text(names, rows)


def template_csv() -> str:
    """A table to fill in: the columns that an import reads, and one row to show how."""
    example = Persona(
        *("Maya Rao", 34, "woman", "Leeds", "nurse", "university", "couple with one child", "middle"),
        values=("thrift", "calm"),
        goals=("cook at home more often",),
        frustrations=("packs that do not reseal",),
        media_habits=("podcasts on the way to work",),
        tech_comfort="orders groceries by phone",
        shopping_habits="One large shop on Saturdays, what is missing on the way home.",
        brands=("Oatly",),
        way_of_speaking="short sentences, dry humour",
        quote="If it splits in my coffee, I am not buying it again.",
        backstory="Works shifts, shares the cooking, and plans the week on Sundays.",
    )
    header, row, *_ = csv.reader(io.StringIO(personas_csv([example]).removeprefix(BYTE_ORDER_MARK)))
    columns = [at for at, name in enumerate(header) if name not in ("origin", "source_brief", "simulated")]
    return csv_text([header[at] for at in columns], [{header[at]: row[at] for at in columns}])


def transcript_jsonl(messages: Iterable[Message]) -> str:
    """One message a line, in order."""
    return "".join(json.dumps(_message_row(message), ensure_ascii=False) + "\n" for message in messages)


def transcript_csv(messages: Iterable[Message]) -> str:
    """One row a message, in order."""
    rows = [{**row, "stimuli": _joined(row["stimuli"])} for row in map(_message_row, messages)]
    return csv_text(list(rows[0]) if rows else ["seq"], rows)


def themes_json(findings: Findings | None, people: int = 0) -> str:
    """The themes with their quotes, and what a reader has to know of them: by which model, simulated or not, edited or not, and
    what of the summaries nobody said. people: how many take part; 0 where that is not known, and counts are not held against it."""
    if findings is None:
        return _json({"themes": []})
    return _json(
        {
            "simulated": findings.simulated,
            "model": findings.model,
            "found_at": findings.created_at.isoformat(),
            "through_message": findings.through_seq,
            "edited": findings.is_edited,
            "edited_by": findings.editor,
            "edited_at": findings.edited_at.isoformat() if findings.edited_at else None,
            "version": findings.version,
            "dropped_quotes": findings.dropped_quotes,
            "dropped_themes": findings.dropped_themes,
            "marked_sentences": (counted := tally(findings, people)).marked,
            "unchecked_sentences": counted.unchecked,
            "summary": findings.summary,
            "claims": claim_rows(told_of_session(findings, people)),
            "themes": [
                {
                    "name": theme.name,
                    "summary": theme.summary,
                    "claims": claim_rows(told_of_theme(theme, people)),
                    "participants_quoted": len(theme.speakers),
                    "verbatims": [_verbatim_row(said) for said in theme.verbatims],
                }
                for theme in findings.themes
            ],
        }
    )


def _verbatim_row(said: Verbatim) -> dict[str, Any]:
    """The quote's fields; its session only where several were analysed together."""
    return {name: value for name, value in asdict(said).items() if name != "session_id" or value}


def themes_csv(findings: Findings | None, people: int = 0) -> str:
    """One row a quote, with its theme. people: as for `themes_json`."""
    names = [
        *("theme", "definition", "not_said", "not_checked", "participants_quoted", "message", "speaker", "quote"),
        *("sentiment", "picked_by_hand"),
    ]
    rows = [
        {
            "theme": theme.name,
            "definition": theme.summary,
            "not_said": " ".join(each.sentence for each in told if each.is_marked),
            "not_checked": sum(each.is_unchecked for each in told),
            "participants_quoted": len(theme.speakers),
            "message": said.seq,
            "speaker": said.speaker,
            "quote": said.quote,
            "sentiment": said.sentiment,
            "picked_by_hand": said.by_hand,
            "edited": findings.is_edited,
            "model": findings.model,
            "simulated": findings.simulated,
        }
        for theme in (findings.themes if findings else ())
        for told in (told_of_theme(theme, people),)
        for said in theme.verbatims
        if findings
    ]
    return csv_text([*names, "edited", "model", "simulated"], rows)


def usage_csv(events: Iterable[UsageEvent]) -> str:
    """One row a call, oldest first; an unknown cost is an empty cell."""
    names = [
        *("id", "at", "user_id", "project_id", "focus_group_id", "task_id", "feature", "model", "prompt_tokens"),
        *(
            "cached_tokens",
            "completion_tokens",
            "reasoning_tokens",
            "cost_usd",
            "latency_s",
            "status",
            "estimated",
            "error",
        ),
        *("answered_by", "service_tier", "cache_written_tokens"),
    ]
    rows = [
        {
            **{name: getattr(event, name) for name in names if hasattr(event, name)},
            "at": event.at.isoformat(),
            "prompt_tokens": event.tokens.prompt,
            "cached_tokens": event.tokens.cached,
            "completion_tokens": event.tokens.completion,
            "reasoning_tokens": event.tokens.reasoning,
            "cost_usd": None if event.cost_usd is None else format(event.cost_usd, "f"),
            "latency_s": f"{event.latency_s:.3f}",
            "answered_by": event.served.model,
            "service_tier": event.served.tier,
            "cache_written_tokens": event.served.written or None,
        }
        for event in sorted(events, key=lambda event: event.at)
    ]
    return csv_text(names, rows)


AUDIT_COLUMNS = ("at", "actor", "action", "about", "owner", "details", "outcome", "words")


def audit_row(entry: AuditEntry, said: Mapping[str, str]) -> dict[str, Any]:
    """An entry of the audit log by column. said: what operations are called, by their names."""
    return {
        "at": entry.at,
        "actor": entry.actor_id,
        "action": said.get(entry.action, entry.action),
        "about": entry.about,
        "owner": entry.owner_id,
        "details": "; ".join(entry.details),
        "outcome": entry.outcome.value,
        "words": entry.words,
    }


def audit_csv(entries: Iterable[AuditEntry], said: Mapping[str, str]) -> str:
    """One row an action, as they come."""
    rows = [audit_row(entry, said) | {"at": entry.at.isoformat()} for entry in entries]
    return csv_text(AUDIT_COLUMNS, rows)


def total_spent(events: Iterable[UsageEvent]) -> Spent:
    """Returns the sum of the calls; its cost is None where any call's cost is unknown."""
    return sum((Spent(event.tokens, event.cost_usd, 1) for event in events), Spent())


def as_number(usd: Decimal | None) -> float | None:
    """US dollars as a JSON number; a nano-dollar is exact in it up to millions of dollars."""
    return None if usd is None else float(usd)


def _joined(items: Sequence[str]) -> str:
    """A list as one cell: items with semicolons between them, or as JSON where that could not be told apart again."""
    if any(mark in item for item in items for mark in ',;["'):
        return json.dumps(items, ensure_ascii=False)
    return "; ".join(items)


def _message_row(message: Message) -> dict[str, Any]:
    return {
        "seq": message.seq,
        "role": message.role,
        "speaker": message.speaker,
        "persona_id": message.persona_id,
        "text": message.text,
        "status": message.status.value,
        "feature": message.feature,
        "model": message.model,
        "prompt_tokens": message.tokens.prompt,
        "cached_tokens": message.tokens.cached,
        "completion_tokens": message.tokens.completion,
        "cost_usd": as_number(message.cost_usd),
        "at": message.at.isoformat(),
        "question": message.question,
        "in_turn": message.in_turn,
        "stimuli": list(message.stimuli),
        "quoted_message": message.quote.seq if message.quote else None,
        "quoted_text": message.quote.text if message.quote else "",
        "error": message.error,
        "simulated": message.simulated,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def csv_text(names: Sequence[str], rows: Sequence[dict[str, Any]]) -> str:
    """The rows as CSV with a byte order mark, by which Excel tells UTF-8 from the code page of its country."""
    out = io.StringIO()
    out.write(BYTE_ORDER_MARK)
    writer = csv.writer(out, lineterminator="\r\n")  # as RFC 4180 has it; so a carriage return in a cell is quoted
    writer.writerow(names)
    writer.writerows([safe_cell(row.get(name)) for name in names] for row in rows)
    return out.getvalue()
