"""Typed requests: they travel to the process that makes calls, to the simulator with all it reads, to other models not at all."""

import pickle
from dataclasses import replace

import pytest

from semblance_core.conversation.acts import Acts, Band
from semblance_core.conversation.window import Line
from semblance_core.domain.discussion.asset import Picture, Stimulus
from semblance_core.domain.findings.theme import Code, Theme, Verbatim
from semblance_core.domain.personas.persona import Persona
from semblance_core.llm.catalogue.listing import Catalogue
from semblance_core.llm.request import CompletionRequest, PromptMessage, SentPicture
from semblance_core.llm.structured import schema_of
from semblance_core.llm.subprocess.model import as_sent
from semblance_core.requests import FeatureRequest
from semblance_core.requests.analysis import ClaimsRequest, CodeRequest, SessionSummaryRequest, ThemeRequest
from semblance_core.requests.codebook import ApplyRequest, AskedCode, ProposeRequest
from semblance_core.requests.discussion import PictureRequest, QuestionRequest, ReplyRequest, WindowSummaryRequest
from semblance_core.requests.recruiting import Cell, PersonaRequest, SketchRequest
from semblance_core.requests.steering import SteerRequest, SuggestRequest
from semblance_core.settings import SIMULATOR
from tests.llm.harness import OPENAI, Drink

PACK = Picture(b"a picture's bytes", "image/png")
MAYA, BEN = Persona("Maya", 30, id="p1"), Persona("Ben", 40, id="p2")
LINES = (Line(1, "Ben", "Too dear.", "persona"),)
QUOTES = (Verbatim(1, "Ben", "Too dear."),)
CELL = Cell((("gender", "women"),), (25, 34))
REPLY = ReplyRequest(
    MAYA,
    "Oat milk",
    "Why?",
    Acts(Band.SENTENCES, 40),
    LINES,
    stimuli=(Stimulus("Pack.png", "A pack.", picture=PACK),),
    participants=(MAYA, BEN),
)
REQUESTS: tuple[FeatureRequest, ...] = (
    REPLY,
    QuestionRequest("Oat milk", "Why?", LINES),
    WindowSummaryRequest("They like it.", LINES),
    SteerRequest("Oat milk", "Why?", ("The price",), LINES),
    SuggestRequest("Oat milk", LINES, ("Maya", "Ben"), ("Why?",)),
    PictureRequest(PACK, 80),
    SketchRequest("UK shoppers", (CELL,)),
    PersonaRequest("UK shoppers", CELL, "Maya", "Likes tea.", ("Ben: Likes coffee.",)),
    CodeRequest("Oat milk", LINES, 14),
    ThemeRequest("Oat milk", (Code("Price", QUOTES),)),
    SessionSummaryRequest("Oat milk", (Theme("Price", "Too high.", QUOTES),), (MAYA, BEN)),
    ClaimsRequest("Oat milk", LINES, ("Too high.",)),
    ProposeRequest("Oat milk", LINES, ("Price",), 5),
    ApplyRequest("Oat milk", LINES, (AskedCode("Price", "A sum is named."),)),
)


@pytest.mark.parametrize("asked", REQUESTS, ids=lambda asked: type(asked).__name__)
def test_a_request_is_the_same_after_it_travelled(asked: FeatureRequest) -> None:
    assert pickle.loads(pickle.dumps(asked)) == asked


def test_the_simulator_is_sent_what_was_asked_without_pictures_and_other_models_are_not() -> None:
    request = CompletionRequest("reply", (PromptMessage("user", "Why?", (PACK,)),), 60, asked=REPLY)
    simulated, real = as_sent(SIMULATOR, request), as_sent(OPENAI, request)
    assert simulated.asked == replace(REPLY, stimuli=(Stimulus("Pack.png", "A pack."),))
    assert real.asked is None
    assert all(sent.messages[0].pictures == (SentPicture(PACK.digest),) for sent in (simulated, real))
    assert all(PACK.content not in pickle.dumps(sent) for sent in (simulated, real))


def test_the_others_are_all_but_the_persona_asked() -> None:
    assert REPLY.others == ("Ben",)


def test_no_price_list_is_read_for_the_simulator() -> None:
    catalogue = Catalogue()
    assert catalogue.listed(SIMULATOR) is None
    assert catalogue.traits(SIMULATOR) == catalogue.traits("openai/a-model-that-no-list-knows")
    assert "price_list" not in vars(catalogue)


def test_a_schema_is_the_callers_own_to_change() -> None:
    schema_of(Drink)["title"] = "changed"
    assert "title" not in schema_of(Drink)
