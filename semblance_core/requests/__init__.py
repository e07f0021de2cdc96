"""Requests to a model: one frozen value a feature. The prompt is rendered from it, and the simulator answers it."""

from typing import Literal

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

Feature = Literal[
    "recruit_sketch",
    "recruit_persona",
    "reply",
    "moderate",
    "suggest",
    "describe_picture",
    "summarise_window",
    "code_transcript",
    "build_themes",
    "summarise_session",
    "check_claims",
    "survey",
    "ballot",
    "test",
]
"""The names under which requests stand in the usage records."""

FeatureRequest = (
    ReplyRequest
    | QuestionRequest
    | OpeningRequest
    | BoundaryRequest
    | SteerRequest
    | SuggestRequest
    | WindowSummaryRequest
    | PictureRequest
    | SketchRequest
    | PersonaRequest
    | CodeRequest
    | ThemeRequest
    | SessionSummaryRequest
    | ClaimsRequest
    | ProposeRequest
    | ApplyRequest
    | SurveyRequest
    | BallotRequest
)
