"""Project files of REFI-QDA: valid by the public schema, with spans where the words are, and who made and confirmed each coding."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import count

import pytest
from lxml import etree

from semblance_core.documents.qda.reader import MOST_XML, read_qda
from semblance_core.domain.coding.codebook import CodebookCode
from semblance_core.domain.coding.codings import Coding, Memo, MemoOn
from semblance_core.domain.coding.provenance import Author
from semblance_core.domain.errors import InvalidInput
from semblance_core.reports.coding.refi import CODEBOOK, PROJECT, guid, qdc
from semblance_core.reports.coding.taking_in import Here, taken_in
from semblance_core.reports.coding.transcript_text import transcript_text
from semblance_core.reports.deliverables.kinds import FileKind, made_file
from semblance_core.reports.deliverables.making import CodedMaterial, Material
from tests.reports.materials import AT, HOSTILE, hostile, recorded
from tests.studies import REPOSITORY

NS = {"q": PROJECT}
DANA, MODEL = Author(AT, "dana", "Dana Doe"), Author(AT, "dana", model="openai/gpt-4o-mini")


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(REPOSITORY / "tests" / "data" / "refi" / "Project.xsd")))


def coded(material: Material, text: str = "Price") -> Material:
    """The session with two codes, one below the other, three codings of two spans, and four memos."""
    group, first = material.group, material.messages[1]
    money = CodebookCode("money", "p", text[:100], DANA, definition=text * 3, when=text, when_not="A joke.")
    price = CodebookCode(
        "price", "p", "Too dear", MODEL, parent_id="money", confirmed=replace(DANA, at=AT + timedelta(1))
    )
    coding = Coding("c1", "p", group.id, first.seq, 2, len(first.text) - 1, "money", DANA)
    by_model = replace(coding, id="c2", code_id="price", made=MODEL, confirmed=DANA)
    open_one = replace(by_model, id="c3", start=5, confirmed=None)
    memos = (
        Memo("m1", "p", MemoOn.CODE, text, DANA, "price"),
        Memo("m2", "p", MemoOn.MESSAGE, text, DANA, str(first.seq), group.id),
        Memo("m3", "p", MemoOn.THEME, text, DANA, "Cost rules", group.id),
        Memo("m4", "p", MemoOn.SESSION, text, DANA, "", group.id),
    )
    return replace(material, coding=CodedMaterial((money, price), (coding, by_model, open_one), memos))


def opened(material: Material) -> tuple[etree._Element, str]:
    made = made_file(FileKind.QDPX, material)
    assert made.name.endswith("-coding.qdpx")
    with zipfile.ZipFile(io.BytesIO(made.content)) as archive:
        project, source = archive.namelist()
        assert (project, source) == ("project.qde", f"sources/{guid('source', material.group.id)}.txt")
        root = etree.fromstring(archive.read(project))
        assert schema().validate(root.getroottree()), schema().error_log
        return root, archive.read(source).decode()


def test_a_coded_session_is_a_valid_project_whose_spans_are_the_words() -> None:
    material = coded(recorded("breakfast"))
    root, text = opened(material)
    message = material.messages[1]
    spans = root.findall(".//q:PlainTextSelection[q:Coding]", NS)
    cut = [text[int(span.get("startPosition")) : int(span.get("endPosition"))] for span in spans]
    assert cut == [message.text[2:-1], message.text[5:-1]]
    assert [len(span.findall("q:Coding", NS)) for span in spans] == [2, 1]
    turns = {
        each.get("name"): each
        for each in root.findall(".//q:PlainTextSelection", NS)
        if not each.findall("q:Coding", NS)
    }
    said = turns[f"message {message.seq}"]
    assert text[int(said.get("startPosition")) : int(said.get("endPosition"))] == message.text
    assert root.get("name").endswith("(synthetic participants)")
    assert "every participant is synthetic" in root.findtext("q:Description", namespaces=NS)
    assert [code.get("name") for code in root.findall(".//q:Code/q:Code", NS)] == ["Too dear"]
    cases = root.findall(".//q:Case", NS)
    assert [case.get("name") for case in cases] == [person.name for person in material.group.participants]
    guids = {each.get("guid") for each in root.iter() if each.get("guid")}
    assert {each.get("targetGUID") for each in root.iter() if each.get("targetGUID")} <= guids


def test_each_code_and_coding_says_whether_a_person_or_a_model_made_it_and_who_confirmed_it() -> None:
    root, _ = opened(coded(recorded("breakfast")))
    users = {user.get("guid"): user.get("id") for user in root.findall(".//q:User", NS)}
    assert sorted(users.values()) == ["model:openai/gpt-4o-mini", "person:dana"]
    notes = {note.get("guid"): note for note in root.findall(".//q:Note", NS)}
    told = []
    for coding in root.findall(".//q:Coding", NS):
        note = next((notes[each.get("targetGUID")] for each in coding.findall("q:NoteRef", NS)), None)
        confirmed = users.get(note.get("modifyingUser")) if note is not None else None
        told.append((users[coding.get("creatingUser")], confirmed))
    assert told == [
        ("person:dana", None),
        ("model:openai/gpt-4o-mini", "person:dana"),
        ("model:openai/gpt-4o-mini", None),
    ]
    words = {note.findtext("q:PlainTextContent", namespaces=NS) for note in notes.values()}
    assert "Made by the model openai/gpt-4o-mini on 2026-05-01 00:00 UTC, confirmed by nobody." in words
    assert [note.get("name") for note in notes.values()].count("Provenance") == 4  # two of codes, two of codings
    assert {note.get("name") for note in notes.values()} > {
        "Memo on the code",
        "Memo on the session",
        "Memo on message 2",
    }


def test_hostile_texts_and_an_empty_session_stay_valid() -> None:
    material = coded(hostile(), HOSTILE)
    root, text = opened(material)
    assert "\x00" not in text
    placed = transcript_text(material.messages).placed
    for message in material.messages:
        at = placed[message.seq]
        assert at.end - at.start == len(message.text), "a place in the message is a place in the text"
    assert root.findall(".//q:Coding", NS)
    nothing = replace(recorded("breakfast"), messages=[], coding=CodedMaterial())
    assert opened(nothing)[1] == ""


def test_a_codebook_goes_out_alone() -> None:
    book = etree.fromstring(qdc(coded(recorded("breakfast")).coding.codes))
    assert (book.tag, book.get("origin")) == (f"{{{CODEBOOK}}}CodeBook", "Semblance")
    (code,) = book.findall(".//{*}Code/{*}Code")
    assert (code.get("name"), code.get("isCodable"), code.get("guid")) == ("Too dear", "true", guid("code", "price"))
    assert "Made by the model" in code.findtext("{*}Description")


def here_of(material: Material) -> Here:
    coding = material.coding
    return Here(material.group, material.messages, coding.codes, coding.codings, coding.memos)


def test_what_goes_out_comes_back_with_who_made_and_confirmed_it() -> None:
    material = coded(recorded("breakfast"))
    content = made_file(FileKind.QDPX, material).content
    me, ids = Author(AT + timedelta(2), "eva", "Eva", source="a.qdpx"), map(str, count())
    bare = replace(material, coding=CodedMaterial())
    came = taken_in(read_qda(content), here_of(bare), me, lambda: next(ids))
    before = material.coding
    assert came.left_out == 0
    names = {code.id: code.name for code in (*came.codes, *before.codes)}

    def told(codings: Sequence[Coding]) -> list[object]:
        return sorted(
            (each.seq, each.start, each.end, names[each.code_id], *who(each.made), *who(each.confirmed))
            for each in codings
        )

    assert told(came.codings) == told(before.codings)
    kept = [
        (code.name, code.definition.strip(), code.when, code.when_not, code.colour, who(code.made))
        for code in came.codes
    ]
    given = [
        (code.name, code.definition.strip(), code.when, code.when_not, code.colour, who(code.made))
        for code in before.codes
    ]
    assert kept == given
    assert {(memo.about, names.get(memo.target, memo.target), memo.text) for memo in came.memos} == {
        (memo.about, names.get(memo.target, memo.target), memo.text) for memo in before.memos
    }
    assert {each.made.source for each in came.codings} == {"a.qdpx"}
    again = taken_in(read_qda(content), here_of(material), me, lambda: "none")
    assert again.things == [], "what is there already is not taken in twice"
    back = replace(material, coding=CodedMaterial(came.codes, came.codings, came.memos))
    assert opened(back)
    with pytest.raises(InvalidInput, match="no transcript of this session"):
        taken_in(read_qda(content), here_of(recorded("commuters")), me, lambda: "none")


def who(author: Author | None) -> tuple[str, str, str]:
    return (author.model, "" if author.model else author.user_id, author.name) if author else ("", "", "")


def test_a_codebook_of_another_tool_is_read_and_hostile_files_are_refused() -> None:
    book = read_qda(qdc(coded(recorded("breakfast")).coding.codes))
    assert [(code.name, code.when, code.above) for code in book.codes.values()] == [
        ("Price", "Price", ""),
        ("Too dear", "", "Price"),
    ]
    code = '<Code guid="{}" name="{}" isCodable="true">{}</Code>'
    nested = code.format("1", "A", code.format("2", "Same", "")) + code.format("3", "B", code.format("4", "Same", ""))
    other = f'<CodeBook xmlns="{CODEBOOK}"><Codes>{nested}</Codes><Sets/></CodeBook>'
    assert [each.name for each in read_qda(other.encode()).codes.values()] == ["A", "Same", "B", "Same (B)"]
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    bomb = f'<!DOCTYPE x [{lol}]><CodeBook xmlns="{CODEBOOK}"><Codes>{code.format("1", "&l11;", "")}</Codes></CodeBook>'
    outside = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><CodeBook xmlns="{CODEBOOK}">&f;</CodeBook>'
    deep = f'<CodeBook xmlns="{CODEBOOK}"><Codes>{"<Code>" * 60}{"</Code>" * 60}</Codes></CodeBook>'
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.qde", b" " * (MOST_XML + 10))
    empty = io.BytesIO()
    zipfile.ZipFile(empty, "w").close()
    for wrong in (
        bomb.encode(),
        outside.encode(),
        deep.encode(),
        b"",
        b"PK\x03\x04 nonsense",
        b"<a/>",
        packed.getvalue(),
        empty.getvalue(),
    ):
        with pytest.raises(InvalidInput, match="no REFI-QDA file"):
            read_qda(wrong)
