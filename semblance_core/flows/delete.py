"""Deletes a session, an interview round, a survey, a design, a project or an account.

First all work on it ends, then what belongs to it goes, its own document first.

Each is written down before anything goes (`store/deletions.py`), and done once more by whoever finds it half done. What calls
cost stays on record, without the words of their failures.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from semblance_core.domain.errors import InvalidInput, NotFound, Unreadable
from semblance_core.store.deletions import Deleted, Deletion
from semblance_core.store.server.failures import DatabaseFailed
from semblance_core.store.store import Store

Clock = Callable[[], datetime]
PSEUDONYM = "deleted-user-"
MOST_AT_ONCE = 1_000
"""So many deletions are finished in one sweep at most."""
log = logging.getLogger(__name__)


def delete_session(store: Store, group_id: str, clock: Clock, within: str = "") -> None:
    """With its messages, themes, codings, memos and stimuli, what its tasks kept, and files that were handed in for it.

    within: the project that it is deleted with.
    """
    deletion = store.deletions.begin(Deleted.SESSION, group_id, clock(), within=within)
    _delete_session(store, group_id, clock)
    store.deletions.done(deletion, clock())


def delete_round(store: Store, round_id: str, clock: Clock) -> None:
    """With its interviews, what was found in all of them, and the tasks that find it."""
    deletion = store.deletions.begin(Deleted.INTERVIEWS, round_id, clock())
    _delete_round(store, round_id, clock)
    store.deletions.done(deletion, clock())


def delete_survey(store: Store, survey_id: str, clock: Clock) -> None:
    """With its respondents, its answers and the task that asks it."""
    deletion = store.deletions.begin(Deleted.SURVEY, survey_id, clock())
    _delete_survey(store, survey_id, clock)
    store.deletions.done(deletion, clock())


def delete_design(store: Store, design_id: str, clock: Clock) -> None:
    """With its sessions, surveys and tasks; people that were recruited for it stay in the project."""
    deletion = store.deletions.begin(Deleted.DESIGN, design_id, clock())
    _delete_design(store, design_id, clock)
    store.deletions.done(deletion, clock())


def delete_project(store: Store, project_id: str, clock: Clock) -> None:
    """With its sessions, interview rounds, designs, surveys, syntheses, codebook, personas and tasks."""
    deletion = store.deletions.begin(Deleted.PROJECT, project_id, clock())
    _delete_project(store, project_id, clock, lambda: store.deletions.going_on(deletion, clock()))
    store.deletions.done(deletion, clock())


def delete_account(
    store: Store, user_id: str, clock: Clock, *, hand_over_to: str = "", anonymise: bool = False
) -> Deletion:
    """With its projects, unless somebody gets them. What it used stays, under its name or under a pseudonym.

    Raises `Conflict`, and deletes nothing, where no administrator would be left. While calls on its account are under way their
    usage keeps its name; a sweeper puts it under the pseudonym once they are over.
    """
    if store.deletions.find(Deleted.ACCOUNT, user_id) is None:
        store.users.disable_for_good(user_id)
    pseudonym = store.users.new_pseudonym(PSEUDONYM, clock()) if anonymise else ""
    deletion = store.deletions.begin(Deleted.ACCOUNT, user_id, clock(), hand_over_to=hand_over_to, pseudonym=pseudonym)
    if pseudonym and deletion.pseudonym != pseudonym:
        store.users.free_name(pseudonym)
    _run(store, deletion, clock)
    return deletion


def finish_deletions(store: Store, clock: Clock) -> None:
    """Does what is due: what a process died in the middle of, and once more what may have got something late."""
    done: set[str] = set()
    for _ in range(MOST_AT_ONCE):
        try:
            if (due := store.deletions.next_due(clock())) is None or due.id in done:
                return
            done.add(due.id)
            _run(store, due, clock)
        except DatabaseFailed:
            raise
        except Exception:  # one that fails must not keep the others from being finished
            log.exception("A deletion could not be finished")


def _run(store: Store, deletion: Deletion, clock: Clock) -> None:
    def going_on() -> None:
        store.deletions.going_on(deletion, clock())

    if deletion.kind is Deleted.SESSION:
        _delete_session(store, deletion.of, clock)
    elif deletion.kind is Deleted.INTERVIEWS:
        _delete_round(store, deletion.of, clock)
    elif deletion.kind is Deleted.SURVEY:
        _delete_survey(store, deletion.of, clock)
    elif deletion.kind is Deleted.DESIGN:
        _delete_design(store, deletion.of, clock)
    elif deletion.kind is Deleted.PROJECT:
        _delete_project(store, deletion.of, clock, going_on)
    elif not _delete_account(store, deletion, clock, going_on):
        return
    store.deletions.done(deletion, clock())


def _delete_session(store: Store, group_id: str, clock: Clock) -> None:
    store.focus_groups.stop(group_id, clock(), reason="stopped")
    store.tasks.end_of_session(group_id, clock())
    store.focus_groups.delete(group_id, clock())
    store.ballots.delete_of(group_id)
    store.syntheses.take_out(group_id)
    store.codings.delete_of_session(group_id)
    store.tasks.end_of_session(group_id, clock())  # those that were added meanwhile
    store.uploads.remove_of(group_id)
    store.shared_reports.delete_of_session(group_id)
    store.usage_owner.without_texts(focus_group_id=group_id)


def _delete_round(store: Store, round_id: str, clock: Clock) -> None:
    store.interviews.delete(round_id)
    for task_id in store.tasks.ids_of_round(round_id):
        delete_task(store, task_id, clock)
        store.usage_owner.without_texts(task_id=task_id)
    for group_id in store.interviews.session_ids(round_id):
        delete_session(store, group_id, clock)
    store.themes.delete_of(round_id)
    store.syntheses.take_out(round_id)


def _delete_survey(store: Store, survey_id: str, clock: Clock) -> None:
    store.tasks.cancel(survey_id, clock())
    store.surveys.delete(survey_id)
    delete_task(store, survey_id, clock)
    store.usage_owner.without_texts(task_id=survey_id)


def _delete_design(store: Store, design_id: str, clock: Clock) -> None:
    """The design's own document goes last: it names the rest, which another process finds by it where this one dies."""
    try:
        design = store.designs.get(design_id)
    except (NotFound, Unreadable):
        store.designs.delete(design_id)
        return
    store.designs.set_open(design_id, False)
    for group_id in design.session_ids:
        delete_session(store, group_id, clock)
    for survey_id in design.survey_ids:
        delete_survey(store, survey_id, clock)
    for panel in design.panels:
        if panel.task_id:
            delete_task(store, panel.task_id, clock)
            store.usage_owner.without_texts(task_id=panel.task_id)
    store.designs.delete(design_id)


def _delete_project(store: Store, project_id: str, clock: Clock, going_on: Callable[[], None]) -> None:
    store.projects.hide(project_id)
    for task_id in store.tasks.ids_of_project(project_id):
        delete_task(store, task_id, clock)
        going_on()
    half_gone = store.deletions.unfinished_within(project_id)  # no list knows them any more
    for group_id in dict.fromkeys([*half_gone, *store.session_lists.ids_of_project(project_id)]):
        delete_session(store, group_id, clock, project_id)
        going_on()
    for round_id in store.interviews.ids_of_project(project_id):
        delete_round(store, round_id, clock)
        going_on()
    for design_id in store.designs.ids_of_project(project_id):
        store.designs.delete(design_id)
    store.surveys.delete_of_project(project_id)
    store.shared_reports.delete_of_project(project_id)
    store.syntheses.delete_of_project(project_id)
    store.codings.delete_of_project(project_id)
    store.personas.delete_of_project(project_id)
    for task_id in store.tasks.ids_of_project(project_id):
        delete_task(store, task_id, clock)
    store.usage_owner.without_texts(project_id=project_id)
    store.users.leave_project(project_id)
    store.projects.delete(project_id)


def delete_task(store: Store, task_id: str, clock: Clock) -> None:
    """Ends it, and removes it with what it kept and with files that were handed in for it; what it made stays."""
    store.tasks.cancel(task_id, clock())
    store.uploads.remove(task_id)
    store.tasks.delete(task_id)


def _delete_account(store: Store, deletion: Deletion, clock: Clock, going_on: Callable[[], None]) -> bool:
    """False where calls are under way, and the rest has to wait."""
    user_id = deletion.of
    store.sign_ins.revoke_all(user_id)
    store.sign_ins.forget_devices(user_id)
    for group_id in store.session_lists.busy_of_owner(user_id):
        store.focus_groups.stop(group_id, clock(), reason="stopped")
    for task_id in store.tasks.open_of_owner(user_id):
        store.tasks.cancel(task_id, clock())
        store.uploads.remove(task_id)
        going_on()
    for project_id in store.projects.ids_of_owner(user_id):
        if deletion.hand_over_to:
            store.projects.hand_over(project_id, deletion.hand_over_to)
        else:
            delete_project(store, project_id, clock)
        going_on()
    store.projects.give_back(user_id)
    store.users.delete(user_id)
    store.usage_owner.without_texts(user_id=user_id)
    store.traces.take_words_out(user_id)
    if not deletion.pseudonym:
        store.users.keep_name(user_id, deletion.at)
        return True
    store.traces.rename(user_id, deletion.pseudonym)
    return store.usage_owner.move(user_id, deletion.pseudonym)


def checked_deletion(store: Store, user_id: str, hand_over_to: str) -> None:
    """Raises in words where the account is not there, or its projects cannot be handed over to that other one."""
    if not store.deletions.find(Deleted.ACCOUNT, user_id):
        store.users.get(user_id)
    if hand_over_to:
        if hand_over_to == user_id:
            raise InvalidInput("Hand the projects over to somebody else.")
        if store.deletions.find(Deleted.ACCOUNT, hand_over_to) or store.users.get(hand_over_to).disabled:
            raise InvalidInput(f"The account {hand_over_to} is disabled; choose another one for the projects.")
