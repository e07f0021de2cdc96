"""Refuses texts that the simulator cannot read before anything is begun, and says how to go on. Other models read anything."""

from collections.abc import Callable, Sequence
from typing import Any

from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.discussion.guide import Guide
from semblance_core.domain.discussion.message import Message, MessageStatus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.usage.events import is_simulated

TALK_READ = 60
"""The newest messages, by which the language of a discussion is judged."""
FOR_BRIEF = "Choose a language model under “Model and seed” to continue, or write the brief in English."
FOR_SET_UP = "Choose a language model under “Model and limits” to continue, or write it in English."
FOR_SURVEY = "Choose a language model to continue, or write the questionnaire in English."
FOR_QUESTION = "Ask in English, or duplicate the session and choose a language model for the copy."
FOR_TALK = "Duplicate the session and choose a language model for the copy to continue."


def check_brief(model: str, text: str) -> None:
    """Raises `InvalidInput` for a brief that the simulator, where it is the model, cannot read."""
    if is_simulated(model):
        from semblance_core.simulator import check_brief  # its lexicon is read for those who ask it only

        _check(FOR_BRIEF, check_brief, text)


def check_guide(model: str, topic: str, guide: Guide, participants: Sequence[Persona]) -> None:
    """The same for a topic and the questions of a guide."""
    for question in guide.questions if is_simulated(model) else ():
        _check_question(FOR_SET_UP, question, topic, participants)


def check_language(model: str, language: str) -> None:
    """The same for the language that was chosen for a session."""
    if is_simulated(model) and language.strip().casefold() not in ("", "english", "en"):
        raise InvalidInput(
            f"The built-in simulator speaks English only, and the session is to be held in {language}. {FOR_SET_UP}"
        )


def check_plan(model: str, brief: str, topic: str, guide: Guide, participants: Sequence[Persona]) -> None:
    """The same for all that a study begins with, so that no panel is recruited for a guide that nobody can read."""
    if brief:
        check_brief(model, brief)
    check_guide(model, topic, guide, participants)


def check_survey(model: str, questionnaire: Questionnaire) -> None:
    """The same for the text and the questions of a questionnaire."""
    for question in questionnaire.questions if is_simulated(model) else ():
        _check_question(FOR_SURVEY, question.text, questionnaire.introduction, ())


def check_words(group: FocusGroup, text: str) -> None:
    """The same for a question to the participants of a session."""
    check_language(group.model, group.language)
    if is_simulated(group.model):
        next_step = FOR_SET_UP if group.state is FocusGroupState.DRAFT else FOR_QUESTION
        _check_question(next_step, text, group.topic, group.participants)


def check_talk(model: str, messages: Sequence[Message]) -> None:
    """The same for a discussion in which themes are to be found, by the newest of its messages."""
    if is_simulated(model):
        from semblance_core.simulator import check_talk

        said = [each.text for each in messages if each.role == "persona" and each.status is MessageStatus.SAID]
        _check(FOR_TALK, check_talk, said[-TALK_READ:])


def _check_question(next_step: str, text: str, topic: str, participants: Sequence[Persona]) -> None:
    from semblance_core.simulator import check_question

    _check(next_step, check_question, text, topic, [person.name for person in participants])


def _check(next_step: str, check: Callable[..., None], *texts: Any) -> None:
    from semblance_core.simulator import CannotRead

    try:
        check(*texts)
    except CannotRead as refused:
        raise InvalidInput(f"{refused} {next_step}") from None
