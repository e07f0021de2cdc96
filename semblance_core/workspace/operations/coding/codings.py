"""Operations that code a session's messages: giving spans codes, taking them back, confirming what a model gave."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from semblance_core.analysis.agreement.coders import between_coders
from semblance_core.analysis.agreement.codings import CodersAgreement
from semblance_core.analysis.grounding import placed_quote
from semblance_core.documents.qda.reader import read_qda
from semblance_core.domain.coding.changes import added, changed, removed
from semblance_core.domain.coding.codebook import check_room
from semblance_core.domain.coding.codings import Coding, check_codings, checked_span, coded_message
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import InvalidInput, NotFound
from semblance_core.domain.plurals import number
from semblance_core.domain.task import Task
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.engine.tasks.code_session import KIND, Request
from semblance_core.engine.tasks.stored import to_stored
from semblance_core.flows.simulated import TALK_READ, check_talk
from semblance_core.reports.coding.taking_in import Here, TakenIn, taken_in
from semblance_core.reports.talk import said_by_participants
from semblance_core.store.ids import new_id
from semblance_core.workspace.bounds import room_for_task
from semblance_core.workspace.declarations import changes, reads
from semblance_core.workspace.estimates import coding_estimate
from semblance_core.workspace.operations.coding.writing import CodingOperations
from semblance_core.workspace.subjects import focus_group, focus_group_id


class SessionCoding(CodingOperations):
    @reads(focus_group)
    def of_session(self, group: FocusGroup) -> list[Coding]:
        """The session's codings by anybody and any model, by message and place."""
        return self._store.codings.of_session(group.id)

    @changes(focus_group, "Coded a message", action="code_message", logs=("seq",))
    def give(
        self,
        group: FocusGroup,
        seq: int,
        code_ids: Sequence[str],
        *,
        start: int | None = None,
        end: int | None = None,
        words: str = "",
    ) -> list[Coding]:
        """Gives a span of a message one or several codes.

        Args:
            group: the session; callers hand over its id.
            seq: the message's number.
            code_ids: codes of the project's codebook; one that the actor gave this span already is left out.
            start, end: the span in characters of the message's text, the end excluded; None for what `words` say.
            words: the words of the span, as they stand in the message; empty for the whole message.

        Returns:
            The codings that were added.

        Raises:
            NotFound: there is no such message or code.
            InvalidInput: the span or the words do not stand in the message, or it says nothing yet.
        """
        messages = self._store.focus_groups.messages(group.id, first=seq, last=seq)
        message = coded_message({each.seq: each for each in messages}, seq)
        if start is not None and end is not None:
            span = checked_span(message.text, start, end)
        elif words.strip():
            span = placed_quote(words, message.text)
        else:
            span = checked_span(message.text, 0, len(message.text))
        codes = {code.id: code for code in self._store.codings.codes(group.project_id)}
        if unknown := set(code_ids) - codes.keys():
            raise NotFound(f"There is no such code in this project's codebook: {', '.join(sorted(unknown))[:80]}.")
        there = self._store.codings.of_session(group.id)
        check_codings(len(there) + len(code_ids))
        me, taken = self._me(), {coding.place for coding in there}
        given = [
            Coding(new_id(), group.project_id, group.id, seq, *span, code_id, me) for code_id in dict.fromkeys(code_ids)
        ]
        new = [coding for coding in given if coding.place not in taken]
        names = ", ".join(f"“{codes[coding.code_id].name}”" for coding in new)
        self._write(group.project_id, f"coded message {seq} with {names}"[:300], added(new), group.id)
        return new

    @changes(focus_group, "Took codings away", action="remove_codings")
    def remove(self, group: FocusGroup, coding_ids: Collection[str]) -> None:
        """Takes these codings away, whoever made them; those that are gone already are passed over."""
        chosen = self._chosen(group, coding_ids)
        self._write(group.project_id, f"took {number(len(chosen), 'coding')} away", removed(chosen))

    @changes(focus_group, "Confirmed codings", action="confirm_codings")
    def confirm(self, group: FocusGroup, coding_ids: Collection[str]) -> list[Coding]:
        """Confirms codings that a model made, in the actor's name; returns those that were not confirmed before."""
        me = self._me()
        open_ones = [coding for coding in self._chosen(group, coding_ids) if coding.is_unconfirmed]
        confirmed = [changed(coding, replace(coding, confirmed=me)) for coding in open_ones]
        self._write(group.project_id, f"confirmed {number(len(confirmed), 'coding')}", confirmed)
        return [write.after for write in confirmed if isinstance(write.after, Coding)]

    @changes(focus_group, "Imported codings", action="import_codings")
    def take_in(self, group: FocusGroup, content: bytes, source: str = "") -> TakenIn:
        """Adds the codes, codings and memos of a REFI-QDA project of this session that it does not have yet.

        Args:
            group: the session; callers hand over its id.
            content: the file (`.qdpx`), such as one that was exported here.
            source: its name, which stays with everything, because who made it stands there by the file's word alone.

        Returns:
            The things that were added, and how many codings were left out.

        Raises:
            InvalidInput: it is no such file, or holds no transcript of this session.
        """
        read, store = read_qda(content), self._store.codings
        with self._store.open_work.one_at_a_time(self._found.owner_id or ""):
            memos = [*store.memos(group.project_id, group.id), *store.memos(group.project_id, "")]
            codes, messages = store.codes(group.project_id), self._store.focus_groups.messages(group.id)
            here = Here(group, messages, codes, store.of_session(group.id), memos)
            found = taken_in(read, here, self._me(source[:200] or "a file"), new_id)
            check_room(codes, len(found.codes))
            check_codings(len(here.codings) + len(found.codings))
            self._write(
                group.project_id, f"imported {number(len(found.codings), 'coding')}", added(found.things), group.id
            )
        return found

    @reads(focus_group, sums=True)
    def estimate(self, group: FocusGroup, *, propose: bool = False) -> Estimate:
        """Forecasts the use of having a model code the messages so far."""
        codes = len(self._store.codings.codes(group.project_id))
        return coding_estimate(self._context, group, codes, propose=propose)

    @changes(focus_group, "Had a model code a session", action="code_session")
    def by_model(self, group: FocusGroup, *, propose: bool = False) -> Task:
        """Begins to have a model code the session with the project's codebook; what it makes is confirmed by nobody.

        Args:
            group: the session; callers hand over its id.
            propose: has the model propose further codes first.

        Returns:
            The task, which tells how far it is; the one that is under way where there is one.

        Raises:
            InvalidInput: there is no code to apply, or the simulator cannot read what was said.
            QuotaExceeded: nothing of the owner's quota is left.
            Conflict: too much of the owner's work is under way.
        """
        exclusive = f"code/{group.id}"
        if there := self._store.tasks.doing(exclusive):
            return there
        codes = self._store.codings.codes(group.project_id)
        if not codes and not propose:
            raise InvalidInput("There is no code to apply: add codes, or let the model propose some.")
        owner_id = self._found.owner_id or ""
        model = self._context.defaults.analysis_of(group.model)
        said = self._store.focus_groups.messages(group.id, first=max(1, group.next_seq - TALK_READ))
        check_talk(model, said)
        self._check_quota(owner_id, model)
        estimate = coding_estimate(self._context, group, len(codes), propose=propose)
        request = to_stored(Request(group.id, model, self._actor.id, propose))
        task = Task(new_id(), KIND, owner_id, group.project_id, request, self._clock(), estimate=estimate)
        with room_for_task(self._context, owner_id, KIND, exclusive):
            return self._context.begin(replace(task, exclusive=exclusive), lambda: None)

    @reads(focus_group_id, sums=True)
    def newest_task(self, group_id: str) -> Task | None:
        """The newest task in which a model coded the session, or None where there was none."""
        return self._store.tasks.newest(KIND, focus_group_id=group_id)

    @reads(focus_group)
    def agreement(self, group: FocusGroup, one: str, other: str) -> CodersAgreement:
        """Measures how far two coders agree, turn by turn and code by code.

        one, other: keys of coders, as in `Author.key` of their codings; raises `InvalidInput` where they are the same.
        """
        said = [each.seq for each in said_by_participants(self._store.focus_groups.messages(group.id))]
        codes = [code.id for code in self._store.codings.codes(group.project_id)]
        return between_coders(self._store.codings.of_session(group.id), codes, said, one, other)

    def _chosen(self, group: FocusGroup, coding_ids: Collection[str]) -> list[Coding]:
        wanted = set(coding_ids)
        return [coding for coding in self._store.codings.of_session(group.id) if coding.id in wanted]
