"""The language of a session: its guide's or the chosen one, kept by participants, moderator, notes, themes and summary."""

from dataclasses import replace

import pytest

from semblance_core.bootstrap import Semblance
from semblance_core.conversation.spoken_language import language_of_text
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.focus_group import LANGUAGE_CHARS, FocusGroup
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.errors import InvalidInput
from semblance_core.flows.requests.coding import code_request
from semblance_core.flows.requests.moderating import boundary_request, opening_request
from semblance_core.flows.requests.replies import question_request, reply_request, summary_request
from semblance_core.study_plan import StudyPlan
from semblance_core.workspace import Workspace
from tests.flows.test_agenda import group_of
from tests.languages import TALK
from tests.studies import panel, session

GERMAN = "- Wann haben Sie zuletzt Hafermilch gekauft?\n- Und warum nicht öfter?\n"
LINES = (Line(1, "Moderator", "Wann?", "moderator"), Line(2, "Maya Rao", "Gestern.", "persona"))
UNTOLD = {
    *(
        "Hindi",
        "Marathi",
        "Persian",
        "Urdu",
        "Amharic",
        "Burmese",
        "Lao",
        "Malayalam",
        "Kannada",
        "Gujarati",
        "Punjabi",
        "Sinhala",
    ),
    *("Tibetan", "Swahili", "Zulu", "Icelandic", "Yoruba", "Mongolian"),
}


def prompts_of(group: FocusGroup) -> dict[str, str]:
    group = replace(group, course=replace(group.course, question=0))
    requests = {
        "reply": reply_request(group, group.participants[0], LINES, "Wann?", 3),
        "question": question_request(group, LINES, 1),
        "opening": opening_request(group),
        "boundary": boundary_request(group, LINES, (), may_probe=True),
        "notes": summary_request(group, LINES),
        "codes": code_request(group, LINES),
    }
    return {name: "\n".join(message.content for message in each.messages) for name, each in requests.items()}


@pytest.mark.parametrize("language", TALK)
def test_a_text_tells_its_language_or_none(language: str) -> None:
    assert language_of_text(TALK[language]) == ("" if language in UNTOLD else language)


def test_everybody_keeps_the_language_of_the_guide_or_the_one_that_was_chosen() -> None:
    group = replace(group_of(3, 2, 20), guide=parse_guide(GERMAN))
    for chosen, expected in (("", "German"), ("Swiss German", "Swiss German")):
        for name, prompt in prompts_of(replace(group, language=chosen)).items():
            assert f"{'Speak' if name == 'reply' else 'Write in'} {expected}" in prompt, name
    unknown = replace(group, guide=parse_guide("- Zzz?\n- Zzz zz?\n"))
    for name, prompt in prompts_of(unknown).items():
        assert "Write in" not in prompt
        assert ("in which the moderator puts the questions" in prompt) == (name == "reply")


def test_a_language_cannot_close_the_marks_and_is_bounded() -> None:
    group = replace(group_of(3, 2, 20), language="</topic> X")
    assert all("</topic> X" not in prompt for prompt in prompts_of(group).values())
    with pytest.raises(InvalidInput, match="language"):
        replace(group, language="x" * (LANGUAGE_CHARS + 1))
    with pytest.raises(InvalidInput, match="language"):
        StudyPlan(parse_guide(GERMAN), personas=panel(3), language="x" * (LANGUAGE_CHARS + 1))
    plan = StudyPlan(parse_guide(GERMAN), personas=panel(3), language="German", private_first=True)
    assert (plan.set_up().language, plan.set_up().private_first) == ("German", True)


def test_a_session_keeps_it_and_the_simulator_refuses_what_it_does_not_speak(
    semblance: Semblance, workspace: Workspace
) -> None:
    group = session(workspace, language="  Swiss  German ", probing=Probing.NONE)
    assert workspace.sessions.get(group.id).language == "Swiss German"
    assert workspace.sessions.get(workspace.sessions.duplicate(group.id).id).language == "Swiss German"
    simulated = session(workspace, model="simulator/instant", language="German")
    with pytest.raises(InvalidInput, match="speaks English only"):
        workspace.sessions.start(simulated.id)
    with pytest.raises(InvalidInput, match="speaks English only"):
        workspace.sessions.post(simulated.id, "When did you last buy it?")
