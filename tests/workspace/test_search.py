"""One search over all that is one's own: transcripts, quotes and notes, in any script; and nothing that is somebody else's."""

from collections.abc import Sequence

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.findings.search import HitKind, SearchResult, wanted
from semblance_core.domain.findings.theme import Theme, Verbatim
from semblance_core.domain.findings.theme_edits import RemoveQuotes
from semblance_core.store.across.patterns import here, spans
from semblance_core.store.codec import to_document
from semblance_core.workspace import Workspace, config_of
from tests.studies import NAMES, found_themes, session

TEXTS = (
    "It is too dear: I pay 2 euros a litre, and that's that.",
    "Dear me, the café near the boat sells oat milk too.",
    "オーツミルクは高いと思います。",
    "燕麦奶太贵了，我不会每天买。",
    "นมโอ๊ตแพงเกินไปสำหรับฉัน",
    "귀리 우유의 가격이 너무 비싸요.",
    "The weekly shop: bread, $where, .* and (brackets).",
)


def talk(semblance: Semblance, group: FocusGroup, texts: Sequence[str], **fields: object) -> None:
    """Messages of the transcript, said by the participants in turn."""
    messages = [
        Message(*(group.id, seq, "persona", NAMES[(seq - 1) % 3], text, MessageStatus.SAID, "reply", semblance.clock()))
        for seq, text in enumerate(texts, start=1)
    ]
    documents = [{"_id": f"{group.id}/{each.seq}", **to_document(each), **fields} for each in messages]
    semblance.connection.database["focus_group_messages"].insert_many(documents)


def seqs(found: SearchResult) -> list[int]:
    return [hit.seq for hit in found.hits if hit.kind is HitKind.MESSAGE]


@pytest.mark.parametrize("is_indexed", [True, False])
def test_words_and_phrases_in_any_script_are_found_where_they_stand(
    semblance: Semblance, workspace: Workspace, is_indexed: bool
) -> None:
    group = session(workspace)
    talk(semblance, group, TEXTS)
    if not is_indexed:  # as where an operator's own index stood in its way
        semblance.connection.database["focus_group_messages"].drop_index("words")
    found = {
        "dear": [1, 2],
        "DEAR too": [1, 2],
        '"too dear"': [1],
        "“Dear me”": [2],
        "cafe": [2],
        "oat": [2],
        "oa": [],
        "thats": [],  # codespell:ignore thats
        "that’s": [1],
        "高い": [3],
        "「高いと思」": [3],
        "太贵": [4],
        "太贵 买": [4],
        "แพง": [5],
        "가격": [6],
        "dear 高い": [],
        "$where": [7],
        "-dear bread": [],
        "-bread": [7],
        ".*": None,
    }
    for text, expected in found.items():
        if expected is None:
            with pytest.raises(InvalidInput, match="at least one word"):
                workspace.search.mine(text)
            continue
        assert seqs(workspace.search.mine(text)) == expected, text
    hit = workspace.search.mine("cafe").hits[0]
    assert [hit.text[start:end] for start, end in hit.spans] == ["café"]
    assert (hit.session_id, hit.title, hit.speaker) == (group.id, group.title, NAMES[1])


def test_nobody_finds_what_is_not_theirs_and_administrators_only_where_they_ask_for_it(
    semblance: Semblance, workspace: Workspace
) -> None:
    mine, theirs = session(workspace), session(semblance.workspace("other"))
    talk(semblance, mine, ["quokka"])
    talk(semblance, theirs, ["quokka", "quokka"])
    assert {hit.session_id for hit in workspace.search.mine("quokka").hits} == {mine.id}
    admin = semblance.workspace("admin")
    assert admin.search.mine("quokka").hits == ()
    assert seqs(admin.search.in_project(theirs.project_id, "quokka")) == [1, 2]


def test_speaker_kinds_pending_answers_and_the_bound(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    other = workspace.sessions.create(group.project_id, config_of(group))
    talk(semblance, group, ["quokka"] * 120)
    talk(semblance, other, ["quokka"] * 3, status=MessageStatus.DISCARDED.value)
    found = workspace.search.mine("quokka")
    assert (len(found.hits), found.more, found.sessions, found.left_out) == (100, True, 2, 0)
    by_maya = workspace.search.mine("quokka", speaker="maya r")
    assert ({hit.speaker for hit in by_maya.hits}, by_maya.more, len(by_maya.hits)) == ({NAMES[0]}, False, 40)
    assert workspace.search.mine("quokka", kinds=[HitKind.NOTE]).hits == ()


def test_quotes_and_notes_are_found_as_they_stand_now(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    quotes = (Verbatim(1, NAMES[0], "It is too dear"), Verbatim(2, NAMES[1], "Dear me"))
    findings = found_themes(semblance, group, [Theme("Price", "It is dear.", quotes)])
    workspace.projects.describe(group.project_id, aim="Is oat milk dear?", notes="Nobody says so.")
    found = workspace.search.in_project(group.project_id, "dear").hits
    told = [(hit.kind.value, hit.session_id, hit.seq, hit.theme, hit.text) for hit in found]
    assert told == [
        ("note", "", 0, "", "Is oat milk dear?"),
        ("quote", group.id, 1, "Price", "It is too dear"),
        ("quote", group.id, 2, "Price", "Dear me"),
    ]
    workspace.findings.edit(group.id, findings.analysis_id, 0, RemoveQuotes(0, (1,)))
    assert [hit.seq for hit in workspace.search.mine("dear", kinds=[HitKind.QUOTE]).hits] == [1]


def test_what_is_looked_for_is_bounded_and_escaped() -> None:
    for wrong in ("", " - ", '""', "x" * 201, " ".join(f"w{each}" for each in range(13))):
        with pytest.raises(InvalidInput):
            wanted(wrong)
    assert wanted("हिन्दी, सीख").parts == (("हिन्दी",), ("सीख",))
    assert spans("(a+b)* or [c]", here(wanted("a+b [c]"))) == ((1, 4), (11, 12))
    assert spans("cafe\u0301 Café CAFÉ cafés", here(wanted("cafe"))) == ((0, 5), (6, 10), (11, 15))
