"""Operations on focus groups: setting up, moderating, letting them run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

from semblance_core.analysis.alike import check_distinct
from semblance_core.domain.editing import joined_by_id
from semblance_core.domain.errors import Conflict, InvalidInput
from semblance_core.domain.focus_group import TITLE_CHARS, FocusGroup, FocusGroupState, Message
from semblance_core.domain.guide import Guide
from semblance_core.domain.persona import Persona
from semblance_core.domain.session_list import SessionPage, SessionRow, SessionSearch
from semblance_core.domain.task import ATTACH
from semblance_core.domain.usage import UsageEvent, is_simulated
from semblance_core.flows import moderate
from semblance_core.flows.attach import check_read, copy_stimuli
from semblance_core.flows.delete import delete_session
from semblance_core.flows.stimuli import check_described
from semblance_core.store.ids import new_id
from semblance_core.workspace.access import of_focus_group, of_project, operation, signed_in
from semblance_core.workspace.editing import edited
from semblance_core.workspace.estimates import Estimates

COPY = " (copy)"


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a researcher decides about a session before it starts. model: empty for the platform's default.

    version: of the draft that it was read from, None for one that was written anew.
    """

    title: str
    topic: str
    guide: Guide
    participants: tuple[Persona, ...]
    model: str = ""
    turn_limit: int = 40
    seed: int = 0
    version: int | None = field(default=None, compare=False)


SET_UP = {
    "title": "the title",
    "topic": "the topic",
    "guide": "the guide",
    "participants": "the participants",
    "model": "the model",
    "turn_limit": "the turn limit",
    "seed": "the seed",
}
"""What of a set-up is edited, and what it is called."""


def set_up_of(group: FocusGroup) -> SetUp:
    """The set-up that a session has."""
    return SetUp(**{name: getattr(group, name) for name in SET_UP}, version=group.version)


class Sessions(Estimates):
    @operation(of_project)
    def create_focus_group(self, project_id: str, set_up: SetUp) -> FocusGroup:
        return self._added(project_id, set_up, self._known_model(set_up.model))

    def _added(self, project_id: str, set_up: SetUp, model: str) -> FocusGroup:
        now = self.clock()
        check_distinct([person.name for person in set_up.participants])
        group = FocusGroup(
            id=new_id(),
            project_id=project_id,
            owner_id=self.store.projects.get(project_id).owner_id,
            title=set_up.title.strip(),
            topic=set_up.topic.strip(),
            guide=set_up.guide,
            participants=_identified(set_up.participants),
            model=model,
            turn_limit=set_up.turn_limit,
            seed=set_up.seed,
            created_at=now,
            updated_at=now,
            simulated=is_simulated(model),
        )
        self.store.focus_groups.add(group)
        return group

    @operation(of_focus_group)
    def change_focus_group(self, group_id: str, set_up: SetUp, base: SetUp | None = None) -> FocusGroup:
        """Changes the set-up of a draft; raises `Conflict` once the session has begun.

        base: the set-up as it was read. Fields that others changed since then stay theirs where set_up has them as base
        has; `EditConflict` where both were changed. Without it, set_up's own version tells whether others changed something,
        and one without a version replaces whatever is there.
        """
        wanted = {name: getattr(set_up, name) for name in SET_UP}
        wanted |= {"title": set_up.title.strip(), "topic": set_up.topic.strip()}
        wanted |= {"participants": _identified(set_up.participants), "model": self._known_model(set_up.model)}

        def write(group: FocusGroup, changed: Collection[str]) -> bool:
            check_distinct([person.name for person in group.participants])
            after = replace(group, simulated=is_simulated(group.model), updated_at=self.clock())
            return self.store.focus_groups.set_up(after, changed)

        made_from = set_up.version if base is None else base
        joins = {"participants": joined_by_id}
        edited(
            lambda: self._check_draft(self.store.focus_groups.get(group_id)),
            write,
            wanted,
            made_from,
            SET_UP,
            self._actor(),
            self.clock(),
            joins,
        )
        return self.store.focus_groups.get(group_id)

    def _check_draft(self, group: FocusGroup) -> FocusGroup:
        if group.state is not FocusGroupState.DRAFT:
            raise Conflict("This session has begun, so its set-up stays as it is.")
        return group

    @operation(of_project)
    def focus_groups(self, project_id: str) -> list[FocusGroup]:
        """The project's sessions, newest first."""
        return self.store.focus_groups.of_project(project_id)

    @operation(of_project)
    def session_page(
        self, project_id: str, search: SessionSearch | None = None, *, skip: int = 0, limit: int = 12
    ) -> SessionPage:
        """What the search finds (all, without one) as a list shows it, from number `skip` on, at most `limit` of them."""
        return self.store.session_lists.page(project_id, search or SessionSearch(), skip, limit)

    @operation(signed_in)
    def recent_sessions(self, limit: int = 5) -> Sequence[SessionRow]:
        """The sessions of all of the actor's projects that were last worked on, the newest first."""
        return self.store.session_lists.recent(self.actor_id, limit)

    @operation(signed_in)
    def used_models(self) -> list[str]:
        """The models of the actor's own sessions, in the order of the alphabet."""
        return self.store.session_lists.models(self.actor_id)

    @operation(of_focus_group)
    def duplicate_focus_group(self, group_id: str) -> FocusGroup:
        """A draft with the same set-up, without anything that was said, in the same project.

        It keeps a model that is allowed no longer, until another one is chosen: it cannot be started before.
        """
        group = self.store.focus_groups.get(group_id)
        title = f"{group.title[: TITLE_CHARS - len(COPY)]}{COPY}"
        copied = self._added(group.project_id, replace(set_up_of(group), title=title), group.model)
        copy_stimuli(group, copied, self.store.assets, self.clock())
        return self.store.focus_groups.get(copied.id)

    @operation(of_focus_group)
    def focus_group(self, group_id: str) -> FocusGroup:
        return self.store.focus_groups.get(group_id)

    @operation(of_focus_group)
    def delete_focus_group(self, group_id: str) -> None:
        """Ends all work on a session and removes it with its messages, themes and stimuli; what it cost stays on record."""
        delete_session(self.store, group_id, self.clock)

    @operation(of_focus_group)
    def post_message(self, group_id: str, text: str, to: Sequence[str] | None = None) -> FocusGroup:
        """Puts a moderator's message to participants (all, those named with @, or `to`) and wakes up who gets the replies.

        Raises `Conflict` while stimuli are still being read that it would be put without.
        """
        group = self.store.focus_groups.get(group_id)
        check_read(self.store.tasks.open_of_session(ATTACH, group_id))
        check_described(group, self.store.assets, self.gateway.catalogue.sees)
        self._check_quota(group.owner_id, group.model)
        with self._room_for_session(group):
            after = moderate.post(group, self._actor(), text, to, self.store.focus_groups, self.clock())
        self.engine.submit("focus_group", group_id)
        return after

    @operation(of_focus_group)
    def retry_reply(self, group_id: str, seq: int) -> None:
        """Asks again for a reply that failed."""
        group = self.store.focus_groups.get(group_id)
        with self._room_for_session(group):
            moderate.retry(group, seq, self.store.focus_groups)
        self.engine.submit("focus_group", group_id)

    @operation(of_focus_group)
    def start_autonomous(self, group_id: str) -> None:
        """Lets the discussion run by itself from where it stands; raises `Conflict` while stimuli are still being read."""
        group = self.store.focus_groups.get(group_id)
        if group.state is FocusGroupState.AUTONOMOUS:
            return
        if group.state is FocusGroupState.ENDED:
            raise InvalidInput("This session has ended.")
        if not group.guide.questions:
            raise InvalidInput("An autonomous discussion follows the guide; give it at least one question.")
        if len(group.participants) < 2:
            raise InvalidInput("A discussion needs at least two participants.")
        check_read(self.store.tasks.open_of_session(ATTACH, group_id))
        check_described(group, self.store.assets, self.gateway.catalogue.sees)
        self._check_quota(group.owner_id, group.model)
        group = replace(group, estimate=self.estimate_discussion(group_id))
        with self._room_for_session(group):
            if not self.store.focus_groups.start(group, self.clock()):
                if self.store.focus_groups.get(group_id).state is FocusGroupState.AUTONOMOUS:
                    return  # started by another click
                raise Conflict("The participants are still answering; wait for them or stop them first.")
        self.engine.submit("focus_group", group_id)

    @operation(of_focus_group)
    def stop(self, group_id: str) -> None:
        """Stops a running discussion, or replies under way; a reply that comes late is discarded, its cost kept."""
        self.store.focus_groups.stop(group_id, self.clock(), reason="stopped")

    @operation(of_focus_group)
    def end(self, group_id: str) -> None:
        """Ends a session for good."""
        self.store.focus_groups.stop(group_id, self.clock(), reason="ended_by_user", ended=True)

    @operation(of_focus_group)
    def finish_guide(self, group_id: str) -> None:
        """Ends a moderated session whose questions were all put."""
        self.store.focus_groups.stop(group_id, self.clock(), reason="guide_covered", ended=True)

    @operation(of_focus_group)
    def messages(self, group_id: str, first: int = 1, last: int | None = None) -> list[Message]:
        """Messages from `first` through `last` in order; without `last`, all from `first` on."""
        return self.store.focus_groups.messages(group_id, first=first, last=last)

    @operation(of_focus_group)
    def session_usage(self, group_id: str) -> list[UsageEvent]:
        """Every model call made for this session, newest first."""
        found = self.store.usage.events(focus_group_id=group_id)
        return found.instead(event.for_researchers() for event in found)


def _identified(participants: Sequence[Persona]) -> tuple[Persona, ...]:
    """Participants that can be told apart, as snapshots: a persona that was never saved gets an id of its own."""
    return tuple(replace(person, id=person.id or new_id(), version=None, edits={}) for person in participants)
