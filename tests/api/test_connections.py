"""WebSockets of strangers: their number by address and in all, and the name that each goes by."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from api.feed.connections import GuardedConnections
from semblance_core.bootstrap import Semblance
from ui.app.connections import HEADER, KEPT_S, Bounds, Connections


class Seconds:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_strangers_of_one_address_and_of_all_hold_so_many_connections_and_no_more() -> None:
    held = Connections(Seconds(), Bounds(an_address=2, in_all=3))
    first, second = held.open("192.0.2.1", known=False), held.open("192.0.2.1", known=False)
    assert first
    assert second
    assert held.open("192.0.2.1", known=False) is None
    assert held.open("192.0.2.1", known=True)  # who is signed in is no stranger
    assert held.open("192.0.2.2", known=False)
    assert held.open("192.0.2.3", known=False) is None
    held.belongs("a session", "a sign-in", first)
    assert not held.is_stranger(first)
    assert held.open("192.0.2.1", known=False)


def test_a_connection_that_is_over_counts_until_its_session_is_let_go() -> None:
    clock = Seconds()
    held = Connections(clock, Bounds(an_address=1))
    name = held.open("192.0.2.1", known=False)
    assert name
    held.close(name)
    assert held.open("192.0.2.1", known=False) is None
    clock.now += KEPT_S + 1
    assert held.open("192.0.2.1", known=False)


def test_a_connection_has_the_servers_name_and_not_the_visitors(semblance: Semblance) -> None:
    async def tell(socket: WebSocket) -> None:
        await socket.accept("streamlit")
        await socket.send_json([socket.headers.getlist(HEADER), socket.headers["Sec-WebSocket-Protocol"]])
        await socket.close()

    app = Starlette(routes=[WebSocketRoute("/", tell)], middleware=[Middleware(GuardedConnections)])
    with (
        TestClient(app) as client,
        client.websocket_connect("/", ["streamlit", "x", "an-id"], headers={HEADER: "mine"}) as socket,
    ):
        (name,), protocols = socket.receive_json()
    assert name != "mine"
    assert protocols == "streamlit, x"
