"""Operations on sessions (focus groups): setting up, listing, moderating, letting them run, watching."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.accounts.project import copy_name
from semblance_core.domain.discussion.focus_group import TITLE_CHARS, FocusGroup, FocusGroupState
from semblance_core.domain.discussion.message import Message
from semblance_core.domain.discussion.session_list import SessionPage, SessionRow, SessionSearch
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.instruments.ballot import kept_ballot
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.domain.usage.events import QuotaStatus, Spent, UsageEvent, is_simulated
from semblance_core.flows.attach import copy_stimuli
from semblance_core.flows.delete import delete_session
from semblance_core.flows.discussion import moderate
from semblance_core.flows.discussion.converse import speaking
from semblance_core.flows.queued import check_askable
from semblance_core.workspace.bounds import room_for_session
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.estimates import discussion_estimate, quota_status, round_estimate
from semblance_core.workspace.news import News
from semblance_core.workspace.posting import posted
from semblance_core.workspace.session_config import (
    CONFIG_FIELDS,
    SessionConfig,
    checked_ballot,
    config_of,
    drafted,
    identified,
    joined_participants,
)
from semblance_core.workspace.starting import let_run
from semblance_core.workspace.subjects import focus_group, focus_group_id, project, signed_in

DISCUSSION = ("reply", "moderate", "summarise_window")
LONGEST_SEARCH = 200
PersonaIds = Sequence[str] | None


class Sessions(Operations):
    @changes(project, "Set up a focus group", action="create_focus_group")
    def create(self, project: Project, set_up: SessionConfig) -> FocusGroup:
        """Sets up a session: a draft in the project."""
        return self._added(project, set_up, self._context.known_model(set_up.model))

    @changes(focus_group, "Changed a focus group's set-up", action="change_focus_group")
    def change(self, group: FocusGroup, set_up: SessionConfig, base: SessionConfig | None = None) -> FocusGroup:
        """Changes the set-up of a draft.

        Args:
            group: the session; callers hand over its id.
            set_up: the set-up as it is wanted.
            base: the set-up as it was read. Fields that others changed since then stay theirs where `set_up` has them as `base`
                has. Without it, the version of `set_up` tells whether others changed something, and one without a version
                replaces whatever is there.

        Returns:
            The session as it is now.

        Raises:
            Conflict: the session has begun.
            EditConflict: somebody else changed the same fields since `base`.
        """
        groups, wanted = self._store.focus_groups, {name: getattr(set_up, name) for name in CONFIG_FIELDS}
        wanted |= {"title": set_up.title.strip(), "topic": set_up.topic.strip()}
        wanted |= {"participants": identified(set_up.participants), "model": self._context.known_model(set_up.model)}
        wanted |= {"ballot": kept_ballot(set_up.ballot)}

        def write(group: FocusGroup, changed: Collection[str]) -> bool:
            if {"ballot", "model"} & set(changed):
                checked_ballot(group.ballot, group.model)
            after = replace(group, simulated=is_simulated(group.model), updated_at=self._clock())
            return groups.set_up(after, changed)

        made_from, joins = set_up.version if base is None else base, {"participants": joined_participants}
        first, group_id = _check_draft(group), group.id
        self._edited(first, lambda: _check_draft(groups.get(group_id)), write, wanted, made_from, CONFIG_FIELDS, joins)
        return groups.get(group_id)

    @changes(focus_group, "Duplicated a focus group", action="duplicate_focus_group")
    def duplicate(self, group: FocusGroup) -> FocusGroup:
        """A draft with the same set-up, without anything that was said, in the same project.

        It keeps a model that is allowed no longer, until another one is chosen: it cannot be started before.
        """
        title = copy_name(group.title, TITLE_CHARS)
        copied = self._added(
            self._store.projects.get(group.project_id), replace(config_of(group), title=title), group.model
        )
        copy_stimuli(group, copied, self._store.assets, self._clock())
        return self._store.focus_groups.get(copied.id)

    @changes(focus_group_id, "Deleted a focus group", action="delete_focus_group")
    def delete(self, group_id: str) -> None:
        """Ends all work on a session and removes it with its messages, themes and stimuli; what it cost stays on record."""
        delete_session(self._store, group_id, self._clock)

    @reads(focus_group)
    def get(self, group: FocusGroup) -> FocusGroup:
        """The session as it is now."""
        return group

    @reads(project)
    def of_project(self, project: Project) -> list[FocusGroup]:
        """The project's sessions, newest first; interviews are not among them (`interviews.of_project`)."""
        found = self._store.focus_groups.of_project(project.id)
        return found.instead(group for group in found if not group.is_interview)

    @reads(project)
    def page(
        self, project: Project, search: SessionSearch | None = None, *, skip: int = 0, limit: int = 12
    ) -> SessionPage:
        """The sessions that the search finds (all, without one) as a list shows them, from number `skip` on, at most `limit` of them."""
        return self._store.session_lists.page(project.id, search or SessionSearch(), skip, limit)

    @reads(signed_in)
    def recent(self, limit: int = 5) -> Sequence[SessionRow]:
        """The sessions of all of the actor's projects that were last worked on, the newest first."""
        return self._store.session_lists.recent(self._actor.id, limit)

    @reads(signed_in)
    def used_models(self) -> list[str]:
        """The models of the actor's own sessions, in the order of the alphabet."""
        return self._store.session_lists.models(self._actor.id)

    @changes(focus_group, "Put a message to participants", action="post_message")
    def post(
        self,
        group: FocusGroup,
        text: str,
        to: PersonaIds = None,
        *,
        queues: bool = False,
        unless_named: bool = False,
        question: int | None = None,
        quote: int | None = None,
        in_turn: bool = False,
        key: str = "",
    ) -> FocusGroup:
        """Puts a moderator's message to participants and wakes up a worker, which gets the replies.

        Args:
            group: the session; callers hand over its id. One that ended by itself is opened again.
            text: 1–4,000 characters.
            to: ids of the participants that are asked; None asks those named with @ in the text (@all: everyone), else all.
            question: index of the guide's question that is put, in whatever words; None finds it by the text.
            queues: while participants answer or discuss, the message waits until they have, instead of being refused.
            unless_named: `to` counts only where the text names nobody with @.
            quote: number of an earlier message that this one quotes.
            in_turn: those asked answer one after the other, and hear the answers before theirs; else all at once.
            key: the question's own, made by who asks; the same question sent again is not taken twice.

        Returns:
            The session with the message and a pending reply for each participant asked, or with the message in its queue.

        Raises:
            Conflict: stimuli are being read, replies are awaited, or too many sessions run or questions wait.
            InvalidInput: the text is empty or too long, a picture has no description for a model that cannot see, the guide
                shows stimuli that are not there, a person ended the session, a name is misspelt, or the quote has no words.
            QuotaExceeded: nothing of the owner's quota is left.
        """
        how = {"queues": queues, "unless_named": unless_named, "question": question, "quote": quote, "key": key}
        return posted(self._context, self._actor, group, text, to, in_turn=in_turn, **how)  # type: ignore[arg-type]

    @changes(focus_group, "Took back a question that waited", action="take_back_question")
    def take_back(self, group: FocusGroup, question_id: str) -> None:
        """Takes a question out of the queue; raises `Conflict` where it was asked meanwhile."""
        if not self._store.focus_groups.queue.remove(group.id, question_id):
            raise Conflict("This question was asked just now, or taken back already.")

    @changes(focus_group, "Put a message to participants that could not be put before", action="ask_queued")
    def ask_queued(self, group: FocusGroup, question_id: str) -> None:
        """Lets a question that could not be asked when it was its turn wait for it again; raises what `post` raises."""
        check_askable(group, self._actor, self._store, self._gateway, self._clock())
        with room_for_session(self._context, group):
            if not self._store.focus_groups.queue.again(group.id, question_id):
                raise Conflict(
                    "This question cannot be asked now: it is gone, or the session has ended or runs by itself."
                )
        self._context.engine.submit("focus_group", group.id)

    @reads(focus_group)
    def failed_lately(self, group: FocusGroup) -> list[Message]:
        """The replies to the last question that failed, in order."""
        return moderate.failed_lately(group, self._store.focus_groups)

    @changes(focus_group, "Asked for a reply again", action="retry_reply", logs=("seq",))
    def retry(self, group: FocusGroup, seq: int | None = None) -> None:
        """Asks again for a reply that failed; None asks for all that failed to the last question."""
        with room_for_session(self._context, group):
            moderate.retry(group, seq, self._store.focus_groups)
        self._context.engine.submit("focus_group", group.id)

    @changes(focus_group, "Let a discussion run", action="start_autonomous")
    def start(self, group: FocusGroup) -> None:
        """Lets the discussion run by itself from where it stands; raises `Conflict` while stimuli are still being read."""
        let_run(self._context, self._actor, group)

    @changes(focus_group_id, "Paused a discussion", action="pause")
    def pause(self, group_id: str) -> None:
        """Lets the turn under way be said, and then pauses the discussion; `stop` would discard it."""
        if not self._store.focus_groups.running.pause(group_id):
            raise Conflict("This discussion is not running, so there is nothing to pause.")

    @changes(focus_group_id, "Stopped a discussion", action="stop")
    def stop(self, group_id: str) -> None:
        """Stops a running discussion, or replies under way; a reply that comes late is discarded, its cost kept."""
        self._store.focus_groups.stop(group_id, self._clock(), reason="stopped")

    @changes(focus_group_id, "Ended a session", action="end")
    def end(self, group_id: str) -> None:
        """Ends a session; `reopen` opens it again."""
        self._store.focus_groups.stop(group_id, self._clock(), reason="ended_by_user", ended=True)

    @changes(focus_group_id, "Reopened a session", action="reopen")
    def reopen(self, group_id: str) -> None:
        """Opens a session that has ended, so that one can ask more."""
        if not self._store.focus_groups.open_again(group_id, self._clock()):
            raise Conflict("This session has not ended, so there is nothing to reopen.")

    @changes(focus_group_id, "Ended a session whose guide was covered", action="finish_guide")
    def finish_guide(self, group_id: str) -> None:
        """Ends a moderated session whose questions were all put."""
        self._store.focus_groups.stop(group_id, self._clock(), reason="guide_covered", ended=True)

    @reads(focus_group_id)
    def messages(self, group_id: str, first: int = 1, last: int | None = None) -> list[Message]:
        """Messages from `first` through `last` in order; without `last`, all from `first` on."""
        return self._store.focus_groups.messages(group_id, first=first, last=last)

    @reads(focus_group)
    def news(self, group: FocusGroup, after: int, open_seqs: Sequence[int] = ()) -> News:
        """The session now, its messages after that one, and those of `open_seqs`, which were awaited, as they are now."""
        messages = self._store.transcripts.news(group.id, after, open_seqs)
        return News(group, tuple(messages), speaking(group, self._store.focus_groups))

    @reads(focus_group_id)
    def search_messages(self, group_id: str, text: str, limit: int = 50) -> list[Message]:
        """Messages that hold the text, whatever its case, in order."""
        wanted = text.strip()
        if not 1 <= len(wanted) <= LONGEST_SEARCH:
            raise InvalidInput(f"Search for 1–{LONGEST_SEARCH} characters.")
        return self._store.transcripts.search(group_id, wanted, limit)

    @reads(focus_group_id)
    def calls(self, group_id: str) -> list[UsageEvent]:
        """Every model call made for this session, newest first."""
        found = self._store.usage.events(focus_group_id=group_id)
        return found.instead(event.for_researchers() for event in found)

    @reads(focus_group_id, sums=True)
    def quota(self, group_id: str) -> QuotaStatus:  # noqa: ARG002 - its owner was found by its rule
        """The use of the session's owner this month, on whose account it counts, and the quota."""
        return quota_status(self._context, self._found.owner_id or "")

    @reads(focus_group_id, sums=True)
    def spent(self, group_id: str) -> Spent:
        """The tokens and cost of the session's calls so far."""
        return self._store.usage.spent(focus_group_id=group_id)

    @reads(focus_group, sums=True)
    def discussion_spent(self, group: FocusGroup) -> Spent | None:
        """The use of the autonomous discussion since it was estimated, to compare; None where it never was."""
        if group.estimate is None:
            return None
        return self._store.usage.spent(
            since=group.estimate.at, until=group.paused_at, features=DISCUSSION, focus_group_id=group.id
        )

    @reads(focus_group, sums=True)
    def estimate_discussion(self, group: FocusGroup) -> Estimate:
        """Forecasts the use of the rest of an autonomous discussion."""
        return discussion_estimate(self._context, group)

    @reads(focus_group, sums=True)
    def estimate_round(self, group: FocusGroup, people: int | None = None, *, in_turn: bool = False) -> Estimate:
        """Forecasts the use of one question to so many participants; None asks all. in_turn: they hear one another."""
        return round_estimate(self._context, group, people, in_turn=in_turn)

    def _added(self, project: Project, set_up: SessionConfig, model: str) -> FocusGroup:
        group = drafted(project, set_up, model, self._clock())
        self._store.focus_groups.add(group)
        return group


def _check_draft(group: FocusGroup) -> FocusGroup:
    if group.state is not FocusGroupState.DRAFT:
        raise Conflict("This session has started, so its set-up can no longer be changed.")
    return group
