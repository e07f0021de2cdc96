"""Codebook, codings and memos over a real database: who made and confirmed each, undo, two windows, deletion, pseudonyms."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.coding.codebook import tree
from semblance_core.domain.coding.codings import MemoOn
from semblance_core.domain.coding.provenance import Author
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.editing import EditConflict
from semblance_core.domain.errors import Conflict, InvalidInput, NotFound
from semblance_core.reports.deliverables.kinds import FileKind
from semblance_core.store.codec import to_document
from semblance_core.workspace import Workspace
from tests.conftest import opened, settings_for
from tests.scripted_server import ScriptedServer
from tests.studies import asked_round, session


@pytest.fixture(scope="module")
def semblance(data_dir: Path) -> Iterator[Semblance]:
    with ScriptedServer() as model_server, opened(settings_for(data_dir, model_server)) as semblance:
        yield semblance


@pytest.fixture
def ws(semblance: Semblance) -> Workspace:
    return semblance.workspace("user")


@pytest.fixture
def group(semblance: Semblance, ws: Workspace) -> FocusGroup:
    """A session in which a question was asked and answered."""
    group = session(ws, model="simulator/instant")
    asked_round(semblance, ws, group.id, "What do you think of oat milk?")
    return ws.sessions.get(group.id)


def names(ws: Workspace, group: FocusGroup) -> list[tuple[int, str]]:
    return [(each.level, each.code.name) for each in tree(ws.codebook.of_project(group.project_id))]


def test_codes_are_added_moved_merged_and_deleted_and_each_step_is_taken_back(ws: Workspace, group: FocusGroup) -> None:
    of = group.project_id
    money = ws.codebook.add(of, "Money", definition="About cost.")
    price = ws.codebook.add(of, "Price", when="A sum is named.", parent_id=money.id)
    dear = ws.codebook.add(of, " Too  dear ", parent_id=price.id)
    assert names(ws, group) == [(0, "Money"), (1, "Price"), (2, "Too dear")]
    assert len({money.colour, price.colour, dear.colour}) == 3
    assert (money.made.user_id, money.made.name, money.made.model) == ("user", "User", "")
    with pytest.raises(Conflict, match="named “Money” already"):
        ws.codebook.add(of, "money")
    with pytest.raises(InvalidInput, match="below itself"):
        ws.codebook.edit(money.id, parent_id=dear.id)
    coded = ws.coding.give(group.id, 2, [dear.id, price.id])
    assert len(coded) == 2
    ws.coding.give(group.id, 3, [dear.id])
    ws.codebook.merge(dear.id, price.id)  # in message 2 both stood on one span
    assert names(ws, group) == [(0, "Money"), (1, "Price")]
    assert [(each.seq, each.code_id) for each in ws.coding.of_session(group.id)] == [(2, price.id), (3, price.id)]
    assert ws.codebook.undo(of) == "merged “Too dear” into “Price”"
    assert len(ws.coding.of_session(group.id)) == 3
    ws.codebook.delete(price.id)
    assert names(ws, group) == [(0, "Money"), (1, "Too dear")]
    assert [each.code_id for each in ws.coding.of_session(group.id)] == [dear.id, dear.id]
    ws.codebook.edit(money.id, name="Costs")
    done = [ws.codebook.undo(of) for _ in range(7)]
    assert done[0] == "changed the name of “Costs”"
    assert done[-1] == "added the code “Money”"
    assert (names(ws, group), ws.coding.of_session(group.id)) == ([], [])
    with pytest.raises(Conflict, match="no such change"):
        ws.codebook.undo(of)


def test_a_span_is_coded_by_place_or_by_words_with_several_codes_by_several_people(
    semblance: Semblance, ws: Workspace, group: FocusGroup
) -> None:
    one, two = (ws.codebook.add(group.project_id, name).id for name in ("One", "Two"))
    text = ws.sessions.messages(group.id)[1].text
    words = " ".join(text.split()[1:3])
    by_words = ws.coding.give(group.id, 2, [one, two], words=words)
    assert {text[each.start : each.end] for each in by_words} == {words}
    at = text.index(words)
    assert ws.coding.give(group.id, 2, [one], start=at, end=at + len(words)) == [], "it has this code already"
    admin = semblance.workspace("admin")
    (also,) = admin.coding.give(group.id, 2, [one], start=at - 1, end=at + len(words))
    assert (also.made.user_id, also.start) == ("admin", at)
    for wrong, why in (
        ({"words": "nobody said this"}, "do not stand"),
        ({"words": words[1:-1]}, "whole word"),
        ({"start": 0, "end": 100_000}, "does not stand"),
        ({"start": -1, "end": 3}, "does not stand"),
    ):
        with pytest.raises(InvalidInput, match=why):
            ws.coding.give(group.id, 2, [one], **wrong)  # type: ignore[arg-type]
    with pytest.raises(NotFound, match="no message 99"):
        ws.coding.give(group.id, 99, [one])
    with pytest.raises(NotFound, match="no such code"):
        ws.coding.give(group.id, 2, [session_code(ws)])
    ws.coding.remove(group.id, [also.id, by_words[1].id])
    assert [each.id for each in ws.coding.of_session(group.id)] == [by_words[0].id]


def session_code(ws: Workspace) -> str:
    """A code of another project."""
    return ws.codebook.add(session(ws).project_id, "Elsewhere").id


def test_what_somebody_else_changed_is_neither_overwritten_nor_taken_back(
    semblance: Semblance, ws: Workspace, group: FocusGroup
) -> None:
    admin, of = semblance.workspace("admin"), group.project_id
    code = ws.codebook.add(of, "Price")
    admin.codebook.edit(code.id, definition="Theirs.", base=code)
    with pytest.raises(EditConflict, match="Admin changed the definition"):
        ws.codebook.edit(code.id, definition="Mine.", base=code)
    assert ws.codebook.edit(code.id, name="Costs", base=code).definition == "Theirs."
    with pytest.raises(Conflict, match="no longer as it left it"):
        admin.codebook.undo(of)
    assert ws.codebook.undo(of) == "changed the name of “Costs”"
    assert ws.codebook.get(code.id).name == "Price"
    assert admin.codebook.undo(of)
    assert ws.codebook.get(code.id).definition == ""
    last = ws.codebook.last_change(of)
    assert last
    with pytest.raises(Conflict, match="no such change"):
        ws.codebook.undo(of, "another-one")


def test_a_model_s_codes_and_codings_are_unconfirmed_until_a_person_confirms_them(
    semblance: Semblance, ws: Workspace, group: FocusGroup
) -> None:
    code = ws.codebook.add(group.project_id, "Price")
    (coding,) = ws.coding.give(group.id, 2, [code.id])
    by_model = replace(coding, id="by-model", made=Author(semblance.clock(), "user", model="openai/gpt-4o-mini"))
    semblance.connection.database["codings"].insert_one(to_document(by_model))
    found = {each.id: each for each in ws.coding.of_session(group.id)}
    assert {name: each.is_unconfirmed for name, each in found.items()} == {coding.id: False, "by-model": True}
    (confirmed,) = ws.coding.confirm(group.id, [coding.id, "by-model"])
    assert confirmed.confirmed
    assert (confirmed.made.model, confirmed.confirmed.user_id) == ("openai/gpt-4o-mini", "user")
    assert ws.coding.confirm(group.id, ["by-model"]) == []
    assert ws.codebook.undo(group.project_id) == "confirmed 1 coding"
    assert [each.id for each in ws.coding.of_session(group.id) if each.is_unconfirmed] == ["by-model"]


def test_memos_are_written_on_four_kinds_of_things(ws: Workspace, group: FocusGroup) -> None:
    of = group.project_id
    code = ws.codebook.add(of, "Price")
    on_code = ws.memos.add(of, MemoOn.CODE, "Watch this.", target=code.id)
    for about, which in ((MemoOn.SESSION, ""), (MemoOn.MESSAGE, "2"), (MemoOn.THEME, "Cost rules")):
        ws.memos.add(of, about, f"On a {about}.", target=which, group_id=group.id)
    assert [memo.about for memo in ws.memos.of_project(of, group.id)] == [
        MemoOn.SESSION,
        MemoOn.MESSAGE,
        MemoOn.THEME,
    ]
    assert ws.memos.of_project(of, "") == [on_code]
    edited = ws.memos.edit(on_code.id, "Look again.", on_code)
    with pytest.raises(EditConflict, match="the memo"):
        ws.memos.edit(on_code.id, "Another.", on_code)
    assert (edited.text, ws.codebook.undo(of)) == ("Look again.", "changed a memo on a code")
    ws.memos.delete(on_code.id)
    assert len(ws.memos.of_project(of)) == 3
    with pytest.raises(NotFound, match="no message 99"):
        ws.memos.add(of, MemoOn.MESSAGE, "Nothing.", target="99", group_id=group.id)
    with pytest.raises(NotFound, match="focus group"):
        ws.memos.add(session(ws).project_id, MemoOn.SESSION, "Not here.", group_id=group.id)


def test_a_codebook_goes_out_and_comes_back_as_csv(ws: Workspace, group: FocusGroup) -> None:
    of, other = group.project_id, session(ws).project_id
    money = ws.codebook.add(of, "=Money", definition="About\ncost; “all” of it,\tand 007.")
    ws.codebook.add(of, "Price", when="A sum.", when_not="A joke.", colour="#123456", parent_id=money.id)
    ws.coding.give(group.id, 2, [money.id])
    text = ws.codebook.file(of)
    row = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert (row["made_id"], row["made_kind"], row["confirmed_by"], row["codings"]) == ("user", "person", "", "1")
    ws.codebook.add(other, "price", definition="Ours.")
    (came,) = ws.codebook.take_in(other, text, "codes.csv")
    assert (came.name, came.definition, came.made.source) == ("=Money", money.definition, "codes.csv")
    assert ws.codebook.take_in(of, text) == []
    back = ws.codebook.take_in(session(ws).project_id, text)
    assert [(each.name, each.when, each.when_not, each.colour) for each in back][1] == (
        "Price",
        "A sum.",
        "A joke.",
        "#123456",
    )
    assert back[1].parent_id == back[0].id
    ring = "name;above\nA;B\nB;A\nC;C\n"
    assert {each.level for each in tree(ws.codebook.take_in(session(ws).project_id, ring))} <= {0, 1}
    for wrong in ("", "no,such\n1,2\n", "name\n" + "x" * 130, "name\n" + "\n".join(f"c{n}" for n in range(501))):
        with pytest.raises(InvalidInput):
            ws.codebook.take_in(other, wrong)


def test_codings_go_with_their_session_and_project_and_names_with_their_account(semblance: Semblance) -> None:
    other, admin = semblance.workspace("other"), semblance.workspace("admin")
    group = session(other, model="simulator/instant")
    asked_round(semblance, other, group.id, "What do you think of oat milk?")
    of, database = group.project_id, semblance.connection.database
    code = other.codebook.add(of, "Price")
    other.coding.give(group.id, 2, [code.id])
    other.memos.add(of, MemoOn.SESSION, "A secret.", group_id=group.id)
    admin.coding.give(group.id, 3, [code.id])
    admin.codebook.edit(code.id, definition="By the admin.")
    other.sessions.delete(group.id)
    for name in ("codings", "memos"):
        assert database[name].count_documents({"project_id": of}) == 0
    assert "secret" not in str(list(database["coding_changes"].find({"project_id": of})))
    name = admin.accounts.delete("other", hand_over_to="user", anonymise=True)
    (kept,) = semblance.workspace("user").codebook.of_project(of)
    assert (kept.made.user_id, kept.made.name, kept.edits["definition"].by) == (name, name, "admin")
    assert database["coding_changes"].count_documents({"$or": [{"by": "other"}, {"names": "other"}]}) == 0
    semblance.workspace("user").projects.delete(of)
    assert database["codes"].count_documents({"project_id": of}) == 0
    assert database["coding_changes"].count_documents({"project_id": of}) == 0


def test_a_project_file_goes_out_through_the_operations_and_comes_back(ws: Workspace, group: FocusGroup) -> None:
    code = ws.codebook.add(group.project_id, "Price", definition="A sum.")
    given = ws.coding.give(group.id, 2, [code.id])
    made = ws.findings.file(group.id, FileKind.QDPX)
    assert ws.coding.take_in(group.id, made.content).things == []
    assert "person" in ws.findings.file(group.id, FileKind.CODINGS_CSV).content.decode()
    ws.codebook.delete(code.id)
    found = ws.coding.take_in(group.id, made.content, "mine.qdpx")
    (back,) = ws.coding.of_session(group.id)
    assert (len(found.codes), back.start, back.end, back.made.source) == (1, given[0].start, given[0].end, "mine.qdpx")
    assert ws.codebook.undo(group.project_id) == "imported 1 coding"
    other = session(ws).project_id
    assert [each.name for each in ws.codebook.take_in(other, made.content, "mine.qdpx")] == ["Price"]
    assert ws.codebook.take_in(session(ws).project_id, ws.codebook.exchange_file(other))[0].definition == "A sum."
    with pytest.raises(InvalidInput, match="no REFI-QDA file"):
        ws.coding.take_in(group.id, b"Anything")
