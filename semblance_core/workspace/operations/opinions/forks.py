"""Operations on forks: branches of a session from any message on, and reading them side by side."""

from dataclasses import dataclass

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.discussion.moderation.fork import MOST_BRANCHES, Fork
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.flows.discussion.moderate import checked_text
from semblance_core.flows.forking.branch import edited_words, forked_at, make_branch
from semblance_core.flows.queued import check_askable
from semblance_core.flows.simulated import check_words
from semblance_core.workspace.bounds import room_for_sessions
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.estimates import branches_estimate
from semblance_core.workspace.posting import posted
from semblance_core.workspace.subjects import focus_group


@dataclass(frozen=True, slots=True)
class Branches:
    """A session and its branches at one message.

    common: the last messages that all of them share; after: what each says from there on, at most 200 messages.

    groups: the session itself first.
    """

    common: tuple[Message, ...]
    groups: tuple[FocusGroup, ...]
    after: tuple[tuple[Message, ...], ...]


SHOWN_COMMON, MOST_SHOWN = 3, 200
"""Messages that are read of what is common, and of each branch."""


class Forks(Operations):
    @reads(focus_group, sums=True)
    def estimate(self, group: FocusGroup, branches: int = 1) -> Estimate:
        """Forecasts the use of the next question in so many branches."""
        return branches_estimate(self._context, group, _checked(branches))

    @changes(focus_group, "Forked a session", action="fork", logs=("seq",))
    def fork(
        self, group: FocusGroup, seq: int, *, instead: str = "", ask: str = "", branches: int = 1
    ) -> list[FocusGroup]:
        """Makes branches of a session from one of its messages on, each with a seed of its own.

        Args:
            group: the session; callers hand over its id. It stays as it is.
            seq: number of the message, up to which the transcript is copied.
            instead: other words in its place; a moderator's message is put to everybody in these words, and answered anew.
            ask: the question to put next in each branch; empty, and the branches wait to be asked or let run.
            branches: how many, at most 12.

        Returns:
            The branches; those that were asked something answer already.

        Raises:
            InvalidInput: the message has no words, or what is to be said or asked cannot be.
            Conflict: replies up to the message are awaited, or too many sessions run.
            QuotaExceeded: nothing of the owner's quota is left.
        """
        messages = self._store.focus_groups.messages(group.id, last=seq)
        here, words = forked_at(group, messages, seq), edited_words(instead)
        is_question = bool(words) and here.role == "moderator"
        question = words if is_question else (checked_text(ask) if ask.strip() else "")
        if is_question and ask.strip():
            raise InvalidInput(
                "A question in other words is put already; ask another one in the branch, once it is answered."
            )
        if question:
            check_words(group, question)
        kept = seq - 1 if is_question else seq
        number = _checked(branches)
        earlier = len(self._store.forks.of(group, seq))
        made = []
        with room_for_sessions(self._context, group.owner_id, number if question else 0) as check:
            check()
            for branch in range(1, number + 1):
                fork = Fork(
                    *(group.id, group.title, seq, kept, earlier + branch, bool(words)),
                    replaced=here.text if words else "",
                    asked=question,
                )
                seed = group.seed + earlier + branch
                kept_words = "" if is_question else words
                made.append(make_branch(group, messages, fork, kept_words, seed, self._store, self._clock()))
            if question:
                check_askable(made[0], self._actor, self._store, self._gateway, self._clock())
        at = here.question if is_question else None
        return [posted(self._context, self._actor, each, question, question=at) for each in made] if question else made

    @reads(focus_group)
    def branches(self, group: FocusGroup, seq: int = 0) -> list[FocusGroup]:
        """The session's branches, at this message or, with 0, at any; in the order of their making."""
        return self._store.forks.of(group, seq)

    @reads(focus_group)
    def side_by_side(self, group: FocusGroup, seq: int) -> Branches:
        """The session and its branches at this message: the last messages in common, then what each says after them."""
        found = self._store.forks.of(group, seq)
        groups = self._store.focus_groups
        kept = min((each.fork.kept for each in found if each.fork), default=seq)
        edits = any(each.fork and each.fork.edited for each in found)
        common = kept - 1 if edits and kept == seq else kept
        shared = groups.messages(group.id, first=max(1, common - SHOWN_COMMON + 1), last=common) if common else []
        every = (group, *found)
        after = tuple(tuple(groups.messages(each.id, first=common + 1, last=common + MOST_SHOWN)) for each in every)
        return Branches(tuple(shared), every, after)


def _checked(branches: int) -> int:
    if not 1 <= branches <= MOST_BRANCHES:
        raise InvalidInput(f"A fork makes 1 to {MOST_BRANCHES} branches.")
    return branches
