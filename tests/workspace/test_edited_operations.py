"""Operations that replace something take what it was changed from; those that take none are here, each with why."""

import inspect

from semblance_core.workspace.declarations import Kind
from tests.operations import NOBODY, OPERATIONS, operation

NOT_EDITED = {
    **dict.fromkeys(
        (
            "accounts.add",
            "personas.add",
            "personas.copy",
            "personas.copy_to",
            "personas.import_file",
            "personas.recruit",
            "surveys.begin",
            "interviews.start",
            "syntheses.begin",
            "designs.begin",
            "projects.create",
            "projects.duplicate",
            "sharing.share",
        ),
        "makes something new",
    ),
    **dict.fromkeys(
        (
            "sessions.create",
            "sessions.duplicate",
            "forks.fork",
            "stimuli.add",
            "stimuli.attach",
            "examples.make",
            "examples.open_recording",
        ),
        "makes something new",
    ),
    **dict.fromkeys(
        (
            *("personas.delete", "personas.delete_some", "sessions.delete", "stimuli.remove"),
            *("accounts.delete", "projects.delete", "tasks.delete", "surveys.delete"),
            *("interviews.delete", "syntheses.delete"),
            *("interviews.delete", "designs.delete"),
        ),
        "takes something away, and names it before; what is then typed in another window stays there",
    ),
    **dict.fromkeys(
        ("accounts.reset_password", "me.change_password"),
        "nobody can see the one before, so nobody can have changed it",
    ),
    **dict.fromkeys(
        (
            "sharing.revoke",
            "accounts.revoke_sign_in",
            "accounts.revoke_sign_ins",
            "me.revoke_sign_in",
            "me.revoke_sign_ins",
        ),
        "ends something, whoever does",
    ),
    **dict.fromkeys(
        (
            "sessions.post",
            "sessions.retry",
            "sessions.start",
            "sessions.pause",
            "sessions.stop",
            "sessions.end",
            "sessions.reopen",
            "sessions.ask_queued",
            "sessions.finish_guide",
            "moderation.let_discuss",
            "moderation.go_back",
        ),
        "moves a session on from its state, which is compared",
    ),
    "sessions.take_back": "removes a question by its id; one that was asked is not there any more",
    **dict.fromkeys(
        ("codebook.add", "codebook.take_in", "coding.give", "coding.take_in", "memos.add"),
        "adds something, and what is there stays",
    ),
    **dict.fromkeys(
        ("codebook.merge", "codebook.delete", "coding.remove", "memos.delete"),
        "takes something away as it was read right before, and can be taken back",
    ),
    **dict.fromkeys(("codebook.confirm", "coding.confirm"), "notes who confirmed it first"),
    "codebook.undo": "takes one's own change back unless somebody changed the same since",
    **dict.fromkeys(("tasks.cancel", "tasks.rerun"), "moves a task on from its state, which is compared"),
    **dict.fromkeys(
        ("moderation.skip", "moderation.insert"),
        "changes what is to come, by its words, once; the record of it only grows",
    ),
    "moderation.suggest": "makes something new",
    "ballots.put": "asks whoever has not answered; an answer that is there stays",
    "moderation.whisper": "adds one more, and those before stay",
    "coding.by_model": "makes something new; what is there stays",
    "findings.analyse": "makes something new; what people edited stays",
    "interviews.find_themes": "makes something new",
    **dict.fromkeys(
        ("interviews.stop_all", "interviews.continue_all"), "moves sessions on from their states, which are compared"
    ),
    **dict.fromkeys(("designs.go_on", "designs.stop"), "moves parts on from their states, which are compared"),
    "stimuli.show_next": "takes a stimulus from its question, once; the next window is told that it is done",
    "findings.at_end": "sets one of two states, whoever does",
    "me.confirm_costs": "notes that something was said, whoever says it",
    "stimuli.note_not_added": "says no more than that something was read",
    "models.set_provider": "nobody can see the key before, so nobody can have changed it; who writes last is on record",
    "models.remove_provider": "takes something away, and names it before",
    "models.test": "changes nothing but what is on record",
    "prices.seed": "leaves what a person set",
    "usage.recalculate_costs": "computes from what is on record",
    "usage.repair": "computes from what is on record",
    "usage.backfill": "computes from what is on record",
    **dict.fromkeys(("projects.archive", "projects.unarchive"), "sets one of two states, whoever does"),
    "projects.open": "the place where one is, in every window",
    "projects.mine": "makes a first one where there is none",
}
"""Operations that change something and take no version, with why."""


def test_every_operation_that_replaces_something_takes_what_it_was_changed_from() -> None:
    changing = {path for path, each in OPERATIONS.items() if each.kind in (Kind.CHANGES, Kind.CHANGES_OWN)}
    takes = {
        path for path in changing if {"base", "version"} & inspect.signature(operation(NOBODY, path)).parameters.keys()
    }
    assert takes & NOT_EDITED.keys() == set()
    assert changing - takes - NOT_EDITED.keys() == set(), "take a base, or say here why not"
    assert NOT_EDITED.keys() <= changing
