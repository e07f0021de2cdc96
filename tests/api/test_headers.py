"""What every answer of the server tells a browser."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from api.headers import HEADERS, SafeHeaders


def test_every_answer_keeps_the_browser_to_its_own_origin_whatever_the_route_says() -> None:
    async def loose(_: Request) -> PlainTextResponse:
        return PlainTextResponse("ok", headers={"x-frame-options": "ALLOWALL"})

    client = TestClient(Starlette(routes=[Route("/", loose)], middleware=[Middleware(SafeHeaders)]))
    for path, status in (("/", 200), ("/nothing", 404)):
        answer = client.get(path)
        assert answer.status_code == status
        for name, value in HEADERS.items():
            assert answer.headers.get_list(name) == [value]
    assert "default-src 'self'" in HEADERS["Content-Security-Policy"]
