"""Studies that were recorded with a language model, kept in the repository, so that a demo needs neither key nor time.

Each folder holds one: `study.json`, `guide.md`, in `stimuli` the texts that participants were shown, if any, and in the form of
the product's own exports `personas.json`, `transcript.jsonl` and `themes.json`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from semblance_core.analysis.scripts import word_count
from semblance_core.conversation.turn_policy import Turn, recounted
from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.guide import Guide, parse_guide
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.discussion.reasons import RECORDED
from semblance_core.domain.discussion.shows import placing
from semblance_core.domain.findings.claims import Check, Claim
from semblance_core.domain.findings.theme import Findings, Sentiment, Theme, Verbatim
from semblance_core.domain.personas.persona import BigFive, Persona
from semblance_core.domain.times import parse_utc
from semblance_core.domain.usage.events import TokenCounts, is_simulated

FOLDERS = ("commuters", "breakfast", "heating", "debt")
"""The recordings that are there, in the order in which they are offered."""
RECORDED_ORIGIN = "recorded"


@dataclass(frozen=True, slots=True)
class ShownText:
    """A text that participants were shown: the file's name and its words."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Recording:
    """A recorded study as it stands in its folder.

    Attributes:
        name: Its folder.
        words: What it is about, in a sentence.
        brief: What its people were recruited from.
        messages: The transcript; its times are those of the recording.
        findings: The themes; they name no session yet.
        stimuli: The texts that were shown, in their order.
    """

    name: str
    title: str
    words: str
    topic: str
    brief: str
    guide: Guide
    participants: tuple[Persona, ...]
    messages: tuple[Message, ...]
    findings: Findings
    seed: int
    turn_limit: int
    stimuli: tuple[ShownText, ...] = ()

    def session(
        self,
        group_id: str,
        project_id: str,
        owner_id: str,
        model: str,
        people: dict[str, Persona],
        at: datetime,
        shown: Sequence[Asset] = (),
    ) -> FocusGroup:
        """The session that the recording becomes, open for moderating on.

        Args:
            model: Answers what is asked from here on.
            people: The recording's ids of participants → the project's personas.
            at: When it is loaded; its messages keep the recording's times.
            shown: The recording's stimuli as the session's own.
        """
        turns = [
            Turn(each.seq, people[each.persona_id].id, each.question, word_count(each.text), True)
            for each in self.messages
            if each.persona_id and each.role == "persona"
        ]
        state = DiscussionState(
            question=len(self.guide.questions) - 1,
            turns=sum(message.role != "private" for message in self.messages),
            stimuli_shown=len(shown),
        )
        return FocusGroup(
            id=group_id,
            project_id=project_id,
            owner_id=owner_id,
            title=self.title,
            topic=self.topic,
            guide=self.guide,
            participants=tuple(people[person.id] for person in self.participants),
            model=model,
            turn_limit=self.turn_limit,
            seed=self.seed,
            created_at=at,
            state=FocusGroupState.MODERATED,
            reason="guide_covered",
            next_seq=len(self.messages) + 1,
            course=recounted(state, turns),
            updated_at=at,
            recorded_through=len(self.messages),
            stimuli=tuple(asset.id for asset in shown),
            stimulus_plan=placing(self.guide, shown)[0],
            simulated=is_simulated(model),
        )

    def messages_of(self, group: FocusGroup, people: dict[str, Persona]) -> list[Message]:
        """The transcript as messages of that session."""
        return [
            replace(
                each,
                focus_group_id=group.id,
                persona_id=people[each.persona_id].id if each.persona_id else None,
            )
            for each in self.messages
        ]

    def findings_of(self, group: FocusGroup) -> Findings:
        """The themes as findings of that session."""
        return replace(self.findings, focus_group_id=group.id)

    @property
    def lasted(self) -> timedelta:
        """Time from the first message to the last, when it was recorded."""
        return self.messages[-1].at - self.messages[0].at


def recordings() -> tuple[Recording, ...]:
    """All recorded studies."""
    return tuple(map(recording, FOLDERS))


@cache
def recording(name: str) -> Recording:
    """The recorded study of that folder; raises `FileNotFoundError` where there is none."""
    folder = files("semblance_core.recordings") / name

    def text(file: str) -> str:
        return (folder / file).read_text(encoding="utf-8")

    study = json.loads(text("study.json"))
    brief = study["brief"]
    return Recording(
        name=name,
        title=study["title"],
        words=study["words"],
        topic=study["topic"],
        brief=brief,
        guide=parse_guide(text("guide.md")),
        participants=tuple(_persona(values, brief) for values in json.loads(text("personas.json"))),
        messages=tuple(_message(json.loads(line)) for line in text("transcript.jsonl").splitlines()),
        findings=_findings(json.loads(text("themes.json"))),
        seed=study["seed"],
        turn_limit=study["turn_limit"],
        stimuli=_stimuli(folder / "stimuli"),
    )


def _stimuli(folder: Traversable) -> tuple[ShownText, ...]:
    if not folder.is_dir():
        return ()
    there = sorted(folder.iterdir(), key=lambda file: file.name)
    return tuple(ShownText(file.name, file.read_text(encoding="utf-8")) for file in there)


def _persona(values: dict[str, Any], brief: str) -> Persona:
    known: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    traits = BigFive(**known.pop("big_five"))
    return Persona(**known, big_five=traits, origin=RECORDED_ORIGIN, source_brief=brief)


def _message(values: dict[str, Any]) -> Message:
    is_generated = values["feature"] != "guide"
    return Message(
        focus_group_id="",
        seq=values["seq"],
        role=values["role"],
        speaker=values["speaker"],
        text=values["text"],
        status=MessageStatus.SAID,
        feature=values["feature"],
        at=parse_utc(values["at"]),
        persona_id=values["persona_id"],
        question=values["question"],
        stimuli=tuple(values.get("stimuli", ())),
        model=RECORDED if is_generated else "",
        tokens=TokenCounts(values["prompt_tokens"], values["cached_tokens"], values["completion_tokens"]),
    )


def _findings(values: dict[str, Any]) -> Findings:
    return Findings(
        focus_group_id="",
        themes=tuple(
            Theme(theme["name"], theme["summary"], tuple(map(_verbatim, theme["verbatims"])), _claims(theme))
            for theme in values["themes"]
        ),
        summary=values["summary"],
        dropped_quotes=values["dropped_quotes"],
        dropped_themes=values["dropped_themes"],
        model=RECORDED,
        prompts_version=RECORDED,
        through_seq=values["through_message"],
        created_at=parse_utc(values["found_at"]),
        claims=_claims(values),
    )


def _claims(values: dict[str, Any]) -> tuple[Claim, ...]:
    """The checked sentences of a summary; none in studies that were recorded before sentences were checked."""
    told = values.get("claims", ())
    return tuple(Claim(each["sentence"], Check(each["check"]), tuple(each["messages"])) for each in told)


def _verbatim(values: dict[str, Any]) -> Verbatim:
    sentiment = values["sentiment"]
    return Verbatim(values["seq"], values["speaker"], values["quote"], Sentiment(sentiment) if sentiment else None)
