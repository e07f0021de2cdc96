"""Claims: a sentence of a summary that the messages do not say is marked, and one that nobody could check is never taken for said."""

import json
import random
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from semblance_core.analysis.claims.sentences import in_sentences
from semblance_core.analysis.claims.told import (
    INFERENCE,
    LEANS,
    Told,
    tally,
    to_cut,
    told_of_session,
    told_of_theme,
    without_marked,
)
from semblance_core.bootstrap import Semblance
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.findings.claims import Check, Claim
from semblance_core.domain.findings.theme import Code, Findings, Theme, Verbatim
from semblance_core.flows.checkpoints import CheckpointedModel
from semblance_core.flows.claims import checked_themes, with_claims
from semblance_core.llm.gateway import Caller
from semblance_core.workspace import Workspace
from tests.scripted_server import Asked, Reply, ScriptedServer
from tests.studies import NAMES, asked_round, finished, session

PEOPLE, SUMMARIES, UNSUPPORTED = 6, 200, 60
THINGS = ("bus", "bike", "car", "train", "tram", "walk", "taxi", "scooter")
MISTAKES = ("hides it at home", "feels guilty about it", "will stop next year", "does it to impress the neighbours")
LINE = re.compile(r"^\[(\d+)\] ([^:]+): (.*)$", re.MULTILINE)
SENTENCE = re.compile(r"^(\d+)\. (.*)$", re.MULTILINE)


def transcript() -> dict[int, Line]:
    """Each of six people says of each of eight things how often they take it: message = thing · people + person."""
    said = [(thing, name) for thing in THINGS for name in NAMES[:PEOPLE]]
    return {
        seq: Line(seq, name, f"I take the {thing} on {seq} days a year and it costs {seq} pounds.", "persona")
        for seq, (thing, name) in enumerate(said, start=1)
    }


def planted(lines: dict[int, Line]) -> tuple[list[tuple[Theme, list[Code]]], set[str]]:
    """200 themes, each with a summary of three sentences, and the 60 sentences that no message says: guesses, wrong people, wrong counts."""
    chance = random.Random(20)
    themes, false = list[tuple[Theme, list[Code]]](), set[str]()
    for number in range(SUMMARIES):
        place = number % len(THINGS)
        thing = THINGS[place]
        held = chance.sample(range(PEOPLE), 3)
        said = [lines[place * PEOPLE + each + 1] for each in held]
        verbatims = tuple(Verbatim(line.seq, line.speaker, line.text) for line in said)
        sentences = [f"{line.speaker} takes the {thing} on {line.seq} days a year [{line.seq}]." for line in said[:2]]
        counted = f"Three of six participants take the {thing} in case {number} [{', '.join(str(line.seq) for line in said)}]."
        if number < UNSUPPORTED:
            way, who = number % 3, said[0]
            wrong = (
                f"{who.speaker} {chance.choice(MISTAKES)} in case {number}.",
                f"{said[1].speaker} takes the {thing} on {who.seq + 100} days a year [{who.seq}].",
                f"Five of six participants take the {thing} in case {number}.",
            )[way]
            false.add(re.sub(r" \[\d+\]", "", wrong))
            sentences.append(wrong)
        else:
            sentences.append(counted)
        text, claims = with_claims(" ".join(sentences), lines)
        themes.append((Theme(f"Theme {number}", text, verbatims, claims), [Code(thing, verbatims)]))
    return themes, false


def judge(asked: Asked) -> Reply:
    """Says of a sentence that it is said where a message by the person that it names has its thing and its number; of counts it has no idea."""
    before, _, behind = asked.prompt.partition("</messages>")
    messages = [(int(seq), name, words) for seq, name, words in LINE.findall(before)]
    verdicts = []
    for number, sentence in SENTENCE.findall(behind.partition("<sentences>")[2]):
        told = re.match(r"(\w+ \w+) takes the (\w+) on (\d+) days", sentence)
        rests = [
            seq for seq, name, words in messages if told and (name, told[3]) == (told[1], str(seq)) and told[2] in words
        ]
        of_all = [seq for seq, _, _ in messages] if "participants" in sentence else []
        said = "said" if rests or of_all else "not_said"
        verdicts.append({"number": int(number), "verdict": said, "messages": rests or of_all})
    return Reply(json.dumps({"sentences": verdicts}))


@pytest.fixture
def group(workspace: Workspace) -> FocusGroup:
    return session(workspace, PEOPLE)


def asking(semblance: Semblance, group: FocusGroup) -> CheckpointedModel:
    caller = Caller(group.owner_id, group.project_id, group.id)
    return CheckpointedModel(semblance.gateway, group.model, caller, {}, lambda answers: None)


def test_of_two_hundred_summaries_with_sixty_unsupported_claims_all_are_marked(
    semblance: Semblance, group: FocusGroup, model_server: ScriptedServer
) -> None:
    lines = transcript()
    themes, false = planted(lines)
    assert len(false) == UNSUPPORTED
    model_server.script = judge
    with ThreadPoolExecutor(4) as side_by_side:
        checked = checked_themes(group, themes, lines, asking(semblance, group), side_by_side)
    told: list[Told] = [each for theme in checked for each in told_of_theme(theme, PEOPLE)]
    marked = {each.sentence for each in told if each.is_marked}
    assert len(marked & false) >= 0.95 * UNSUPPORTED, sorted(false - marked)
    assert marked <= false
    assert len(model_server.asked) == SUMMARIES, "one call a theme"
    assert all(each.seqs for each in told if each.check is Check.SAID)
    semblance.gateway.batcher.flush()
    assert {event.feature for event in semblance.store.usage.events(focus_group_id=group.id)} == {"check_claims"}


@pytest.mark.parametrize(
    "answer",
    [
        Reply("They all say so, I am sure of it."),
        Reply('{"sentences": [{"number": 1, "verdict": "supported", "messages": [1]}]}'),
        Reply('{"sentences": [{"number": 7, "verdict": "said", "messages": [1]}]}'),
        Reply("Internal error", status=500),
        Reply("no", status=400),
    ],
    ids=["no JSON", "another word", "another sentence", "fails", "refuses"],
)
def test_a_judge_who_fails_leaves_sentences_unchecked_and_never_said(
    semblance: Semblance, group: FocusGroup, model_server: ScriptedServer, answer: Reply
) -> None:
    model_server.script = lambda asked: answer
    lines = transcript()
    with ThreadPoolExecutor(1) as side_by_side:
        (theme,) = checked_themes(group, planted(lines)[0][:1], lines, asking(semblance, group), side_by_side)
    told = told_of_theme(theme, PEOPLE)
    assert [each.check for each in told] == [Check.UNCHECKED] * 3
    words = tally(findings_of(theme), PEOPLE).in_words
    assert "4 sentences were not checked against the messages." in words, "the summary above the themes too"


def test_said_is_only_what_rests_on_a_message_that_was_shown(
    semblance: Semblance, group: FocusGroup, model_server: ScriptedServer
) -> None:
    given = [
        {"number": 1, "verdict": "said", "messages": []},
        {"number": 2, "verdict": "said", "messages": [999]},
        {"number": 3, "verdict": "said", "messages": [1]},
        {"number": 3, "verdict": "not_said", "messages": []},
        {"number": 4, "verdict": "no_claim", "messages": []},
    ]
    model_server.script = lambda asked: Reply(json.dumps({"sentences": given}))
    text, claims = with_claims("One it is. Two it is. Three it is. Four it is. Five it is.", transcript())
    quotes = (Verbatim(1, NAMES[0], "I take the bus"),)
    with ThreadPoolExecutor(1) as side_by_side:
        theme = Theme("T", text, quotes, claims)
        (theme,) = checked_themes(
            group, [(theme, [Code("bus", quotes)])], transcript(), asking(semblance, group), side_by_side
        )
    inferred = [Check.INFERRED] * 4
    assert [claim.check for claim in theme.claims] == [*inferred, Check.UNCHECKED]


def findings_of(*themes: Theme) -> Findings:
    return Findings("g", themes, "It is about the bus.", 0, "m", "0", 48, datetime(2026, 1, 1, tzinfo=UTC))


def test_an_analysis_keeps_what_it_checked_and_does_not_repeat_what_was_inferred(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    model_server.script = lambda asked: Reply("I take the bus.")
    first = asked_round(semblance, workspace, group.id, "How do you travel?")[1]
    code = {"label": "bus", "verbatims": [{"seq": first.seq, "speaker": first.speaker, "quote": "I take the bus"}]}
    theme = {"name": "Bus", "summary": "Maya takes the bus [2]. Maya hides cars at home.", "code_ids": [0]}
    verdicts = [{"number": 1, "verdict": "said", "messages": [2]}, {"number": 2, "verdict": "not_said"}]
    answers = {
        "code_transcript": {"codes": [code]},
        "build_themes": {"themes": [theme]},
        "check_claims": {"sentences": verdicts},
    }

    def script(asked: Asked) -> Reply:
        if asked.feature in answers:
            return Reply(json.dumps(answers[asked.feature]))
        assert "Maya takes the bus" in asked.prompt
        assert "hides cars" not in asked.prompt, "what was inferred of a theme is not handed on to the summary"
        return Reply("The bus carries them [2]. All six participants take it.")

    model_server.script = script
    finished(semblance, workspace, workspace.findings.analyse(group.id))
    found = workspace.findings.get(group.id)
    assert found
    assert found.themes[0].summary == "Maya takes the bus. Maya hides cars at home."
    assert [(each.check, each.seqs) for each in told_of_theme(found.themes[0], PEOPLE)] == [
        (Check.SAID, (2,)),
        (Check.INFERRED, ()),
    ]
    assert found.summary == "The bus carries them. All six participants take it."
    assert [each.check for each in told_of_session(found, PEOPLE)] == [Check.SAID, Check.INFERRED]
    counted = tally(found, PEOPLE)
    assert (counted.said, counted.marked, counted.unchecked) == (2, 2, 0)


def test_what_was_stored_before_and_what_a_person_writes_is_not_checked() -> None:
    theme = Theme("Bus", "They take it. Ben agrees.", (Verbatim(1, NAMES[0], "I take the bus"),))
    assert {each.check for each in told_of_theme(theme, PEOPLE)} == {Check.UNCHECKED}
    claims = (Claim("They take it.", Check.SAID, (1,)), Claim("Ben agrees.", Check.INFERRED))
    rewritten = replace(theme, claims=claims, summary="They take it. Ben does not agree.")
    assert [each.check for each in told_of_theme(rewritten, PEOPLE)] == [Check.SAID, Check.UNCHECKED]


def test_sentences_that_refer_to_a_marked_one_are_counted_and_cut_with_it() -> None:
    summary = "Ben takes the bus. He hates it. They all hide it. This troubles them. Maya also hides it. Maya walks. It is far."
    texts = [sentence for sentence, _ in in_sentences(summary)]
    inferred = {"They all hide it."}
    claims = [Claim(text, Check.INFERRED if text in inferred else Check.SAID, (1,)) for text in texts]
    theme = Theme("Bus", summary, (Verbatim(1, NAMES[0], "I take the bus"),), tuple(claims))
    told = told_of_theme(theme, PEOPLE)
    assert [each.sentence for each in told if each.leans] == ["This troubles them.", "Maya also hides it."]
    assert {each.marks for each in told if each.leans} == {(LEANS,)}
    assert to_cut(told) == ("They all hide it.", "This troubles them.", "Maya also hides it.")
    assert without_marked(told) == "Ben takes the bus. He hates it. Maya walks. It is far."
    assert "2 sentences refer to a marked one." in tally(replace(findings_of(theme), summary=""), PEOPLE).in_words


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Alle verheimlichen es.", "Das stört sie."),
        ("Tous le cachent.", "Cela les gêne."),
        ("Todos lo esconden.", "Por eso callan."),
        ("大家都瞒着。", "这让他们不安。"),
        ("みんな隠している。", "そのため黙っている。"),
    ],
)
def test_references_are_read_in_other_languages_too(first: str, second: str) -> None:
    claims = (Claim(first, Check.INFERRED), Claim(second, Check.SAID, (1,)))
    theme = Theme("Bus", f"{first} {second}", (Verbatim(1, NAMES[0], "I take the bus"),), claims)
    assert to_cut(told_of_theme(theme, PEOPLE)) == (first, second)


def test_a_count_that_the_quotes_bear_out_stands_apart_from_the_inference_around_it() -> None:
    sentences = ("Two of six hide it.", "All six participants hide it.", "Two of six take it.")
    checks = (Check.INFERRED, Check.INFERRED, Check.SAID)
    claims = tuple(Claim(text, check, (1, 2)) for text, check in zip(sentences, checks, strict=True))
    quotes = (Verbatim(1, NAMES[0], "I take the bus"), Verbatim(2, NAMES[1], "I take the bus"))
    findings = replace(findings_of(Theme("Bus", "", quotes)), summary=" ".join(sentences), claims=claims)
    told = told_of_session(findings, PEOPLE)
    counted = "“Two of six” is counted: that many are quoted"
    assert [each.marks for each in told] == [(INFERENCE, counted), (INFERENCE,), ()]


@pytest.mark.parametrize(
    "text", ["", "One.", "A b.\n\n- c d\n- e f", "高い。買わない。\nでも。", "… !", "It is 3.50. Well?  “No!” "]
)
def test_sentences_put_together_are_the_text_again(text: str) -> None:
    assert "".join(sentence + behind for sentence, behind in in_sentences(text)) == text
