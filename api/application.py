"""The API as one application: its parts, its bounds, and its description as an OpenAPI document."""

from anyio import CapacityLimiter
from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute
from pydantic.json_schema import models_json_schema
from starlette.middleware import Middleware

from api import accounts, imports, sessions, stimuli, studies, surveys, usage
from api.body import MOST_BYTES, BodyLimit, json_only
from api.problems import Problem, described, handlers, not_kept
from api.session import files, interviews, moderation, sharing

ABOUT = """Everything that a script needs to run a study: sign in, recruit a panel, let it talk, read what was said and found.

What needs a language model answers 202 at once and says where to look; nothing waits for a model. Times are ISO 8601 in
UTC. Money is a decimal text in US dollars; a cost that is not known is null, never 0.
"""


def application() -> FastAPI:
    """Below /api; its paths are relative to there. Nothing of it is sent to anybody: no telemetry, no pages from elsewhere."""
    app = FastAPI(
        title="Semblance",
        version="0.1.0",
        summary="Synthetic focus groups",
        description=ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={
            "tracing": False,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
        generate_unique_id_function=_name,
        dependencies=[Depends(json_only), Depends(not_kept)],
        middleware=[Middleware(BodyLimit, most_bytes=MOST_BYTES)],
        exception_handlers=handlers(),
        responses=described(400, 413, 422, 503),
    )
    for part in (accounts, studies, imports, sessions, files, sharing, moderation, interviews, stimuli, surveys, usage):
        app.include_router(part.router)
    app.state.sign_ins = CapacityLimiter(2)
    app.state.uploads = CapacityLimiter(2)  # each may hold 25 MB
    _describe(app)
    return app


def _describe(app: FastAPI) -> None:
    """Makes the document, once, and adds the form of problems to it, which FastAPI has no place for."""
    _, problems = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    app.openapi()["components"]["schemas"] |= problems["$defs"]


def _name(route: APIRoute) -> str:
    return route.name
