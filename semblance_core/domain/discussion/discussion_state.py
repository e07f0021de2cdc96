"""The state of a discussion: all that its next turn needs, so that a turn's cost does not grow with the transcript."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class SpeakerStats:
    """Totals of one participant for turn taking. last_seq: 0 while silent."""

    words: int = 0
    turns: int = 0
    last_seq: int = 0


@dataclass(frozen=True, slots=True)
class DiscussionState:
    """State of a discussion: all that the next turn needs, so that its cost does not grow with the transcript.

    question: index of the guide's question under discussion, -1 before the first. question_turns: participants' turns under it, without
    those that answer a person's own question; answered: whose these are, newest last, empty in sessions from before it was kept; allotted:
    how many it is given, 0 for what the guide gives it; probes: follow-ups on it; planned_put: places of the planned ones among them in the
    guide's question, from 0; section_probes: follow-ups in the section. closing: the moderator has asked what was missed; thanks: the words
    that end the session then, empty for none and once they are said. asked_next: id of the participant whom the moderator's last message
    asks; empty for all. turns: messages of the autonomous discussion so far. persona_turns: turns of participants in any mode. extra_calls:
    model calls of the autonomous discussion besides those. section_from: seq of the question that opened the section under discussion.
    window_from: first seq that prompts still quote; summary stands for what was before. stimuli_shown: how many of the session's stimuli
    participants have been shown. reached: highest index of a question that was put before the moderator went back; it counts where it is
    above `question`. whispers_heard: how many whispers the moderator was told of. followed: ids of those whom the moderator followed up on
    or invited, as often as that was, oldest first; empty in sessions from before it was kept. asked_all_at: turns under the question when a
    follow-up was put to everybody, 0 where the last one was not. speakers: persona ids of the last turns, newest last; floors: by persona
    id.
    """

    question: int = -1
    question_turns: int = 0
    allotted: int = 0
    probes: int = 0
    planned_put: tuple[int, ...] = ()
    section_probes: int = 0
    closing: bool = False
    thanks: str = ""
    asked_next: str = ""
    turns: int = 0
    persona_turns: int = 0
    extra_calls: int = 0
    section_from: int = 0
    window_from: int = 1
    summary: str = ""
    failures_in_a_row: int = 0
    stimuli_shown: int = 0
    reached: int = -1
    whispers_heard: int = 0
    followed: tuple[str, ...] = ()
    asked_all_at: int = 0
    speakers: tuple[str, ...] = ()
    floors: dict[str, SpeakerStats] = field(default_factory=dict)
    answered: tuple[str, ...] = ()

    @property
    def heard(self) -> tuple[str, ...]:
        """The persona ids of the turns under the question, newest last."""
        return self.answered or (self.speakers[-self.question_turns :] if self.question_turns else ())
