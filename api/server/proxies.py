"""Decides whom the server believes about a visitor's origin: the proxies that FORWARDED_ALLOW_IPS names, and nobody else."""

import os
from collections.abc import Mapping

import uvicorn.config
from starlette.types import ASGIApp

NAMED_BY = "FORWARDED_ALLOW_IPS"


def believe_named_proxies(environment: Mapping[str, str] = os.environ) -> None:
    """Takes away uvicorn's default, which believes X-Forwarded-For of whoever asks from this machine.

    To be called before uvicorn puts the application together. Where proxies are named, uvicorn keeps to them by itself.
    """
    if not environment.get(NAMED_BY, "").strip():
        vars(uvicorn.config)["ProxyHeadersMiddleware"] = _as_it_came


def _as_it_came(app: ASGIApp, **_: object) -> ASGIApp:
    return app
