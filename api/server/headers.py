"""Headers that keep a browser from loading, sending or framing anything across origins, on every answer of the server."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.server import shared

INLINE_SCRIPTS = (
    "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA=' 'sha256-CLFEkP0dgnFU04lAyNI12tJzuaDySVyrOCO6rb04XmE='"
)
"""Of Streamlit's page and of the component that sets the sign-in's cookie, in the versions that are installed."""
# Nothing is loaded from anywhere else. Streamlit's charts need 'unsafe-eval' and its styles 'unsafe-inline'; what its pages
# hold of scripts is allowed by its hash: another one, or an event's attribute, does not run.
POLICY = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {INLINE_SCRIPTS} 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "frame-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class SafeHeaders:
    """ASGI middleware: sets each header once, whatever stood there."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                own = shared.HEADERS if shared.is_shared(scope["path"]) else {}
                for name, value in {**HEADERS, **own}.items():
                    headers[name] = value
                if "/media/" in scope["path"]:
                    headers["Cache-Control"] = "private, no-store"  # what people made: no cache keeps it
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
