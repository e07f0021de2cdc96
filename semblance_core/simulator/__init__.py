"""The keyless demonstration model: text by rule from a typed request, the same for the same arguments. English only.

It knows no topic beforehand. A question is read for its kind and its focus, a persona for what they care about and how
they speak, a transcript for what was said; sentences are then chosen that nobody has used. No network, no library beyond
the standard one.
"""

from collections.abc import Sequence
from typing import assert_never

from semblance_core.requests import FeatureRequest
from semblance_core.requests.analysis import ClaimsRequest, CodeRequest, SessionSummaryRequest, ThemeRequest
from semblance_core.requests.balloting import BallotRequest
from semblance_core.requests.codebook import ApplyRequest, ProposeRequest
from semblance_core.requests.discussion import (
    BoundaryRequest,
    OpeningRequest,
    PictureRequest,
    QuestionRequest,
    ReplyRequest,
    WindowSummaryRequest,
)
from semblance_core.requests.recruiting import PersonaRequest, SketchRequest
from semblance_core.requests.steering import SteerRequest, SuggestRequest
from semblance_core.requests.surveying import SurveyRequest
from semblance_core.simulator.analyse.claims import check_claims
from semblance_core.simulator.analyse.codebook import apply_codebook, propose_codes
from semblance_core.simulator.analyse.codes import code_transcript
from semblance_core.simulator.analyse.summaries import summarise_session, summarise_window
from semblance_core.simulator.analyse.themes import build_themes
from semblance_core.simulator.read.english import ENGLISH_ONLY, FEWEST_WORDS, CannotRead, reads, reads_topic
from semblance_core.simulator.recruit.brief import check_brief
from semblance_core.simulator.recruit.personas import recruit_persona, recruit_sketch
from semblance_core.simulator.speak.moderate import decided, moderate, opened
from semblance_core.simulator.speak.reply import reply
from semblance_core.simulator.speak.steer import steered, suggested
from semblance_core.simulator.speak.survey import ballot_answer, survey_answer
from semblance_core.simulator.words import plain, word_count

__all__ = ["CannotRead", "answer", "check_brief", "check_question", "check_talk"]


def answer(asked: FeatureRequest, max_tokens: int, seed: int) -> str:
    """The simulator's answer: plain text, or JSON for the features that have a schema.

    Args:
        asked: The request.
        max_tokens: The bound of the answer, at about 1.4 tokens a word.
        seed: The same seed gives the same answer to the same request.

    Raises:
        CannotRead: For a brief, question or talk in another language.
        ValueError: For a picture, which the simulator does not see.

    >>> from semblance_core.domain.personas.persona import Persona
    >>> from semblance_core.conversation.acts import Acts, Band
    >>> asked = ReplyRequest(Persona("Maya"), "Oat milk", "Do you like it?", Acts(Band.FEW_WORDS, 12))
    >>> answer(asked, 100, 1) == answer(asked, 100, 1)
    True
    """
    _check(asked)
    match asked:
        case ReplyRequest():
            return reply(asked, max_tokens, seed)
        case QuestionRequest():
            return moderate(asked, max_tokens, seed)
        case OpeningRequest():
            return opened(asked)
        case BoundaryRequest():
            return decided(asked, max_tokens, seed)
        case SteerRequest():
            return steered(asked, seed)
        case SuggestRequest():
            return suggested(asked, seed)
        case SketchRequest():
            return recruit_sketch(asked, seed)
        case PersonaRequest():
            return recruit_persona(asked, seed)
        case WindowSummaryRequest():
            return summarise_window(asked, max_tokens)
        case CodeRequest():
            return code_transcript(asked)
        case ThemeRequest():
            return build_themes(asked)
        case SessionSummaryRequest():
            return summarise_session(asked, max_tokens)
        case ClaimsRequest():
            return check_claims(asked)
        case ProposeRequest():
            return propose_codes(asked)
        case ApplyRequest():
            return apply_codebook(asked)
        case SurveyRequest():
            return survey_answer(asked, seed)
        case BallotRequest():
            return ballot_answer(asked, seed)
        case PictureRequest():
            raise ValueError("The simulator does not see pictures.")
    assert_never(asked)


def check_question(question: str, topic: str = "", names: Sequence[str] = ()) -> None:
    """Raises `CannotRead` for a question or a topic in another language. names: of the participants."""
    if topic.strip() and not reads_topic(topic):
        raise CannotRead(f"{ENGLISH_ONLY} the topic.")
    if question.strip() and not reads(question, topic, *names):
        raise CannotRead(f"{ENGLISH_ONLY} “{plain(question, 60)}”.")


def check_talk(texts: Sequence[str]) -> None:
    """Raises `CannotRead` for talk that is mostly in another language."""
    told = [text for text in texts if word_count(text) >= FEWEST_WORDS]
    if sum(map(reads, told)) * 2 < len(told):
        raise CannotRead(f"{ENGLISH_ONLY} this discussion.")


def _check(asked: FeatureRequest) -> None:
    if isinstance(asked, SketchRequest | PersonaRequest):
        check_brief(asked.brief)
    elif isinstance(asked, ReplyRequest):
        check_question(asked.question, asked.topic, [person.name for person in asked.participants])
    elif isinstance(asked, SurveyRequest):
        check_question(asked.question.text, asked.introduction)
    elif isinstance(asked, BallotRequest):
        for question in asked.questions:
            check_question(question.text, asked.introduction)
    elif isinstance(asked, CodeRequest | ProposeRequest | ApplyRequest):
        check_talk([line.text for line in asked.lines])
