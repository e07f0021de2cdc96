"""A visitor without a browser: speaks Streamlit's own protocol over a WebSocket, with or without a cookie."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from ssl import SSLContext
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol


class Visitor:
    """One connection. `run` asks for a page and tells what stood on it, as texts."""

    def __init__(self, socket: ClientConnection):
        self.socket = socket
        self.session_id = ""
        self.fields: dict[str, str] = {}
        self.cookies_set: set[str] = set()
        """What the page told the browser to keep as the sign-in's cookie."""

    def run(self, page: str = "", **typed: str | bool) -> list[str]:
        """typed: values of fields by their label with underscores; True presses a button."""
        message = BackMsg()
        message.rerun_script.page_name = page
        for label, value in typed.items():
            state = message.rerun_script.widget_states.widgets.add()
            state.id = self.fields[label.replace("_", " ")]
            if value is True:
                state.trigger_value = True
            else:
                state.string_value = str(value)
        self.socket.send(message.SerializeToString())
        return self.told()

    def told(self, timeout_s: float = 60) -> list[str]:
        """What is drawn until the page is done."""
        said: list[str] = []
        while True:
            told = ForwardMsg()
            told.ParseFromString(self.socket.recv(timeout_s))
            kind = told.WhichOneof("type")
            if kind == "new_session":
                self.session_id = told.new_session.initialize.session_id
            elif kind == "delta" and told.delta.WhichOneof("type") == "new_element":
                said += self._texts(told)
            elif kind == "script_finished" and told.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return said

    def _texts(self, told: ForwardMsg) -> Iterator[str]:
        element = told.delta.new_element
        kind = element.WhichOneof("type")
        if kind in ("text_input", "button"):
            self.fields[getattr(element, kind).label] = getattr(element, kind).id
            yield str(getattr(element, kind).label)
        elif kind == "component_instance":
            told_to = json.loads(element.component_instance.json_args)
            self.cookies_set |= {told_to["value"]} if told_to.get("cookie") == "semblance" else set()
        elif kind in ("markdown", "heading", "alert"):
            yield str(getattr(element, kind).body)


@contextmanager
def visiting(
    address: str,
    *,
    cookie: str = "",
    session_id: str = "",
    host: str = "",
    origin: str = "",
    ssl: SSLContext | None = None,
) -> Iterator[Visitor]:
    """session_id: the session to go on with, as a page does after its connection broke."""
    names = [Subprotocol("streamlit"), Subprotocol("x")] + ([Subprotocol(session_id)] if session_id else [])
    headers = ({"Cookie": cookie} if cookie else {}) | ({"Host": host} if host else {})
    place = address.replace("http", "ws", 1) + "/_stcore/stream"
    at = urlsplit(address)
    socket = connect(
        place,
        subprotocols=names,
        origin=Origin(origin or f"{at.scheme}://{at.netloc}"),
        additional_headers=headers,
        max_size=None,
        ssl=ssl,
    )
    with socket:
        yield Visitor(socket)


def sign_in(visitor: Visitor, name: str, password: str = "pass") -> list[str]:
    """By the form, which a browser's cookie follows only later."""
    visitor.run()
    return visitor.run(User_name=name, Password=password, Sign_in=True)


class Uploader:
    """Sends files up as a page does, with the sign-in's cookie or without any."""

    def __init__(self, address: str, cookie: str = ""):
        self._client = httpx.Client(
            base_url=address, timeout=60, verify=False, headers={"Cookie": cookie} if cookie else {}
        )
        self._client.get("/_stcore/health")
        xsrf = self._client.cookies["_streamlit_xsrf"]
        cookies = "; ".join(filter(None, (cookie, f"_streamlit_xsrf={xsrf}")))
        self._client.headers.update({"X-Xsrftoken": xsrf, "Cookie": cookies})
        self._client.cookies.clear()

    def put(self, session_id: str, content: bytes, file_id: str = "", name: str = "x.pdf") -> httpx.Response:
        path = f"/_stcore/upload_file/{session_id}/{file_id or uuid4()}"
        return self._client.put(path, files={"file": (name, content, "application/pdf")})

    def put_in_pieces(self, session_id: str, content: bytes) -> httpx.Response:
        """Without saying how much it will be."""
        form = httpx.Request("PUT", "http://x", files={"file": ("x.pdf", content, "application/pdf")})
        body, kind = form.read(), form.headers["Content-Type"]
        pieces = (body[at : at + 65_536] for at in range(0, len(body), 65_536))
        path = f"/_stcore/upload_file/{session_id}/{uuid4()}"
        return self._client.put(path, content=pieces, headers={"Content-Type": kind})

    def delete(self, session_id: str, file_id: str) -> httpx.Response:
        return self._client.delete(f"/_stcore/upload_file/{session_id}/{file_id}")
