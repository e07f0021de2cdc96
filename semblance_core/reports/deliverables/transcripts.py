"""The transcript as JSON and as timed text. Pure."""

import json
from collections.abc import Iterable
from datetime import timedelta
from itertools import groupby

from semblance_core.analysis.scripts import word_count
from semblance_core.reports.deliverables.clean import one_line
from semblance_core.reports.deliverables.content import NOBODY, Deliverable, Line

WORDS_A_MINUTE = 150
"""An assumed pace of speech; nobody spoke, so no time was measured."""
LEAST_S = 1.0
PAUSE_S = 0.4


def transcript_json(content: Deliverable) -> str:
    """Returns what was said as one JSON object, with the method card and the mark."""
    told = {
        "title": content.title,
        "topic": content.topic,
        "synthetic": True,
        "simulated": content.simulated,
        "notice": content.notice,
        "method": dict(content.method),
        "limits": content.limits,
        "messages": [
            {
                "seq": line.seq,
                "role": line.role,
                "speaker": line.speaker,
                "text": line.text,
                "section": line.section,
                "note": line.note,
            }
            for line in content.transcript
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def transcript_vtt(content: Deliverable) -> str:
    """Returns what was said as WebVTT: a cue a message, as long as its words take to say. Durations are estimated, and it says so."""
    head = (
        f"WEBVTT - {_cue_text(content.title)}\n\n"
        f"NOTE\n{_cue_text(NOBODY)}. {_cue_text(content.notice)}\n"
        f"Times are estimated from the words, at {WORDS_A_MINUTE} a minute: nothing was spoken, and nothing was recorded.\n"
    )
    return "\n".join([head, *_cues(content.transcript), ""])


def seconds_of(text: str) -> float:
    """Seconds that a text may take to say.

    >>> seconds_of("one two three four five"), seconds_of("Yes.")
    (2.0, 1.0)
    """
    return max(LEAST_S, round(word_count(text) * 60 / WORDS_A_MINUTE, 3))


def _cues(lines: Iterable[Line]) -> Iterable[str]:
    at = 0.0
    for section, within in groupby(lines, key=lambda line: line.section):
        if section:
            yield f"NOTE {_cue_text(section)}\n"
        for line in within:
            end = at + seconds_of(line.text)
            said = f"<v {_speaker(line.speaker)}>{_cue_text(line.text)}</v>"
            note = f"\n<i>{_cue_text(line.note)}</i>" if line.note else ""
            yield f"{line.seq}\n{_clock(at)} --> {_clock(end)}\n{said}{note}\n"
            at = end + PAUSE_S


def _clock(seconds: float) -> str:
    """
    >>> _clock(3661.5)
    '01:01:01.500'
    """
    whole = timedelta(seconds=int(seconds))
    hours, rest = divmod(int(whole.total_seconds()), 3600)
    return f"{hours:02}:{rest // 60:02}:{rest % 60:02}.{round(seconds % 1 * 1000) % 1000:03}"


def _cue_text(text: str) -> str:
    """The text on one line, so that no empty line ends its cue, and without marks of the format."""
    return one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _speaker(name: str) -> str:
    return _cue_text(name) or "Somebody"
