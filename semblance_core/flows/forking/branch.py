"""Makes a branch of a session: its set-up, its transcript up to a message, and the state that the discussion had there."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from semblance_core.analysis.scripts import word_count
from semblance_core.conversation.turn_policy import Turn, recounted
from semblance_core.conversation.window import cut, extract_summary
from semblance_core.domain.discussion.discussion_state import DiscussionState
from semblance_core.domain.discussion.focus_group import TITLE_CHARS, FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.discussion.moderation.fork import Fork
from semblance_core.domain.discussion.shows import StimulusPlan
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.instruments.ballot import Wave
from semblance_core.domain.usage.events import TokenCounts
from semblance_core.flows.discussion.compaction import SUMMARY_CHARS
from semblance_core.flows.requests.replies import lines_of
from semblance_core.store.ids import new_id
from semblance_core.store.store import Store

COUNTED = (MessageStatus.SAID, MessageStatus.FAILED)
MESSAGE_CHARS = 4_000


def forked_at(group: FocusGroup, messages: Sequence[Message], seq: int) -> Message:
    """The message that a fork begins at; raises in words where none can.

    Raises:
        InvalidInput: there is no such message, it has no words, or the session is an interview.
        Conflict: a reply up to there is still awaited.
    """
    if group.is_interview:
        raise InvalidInput("An interview is not forked: it belongs to its round.")
    here = next((message for message in messages if message.seq == seq), None)
    if here is None or here.status is not MessageStatus.SAID:
        raise InvalidInput(f"Message {seq} has no words to fork from.")
    if any(message.status is MessageStatus.PENDING for message in messages if message.seq <= seq):
        raise Conflict("Replies up to this message are still awaited; wait for them, then fork.")
    return here


def edited_words(text: str) -> str:
    """The words that stand in a message's place; raises `InvalidInput` where they are too many."""
    if len(text.strip()) > MESSAGE_CHARS:
        raise InvalidInput(f"A message has 1–{MESSAGE_CHARS:,} characters.")
    return text.strip()


def make_branch(
    group: FocusGroup, messages: Sequence[Message], fork: Fork, text: str, seed: int, store: Store, at: datetime
) -> FocusGroup:
    """Writes a branch, which waits for a question or to be let run; nothing is asked.

    Copies of messages have no cost: that stays with the other session, where it was made. Ballots from before the discussion
    and of the control are the branch's too, because nothing that differs was heard before them.

    Args:
        group: the session that is forked.
        messages: its transcript.
        fork: where and how.
        text: the words in place of the last copied message's; empty to keep those.
        seed: of the branch.
        store: where it goes.
        at: the time.

    Raises:
        NotFound: the project is gone.
    """
    branch_id, own = new_id(), dict[str, str]()
    for asset in map(store.assets.prepared, store.assets.of(group)):
        own[asset.id] = new_id()
        words = "" if asset.is_picture else store.assets.text(asset.id)
        sent = store.assets.picture(asset.id).content if asset.is_picture else b""
        copied = replace(asset, id=own[asset.id], focus_group_id=branch_id, created_at=at)
        store.assets.put(copied, store.assets.original(asset.id), words, sent)
    kept = [_copy(message, branch_id) for message in messages if message.seq <= fork.kept]
    if text and kept:
        kept[-1] = replace(kept[-1], text=text)
    branch = replace(
        group,
        id=branch_id,
        title=_title(group.title, fork),
        seed=seed,
        state=FocusGroupState.MODERATED,
        reason="",
        reason_detail="",
        estimate=None,
        paused_at=None,
        pausing=False,
        needs_usd=None,
        needs_tokens=0,
        next_seq=fork.kept + 1,
        epoch=0,
        pending=0,
        course=state_at(group, kept),
        stimuli=tuple(own[asset_id] for asset_id in group.stimuli if asset_id in own),
        stimulus_plan=_plan(group.stimulus_plan, own),
        created_at=at,
        updated_at=at,
        ended_at=None,
        lost=0,
        alone_from=fork.kept + 1,
        alone_until=0,
        recorded_through=min(group.recorded_through, fork.kept),
        version=0,
        edits={},
        queued=(),
        themes_with="",
        whispers=(),
        fork=fork,
    )
    store.focus_groups.add(branch, kept)
    for asset_id in own.values():
        store.assets.keep(asset_id)
    for cast in store.ballots.casts(group.id):
        if cast.wave is not Wave.AFTER:
            store.ballots.keep(branch, cast, cast.at or at)
    return branch


def state_at(group: FocusGroup, kept: Sequence[Message]) -> DiscussionState:
    """The state that the discussion had once these messages were said, counted from them."""
    put = [each for each in kept if each.role == "moderator" and each.question is not None]
    question = put[-1].question if put else None
    now = -1 if question is None else question
    before, lines = group.course, lines_of(kept)
    same = before.question == now
    first, summary = before.window_from, before.summary
    last = kept[-1].seq if kept else 0
    if first > last:  # notes of what was said later would tell what this branch has not heard
        first, summary = 1, ""
    quoted = [line for line in lines if line.seq >= first]
    if drop := cut(quoted):
        summary = extract_summary(summary, quoted[:drop], SUMMARY_CHARS)
        first = quoted[drop].seq
    sections = [place for place, each in enumerate(group.guide.sections) for _ in each.questions]
    opened = [each.seq for each in put if _section(sections, each.question) == _section(sections, now)]
    counted = DiscussionState(
        question=now,
        allotted=before.allotted if same else 0,
        turns=min(before.turns, last),
        probes=before.probes if same else 0,
        planned_put=before.planned_put if same else (),
        extra_calls=min(before.extra_calls, last),
        section_from=opened[0] if opened else 0,
        window_from=first,
        summary=summary,
        stimuli_shown=min(before.stimuli_shown, sum(len(each.stimuli) for each in kept)),
        reached=max((each.question or 0 for each in put), default=-1),
    )
    turns = [
        Turn(
            each.seq,
            each.persona_id,
            each.question,
            word_count(each.text),
            each.status is MessageStatus.SAID,
            each.is_beside,
        )
        for each in kept
        if each.persona_id and each.role == "persona" and each.status in COUNTED
    ]
    return recounted(counted, turns)


def _section(sections: Sequence[int], question: int | None) -> int:
    """The place of a question's section; −1 where the guide has no such question."""
    return sections[question] if question is not None and 0 <= question < len(sections) else -1


def _copy(message: Message, branch_id: str) -> Message:
    return replace(message, focus_group_id=branch_id, tokens=TokenCounts(), cost_usd=Decimal(0), attempts=0, epoch=0)


def _plan(plan: StimulusPlan | None, own: dict[str, str]) -> StimulusPlan | None:
    if plan is None:
        return None
    placed = (replace(each, asset_id=own[each.asset_id]) for each in plan.placed if each.asset_id in own)
    return replace(plan, placed=tuple(placed))


def _title(title: str, fork: Fork) -> str:
    ending = f" · from {fork.seq}, branch {fork.branch}"
    return f"{title[: TITLE_CHARS - len(ending)].rstrip()}{ending}"
