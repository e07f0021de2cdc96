"""Finds the actor: the bearer of a sign-in, and the workspace that this opens. Cookies open nothing here."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from api.problems import BEARER
from semblance_core.workspace import Workspace
from ui.app.runtime import running_semblance

bearer = HTTPBearer(auto_error=False, scheme_name="sign_in", description="The `access_token` of POST /auth/login.")
Bearer = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


def token(given: Bearer) -> str:
    if given is None:
        raise HTTPException(
            401, "Sign in first: send the header Authorization: Bearer, followed by your token.", BEARER
        )
    return given.credentials


Token = Annotated[str, Depends(token)]


def workspace(token: Token) -> Workspace:
    """Everything the bearer can do, checked against the database at every request."""
    semblance = running_semblance()
    semblance.store.check_version()
    user_id = semblance.store.sign_ins.user_of(token, semblance.clock())
    if user_id is None:
        refused = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise HTTPException(401, "This sign-in has ended or never existed. Sign in again.", refused)
    return semblance.workspace(user_id)


Actor = Annotated[Workspace, Depends(workspace)]
