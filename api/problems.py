"""Errors for scripts: RFC 9457 problem details in the words of the error itself, and the fitting status."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from semblance_core.domain.editing import EditConflict
from semblance_core.domain.errors import (
    AccessDenied,
    Conflict,
    InvalidInput,
    NotFound,
    PriceUnknown,
    QuotaExceeded,
    RunFailed,
    SemblanceError,
    SignInFailed,
    TooManyTries,
)
from semblance_core.store.accounts.sign_ins import WINDOW
from semblance_core.store.server.failures import DatabaseFailed

MEDIA_TYPE = "application/problem+json"
NOT_KEPT = {"Cache-Control": "no-store"}
BEARER = {"WWW-Authenticate": "Bearer"}
LATER_S = 5
MOST_FAULTS = 20

KINDS: tuple[tuple[type[SemblanceError], int, str], ...] = (
    (TooManyTries, 429, "too_many_tries"),
    (SignInFailed, 401, "sign_in_failed"),
    (AccessDenied, 403, "access_denied"),
    (NotFound, 404, "not_found"),
    (EditConflict, 409, "edit_conflict"),
    (Conflict, 409, "conflict"),
    (PriceUnknown, 409, "price_unknown"),
    (QuotaExceeded, 429, "quota_exceeded"),
    (InvalidInput, 422, "invalid_input"),
    (RunFailed, 503, "unavailable"),
)
"""Status and code by kind of error, the first that fits."""

WORDS = {
    400: "The body is not readable as JSON.",
    404: "There is nothing at this address; openapi.json lists what there is.",
    413: "The body is larger than 1 MB, or a file than 25 MB.",
    415: "Send the body as JSON, with the header Content-Type: application/json.",
}
EDITED = "Somebody else edited it since the version that was given"
MEANS = {
    400: "The body is not readable.",
    401: "Nobody is signed in, or the sign-in is over.",
    403: "The account may not do this.",
    404: "There is no such thing, or it belongs to somebody else.",
    409: "The request conflicts with the current state.",
    413: WORDS[413],
    415: WORDS[415],
    422: "A value is missing, out of range or of the wrong form.",
    429: "Too many tries, or the usage quota does not have room.",
    503: "A part does not answer; try again in a few seconds.",
}
"""Meaning of each status in the description."""


class Fault(BaseModel):
    """One value that is not as it should be. where: its place in the request, as in `body.size`."""

    where: str
    problem: str


class Problem(BaseModel):
    """RFC 9457. detail: a sentence for a person. code: a word for programs. errors: what is wrong with which value.

    version: there only for what somebody else edited first: the one that it is now.
    """

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    errors: list[Fault] = []
    version: int | None = None


def problem(
    status: int,
    detail: str,
    code: str,
    *,
    errors: list[Fault] | None = None,
    headers: dict[str, str] | None = None,
    version: int | None = None,
) -> Response:
    title = HTTPStatus(status).phrase
    said = Problem(title=title, status=status, detail=detail, code=code, errors=errors or [], version=version)
    return Response(
        said.model_dump_json(exclude_none=True), status, headers=NOT_KEPT | (headers or {}), media_type=MEDIA_TYPE
    )


def handlers() -> dict[Any, Callable[..., Any]]:
    """Returns the handler of each exception."""
    return {
        SemblanceError: _explained,
        DatabaseFailed: _database_away,
        RequestValidationError: _malformed,
        HTTPException: _refused,
        Exception: _unexpected,
    }


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers with these statuses, as a route describes them."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": MEANS[status], "content": content} for status in statuses}


async def not_kept(response: Response) -> None:
    """Answers hold tokens and what people said: no cache keeps them."""
    response.headers.update(NOT_KEPT)


async def _explained(_: Request, failed: SemblanceError) -> Response:
    status, code = next((status, code) for kind, status, code in KINDS if isinstance(failed, kind))
    headers = {
        "too_many_tries": {"Retry-After": str(round(WINDOW.total_seconds()))},
        "sign_in_failed": BEARER,
        "unavailable": {"Retry-After": str(LATER_S)},
    }
    if isinstance(failed, EditConflict):
        faults = [Fault(where=clash.field, problem=EDITED) for clash in failed.clashes]
        return problem(status, str(failed), code, errors=faults, version=failed.now.version)
    return problem(status, str(failed), code, headers=headers.get(code))


async def _database_away(_: Request, failed: DatabaseFailed) -> Response:
    logging.getLogger(__name__).warning("The database failed: %s", failed)
    words = "The database does not answer at the moment. Try again in a few seconds."
    return problem(503, words, "unavailable", headers={"Retry-After": str(LATER_S)})


async def _malformed(_: Request, failed: RequestValidationError) -> Response:
    found = failed.errors()
    if found[0]["type"] == "json_invalid":
        return problem(400, WORDS[400], "bad_request")
    errors = [Fault(where=".".join(map(str, each["loc"])), problem=_words(each)) for each in found[:MOST_FAULTS]]
    first = errors[0]
    return problem(422, f"{first.where}: {first.problem}.", "invalid_input", errors=errors)


def _words(fault: dict[str, Any]) -> str:
    own = {
        "string_pattern_mismatch": "The text is blank, has control characters or is of another form",
        "string_unicode": "The text contains half a character",
    }
    return own.get(fault["type"], str(fault["msg"]).removeprefix("Value error, "))


async def _refused(request: Request, refused: HTTPException) -> Response:
    status = refused.status_code
    code = HTTPStatus(status).phrase.casefold().replace(" ", "_")
    headers = dict(refused.headers or {})
    if status == 405:
        # Starlette names the methods of one route only, and another may stand at the same address.
        headers["Allow"] = ", ".join(sorted(request.app.openapi()["paths"][request.scope["route"].path])).upper()
        return problem(status, f"This address accepts {headers['Allow']}.", code, headers=headers)
    return problem(status, WORDS.get(status, refused.detail), code, headers=headers)


async def _unexpected(_: Request, __: Exception) -> Response:
    """The server logs the exception itself."""
    return problem(500, "Something went wrong on our side; details are in the server log.", "internal_error")
