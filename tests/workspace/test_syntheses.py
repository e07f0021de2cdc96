"""Syntheses of a project: begun, added to, edited by hand, brought up to date, and gone with what they were made of."""

from dataclasses import replace

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import Conflict, InvalidInput, NotFound
from semblance_core.domain.findings.synthesis import MergeShared, RenameShared, SeparateShared
from semblance_core.domain.findings.theme import ReadSession, Theme, Verbatim
from semblance_core.domain.findings.theme_edits import Rewrite
from semblance_core.workspace import Workspace, config_of
from tests.studies import NAMES, found_themes, interviewed, session

PRICE = Theme("Too dear", "Oat milk costs more a litre than dairy.", (Verbatim(2, NAMES[0], "It is dear"),))
TASTE = Theme("Sweet taste", "Its sweetness spoils strong tea.", (Verbatim(3, NAMES[1], "It is sweet"),))
COST = Theme("Cost", "A litre of it costs more than dairy does.", (Verbatim(4, NAMES[0], "I pay more"),))
FOAM = Theme("Foam", "Barista cartons froth in an espresso.", (Verbatim(5, NAMES[2], "It froths"),))


def sessions_with(semblance: Semblance, workspace: Workspace, *themes: tuple[Theme, ...]) -> list[FocusGroup]:
    """Sessions of one project, each with an analysis."""
    first = session(workspace)
    groups = [first, *(workspace.sessions.create(first.project_id, config_of(first)) for _ in themes[1:])]
    for number, (group, found) in enumerate(zip(groups, themes, strict=True)):
        found_themes(semblance, group, found, analysis_id=f"{group.id}-analysis-{number}")
    return groups


def test_a_session_that_is_added_is_matched_alone_and_an_update_reads_the_newest(
    semblance: Semblance, workspace: Workspace
) -> None:
    groups = sessions_with(semblance, workspace, (PRICE, TASTE), (COST, FOAM), (TASTE,))
    project_id, syntheses = groups[0].project_id, workspace.syntheses
    assert [each.source.id for each in syntheses.offered(project_id)] == [group.id for group in groups]
    made = syntheses.begin(project_id, " Oat milk ", [groups[1].id, groups[0].id])
    assert syntheses.begin(project_id, "Oat milk", [groups[0].id, groups[1].id]) == made, "a second click"
    assert made.source_ids == (groups[0].id, groups[1].id), "the oldest first"
    found = syntheses.get(made.id)
    assert [(each.name, len(each.sessions), each.people) for each in found.themes] == [
        ("Too dear", 2, 1),
        ("Sweet taste", 1, 1),
        ("Foam", 1, 1),
    ]
    assert (found.people, found.simulated, found.outdated) == (3, groups[0].simulated, ())
    added = syntheses.add(made.id, [groups[2].id])
    assert added.analyses[:2] == made.analyses
    assert syntheses.get(made.id).themes[1].sessions == (groups[0].id, groups[2].id)
    findings = workspace.findings.get(groups[2].id)
    assert findings
    workspace.findings.edit(groups[2].id, findings.analysis_id, 0, Rewrite(0, "Sweetness", "It is sweet."))
    outdated = syntheses.get(made.id)
    assert outdated.outdated == (groups[2].id,)
    assert outdated.themes[1].members[1].theme.name == "Sweet taste", "what was matched is what is shown"
    updated = syntheses.update(made.id, version=added.version)
    assert updated.analyses[2].version == 1
    assert updated.analyses[:2] == made.analyses
    now = syntheses.get(made.id)
    assert (now.outdated, now.themes[1].members[1].theme.name) == ((), "Sweetness")
    assert syntheses.update(made.id) == updated, "nothing to do"


def test_a_chosen_analysis_stays_until_the_newest_is_wanted(semblance: Semblance, workspace: Workspace) -> None:
    group = sessions_with(semblance, workspace, (PRICE,))[0]
    earlier = workspace.findings.analyses(group.id)[0].analysis_id
    newer = found_themes(semblance, group, (FOAM, TASTE), analysis_id="newer")
    syntheses = workspace.syntheses
    made = syntheses.begin(group.project_id, "One", analyses={group.id: earlier})
    assert [each.name for each in syntheses.get(made.id).themes] == ["Too dear"]
    assert syntheses.get(made.id).outdated == ()
    assert syntheses.update(made.id) == made
    after = syntheses.update(made.id, {group.id: ""})
    assert (after.analyses[0].analysis_id, after.analyses[0].chosen) == (newer.analysis_id, False)
    with pytest.raises(NotFound, match="no such analysis"):
        syntheses.update(made.id, {group.id: "of-another"})


def test_edits_by_hand_are_stored_and_the_later_of_two_is_told(semblance: Semblance, workspace: Workspace) -> None:
    groups = sessions_with(semblance, workspace, (PRICE, TASTE), (COST, FOAM))
    syntheses = workspace.syntheses
    made = syntheses.begin(groups[0].project_id, "Oat milk")
    apart = syntheses.edit(made.id, 0, SeparateShared(1, ((groups[1].id, 0),)))
    assert apart.version == 1
    with pytest.raises(Conflict, match=r"changed this synthesis meanwhile \(separated a shared theme\)"):
        syntheses.edit(made.id, 0, MergeShared((2, 3)))
    named = syntheses.edit(made.id, 1, MergeShared((1, 4), "Price"))
    assert syntheses.edit(made.id, 2, RenameShared(2, "Taste")).names == {"1": "Price", "2": "Taste"}
    assert next((each.name, each.named_by_hand) for each in syntheses.get(made.id).themes) == ("Price", True)
    assert {each.by_hand for each in named.analyses[1].themes} == {True, False}
    with pytest.raises(InvalidInput, match="At least one session stays"):
        syntheses.take_out(made.id, [group.id for group in groups])
    assert syntheses.take_out(made.id, [groups[0].id]).source_ids == (groups[1].id,)


def test_what_a_synthesis_may_be_made_of(semblance: Semblance, workspace: Workspace) -> None:
    group = sessions_with(semblance, workspace, (PRICE,))[0]
    elsewhere = sessions_with(semblance, workspace, (PRICE,))[0]
    empty = session(workspace)
    with pytest.raises(Conflict, match="Find themes in a session first"):
        workspace.syntheses.begin(empty.project_id, "None")
    for wrong in (elsewhere.id, empty.id, "there-is-none"):
        with pytest.raises(NotFound, match="not in this project"):
            workspace.syntheses.begin(group.project_id, "Others", [group.id, wrong])
    with pytest.raises(InvalidInput, match="title"):
        workspace.syntheses.begin(group.project_id, " ")


def test_interviews_are_one_source_and_each_a_session(semblance: Semblance, workspace: Workspace) -> None:
    group = sessions_with(semblance, workspace, (PRICE, FOAM))[0]
    for persona in group.participants:
        workspace.personas.add(group.project_id, persona)
    held = interviewed(semblance, workspace, group.project_id)
    first, second = held.session_ids[:2]
    quotes = tuple(
        Verbatim(2, each.name, "It is dear", session_id=each.session_id)
        for each in held.people
        if each.session_id in (first, second)
    )
    read = tuple(ReadSession(each, 2) for each in held.session_ids)
    themes = [Theme("Cost", "A litre costs more than dairy milk does.", quotes)]
    findings = workspace.findings.get(group.id)
    assert findings
    semblance.store.themes.add(
        replace(findings, focus_group_id=held.id, sessions=read, themes=tuple(themes)), "of-round"
    )
    made = workspace.syntheses.begin(group.project_id, "All")
    found = workspace.syntheses.get(made.id)
    assert found.sessions == (group.id, *held.session_ids)
    assert found.themes[0].sessions == (group.id, first, second)
    assert [(each.title, each.is_round) for each in found.sources] == [(group.title, False), (held.title, True)]
    workspace.interviews.delete(held.id)
    assert workspace.syntheses.get(made.id).sessions == (group.id,)
    assert [each.source_ids for each in workspace.syntheses.of_project(group.project_id)] == [(group.id,)]
    workspace.projects.delete(group.project_id)
    assert semblance.connection.database["syntheses"].count_documents({"project_id": group.project_id}) == 0
