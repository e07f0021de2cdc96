"""Themes that people edited: beside what the model found, one version after another, never over somebody else's."""

from dataclasses import replace

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import Conflict, InvalidInput, NotFound
from semblance_core.domain.findings.theme import Findings, Theme, Verbatim
from semblance_core.domain.findings.theme_edits import AddQuote, Change, Remove, Rewrite, RewriteSummary
from semblance_core.workspace import Workspace
from tests.scripted_server import Reply, ScriptedServer
from tests.studies import asked_round, found_themes, session

SAID = "The price is too high. I buy two cheap ones."


@pytest.fixture
def group(semblance: Semblance, workspace: Workspace, model_server: ScriptedServer) -> FocusGroup:
    model_server.script = lambda asked: Reply(SAID)
    group = session(workspace, 2)
    asked_round(semblance, workspace, group.id, "What do you think?")
    return workspace.sessions.get(group.id)


@pytest.fixture
def found(semblance: Semblance, group: FocusGroup) -> Findings:
    speaker = group.participants[0].name
    themes = [Theme("Price", "It is dear.", (Verbatim(2, speaker, "The price is too high."),)), Theme("Taste", "", ())]
    return found_themes(semblance, group, themes)


def test_an_edit_stands_beside_what_the_model_found(workspace: Workspace, group: FocusGroup, found: Findings) -> None:
    edited = workspace.findings.edit(group.id, found.analysis_id, 0, Rewrite(0, "Cost", "Dear."))
    assert workspace.findings.get(group.id) == edited
    assert (edited.version, edited.edited_by, edited.editor, edited.edit) == (1, "user", "User", "rewrote “Cost”")
    assert edited.edited_at
    assert workspace.findings.get(group.id, found.analysis_id, 0) == found
    assert [each.version for each in workspace.findings.analyses(group.id)] == [1]


def test_an_edit_of_a_version_that_is_out_of_date_changes_nothing(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, found: Findings
) -> None:
    admin = semblance.workspace("admin")
    admin.findings.edit(group.id, found.analysis_id, 0, Rewrite(0, "Cost", "Dear."))
    with pytest.raises(Conflict, match="Admin changed these themes meanwhile"):
        workspace.findings.edit(group.id, found.analysis_id, 0, Remove(0))
    with pytest.raises(Conflict, match="meanwhile"):
        workspace.findings.restore(group.id, found.analysis_id, 0, 0)
    assert [theme.name for theme in workspace.findings.get(group.id).themes] == ["Cost", "Taste"]  # type: ignore[union-attr]


def test_of_two_edits_at_the_same_moment_one_is_kept(semblance: Semblance, found: Findings) -> None:
    one, other = (replace(found, version=1, summary=summary) for summary in ("One.", "Other."))
    assert semblance.store.themes.add_version(one)
    assert not semblance.store.themes.add_version(other)
    assert semblance.store.themes.newest(found.focus_group_id) == one


def test_an_edit_is_undone_step_by_step_or_at_once(workspace: Workspace, group: FocusGroup, found: Findings) -> None:
    for version, name in enumerate(("Cost", "Money")):
        workspace.findings.edit(group.id, found.analysis_id, version, Rewrite(0, name, ""))
    back = workspace.findings.restore(group.id, found.analysis_id, 2, 1)
    assert (back.version, back.same_as, back.themes[0].name) == (3, 1, "Cost")
    back = workspace.findings.restore(group.id, found.analysis_id, 3, 0)
    assert (back.version, back.is_edited, back.themes) == (4, False, found.themes)
    redone = workspace.findings.restore(group.id, found.analysis_id, 4, 3)
    assert (redone.version, redone.same_as, redone.themes[0].name) == (5, 1, "Cost")
    anew = workspace.findings.edit(group.id, found.analysis_id, 5, Remove(1))
    assert (anew.version, anew.same_as, anew.is_restored) == (6, 6, False)
    with pytest.raises(InvalidInput, match="no earlier version"):
        workspace.findings.restore(group.id, found.analysis_id, 6, 6)


def test_a_summary_is_outdated_by_edits_of_themes_until_it_is_written_again(
    workspace: Workspace, group: FocusGroup, found: Findings
) -> None:
    def edited(version: int, change: Change) -> bool:
        return workspace.findings.edit(group.id, found.analysis_id, version, change).summary_is_outdated

    def restored(version: int, back_to: int) -> bool:
        return workspace.findings.restore(group.id, found.analysis_id, version, back_to).summary_is_outdated

    assert not found.summary_is_outdated
    assert edited(0, Rewrite(0, "Cost", ""))
    assert not edited(1, RewriteSummary("All about cost."))
    assert edited(2, Remove(1))
    assert not restored(3, 2)
    assert restored(4, 3)
    assert not restored(5, 0)
    assert edited(6, Remove(1))
    assert not replace(found, version=2, same_as=2).summary_is_outdated  # as it was stored before: unknown


def test_a_quote_added_by_hand_has_to_stand_in_its_message(
    workspace: Workspace, group: FocusGroup, found: Findings
) -> None:
    _, maya, ben = workspace.sessions.messages(group.id)
    for verbatim in (
        Verbatim(maya.seq, maya.speaker, "The price is fair."),
        Verbatim(maya.seq, ben.speaker, "I buy two cheap ones."),
        Verbatim(99, maya.speaker, "I buy two cheap ones."),
        Verbatim(1, "User", "What do you think?"),
    ):
        with pytest.raises(InvalidInput, match="does not hold this quote"):
            workspace.findings.edit(group.id, found.analysis_id, 0, AddQuote(0, verbatim))
    given = Verbatim(ben.seq, ben.speaker, "i buy TWO cheap ones")
    edited = workspace.findings.edit(group.id, found.analysis_id, 0, AddQuote(0, given))
    assert edited.themes[0].verbatims[1] == Verbatim(ben.seq, ben.speaker, "I buy two cheap ones", by_hand=True)


def test_a_new_analysis_leaves_the_edited_one_where_it_can_be_found(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, found: Findings
) -> None:
    edited = workspace.findings.edit(group.id, found.analysis_id, 0, RewriteSummary("Mine."))
    newer = found_themes(semblance, group, [])
    assert workspace.findings.get(group.id) == newer
    assert workspace.findings.get(group.id, found.analysis_id) == edited
    assert [each.analysis_id for each in workspace.findings.analyses(group.id)] == [
        newer.analysis_id,
        found.analysis_id,
    ]
    another = session(workspace)
    with pytest.raises(NotFound, match="no such analysis"):
        workspace.findings.get(another.id, found.analysis_id)
    with pytest.raises(NotFound, match="no such analysis"):
        workspace.findings.edit(another.id, found.analysis_id, 1, Remove(0))


def test_a_session_is_deleted_with_every_version_of_its_themes(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, found: Findings
) -> None:
    workspace.findings.edit(group.id, found.analysis_id, 0, RewriteSummary("Mine."))
    workspace.sessions.delete(group.id)
    assert semblance.connection.database["focus_group_themes"].count_documents({}) == 0


def test_two_analyses_are_compared_and_themes_are_found_again(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, found: Findings
) -> None:
    ben = workspace.sessions.messages(group.id)[2]
    cheap = Theme("Offers", "They buy two cheap ones.", (Verbatim(ben.seq, ben.speaker, "I buy two cheap ones."),))
    first = found_themes(semblance, group, [found.themes[0], cheap])
    unrelated = session(workspace)
    elsewhere = Theme("Trains", "The line is late.", (Verbatim(2, "Ana", "Late."),))
    semblance.connection.database["focus_groups"].update_one(
        {"_id": unrelated.id}, {"$set": {"project_id": group.project_id}}
    )
    found_themes(semblance, unrelated, [elsewhere])
    both = workspace.findings.agreement(group.id, first.analysis_id, found.analysis_id)
    assert [(each.name, each.found_again) for each in both.themes] == [
        ("Price", True),
        ("Offers", False),
        ("Taste", False),
    ]
    assert both.threshold is not None
    again = workspace.findings.recurrence(group.id, first.analysis_id)
    assert (again.of, again.times) == (1, (1, 0))
    with pytest.raises(NotFound, match="no such analysis"):
        workspace.findings.agreement(unrelated.id, first.analysis_id, found.analysis_id)
