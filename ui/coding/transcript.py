"""The transcript with its codings, as a component: one marks words with the mouse or keyboard and gives them codes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from semblance_core.domain.coding.codebook import CodebookCode, PlacedCode
from semblance_core.domain.coding.codings import Coding, Memo
from semblance_core.domain.coding.provenance import Author
from semblance_core.domain.discussion.message import Message
from semblance_core.reports.escape import without_unseen
from ui.coding.swatch import path_words
from ui.parts.routes import asset, component_data

HTML = """
<div class="coding">
  <ol class="said"></ol>
  <div class="bar" role="dialog" aria-label="Codes for the marked words" hidden>
    <p class="words"></p>
    <input class="find" type="search" placeholder="Find a code" aria-label="Find a code">
    <div class="codes"></div>
    <div class="row"><button class="give">Code</button><button class="close">Cancel</button></div>
  </div>
</div>
"""


def coded_transcript(
    messages: Sequence[Message],
    codes: Sequence[PlacedCode],
    codings: Sequence[Coding],
    memos: Sequence[Memo],
    key: str,
    do: Mapping[str, Callable[[Any], None]],
) -> None:
    """Draws messages with their codings.

    Args:
        messages: those that are shown.
        codes: the codebook in order.
        codings: of these messages.
        memos: of these messages.
        key: of the component.
        do: what happens on `code` (seq, start, end, codes), on `remove` and on `confirm` (a coding's id).
    """

    def on(name: str) -> Callable[[], None]:
        return lambda: do[name](getattr(st.session_state[key], name))

    _component()(
        key=key,
        data=component_data(
            {
                "codes": [_code(each) for each in codes],
                "messages": [
                    {
                        "seq": message.seq,
                        "speaker": without_unseen(message.speaker),
                        "role": message.role,
                        "text": _as_long(message.text),
                        "codings": [_coding(each) for each in codings if each.seq == message.seq],
                        "memos": [without_unseen(memo.text) for memo in memos if memo.target == str(message.seq)],
                    }
                    for message in messages
                ],
            }
        ),
        on_code_change=on("code"),
        on_remove_change=on("remove"),
        on_confirm_change=on("confirm"),
    )


def _component() -> Any:
    # Registered at each run: a registration belongs to the server that it was made on.
    return st.components.v2.component("semblance.coding", html=HTML, css=asset("coding.css"), js=asset("coding.js"))


def _as_long(text: str) -> str:
    """The text with a sign in place of each that could turn the direction of others, so that places in it stay what they are."""
    return "".join(sign if without_unseen(sign) else "\ufffd" for sign in text)


def _code(placed: PlacedCode) -> dict[str, Any]:
    code: CodebookCode = placed.code
    return {
        "id": code.id,
        "name": without_unseen(code.name),
        "path": without_unseen(path_words(placed)),
        "colour": code.colour,
    }


def _coding(coding: Coding) -> dict[str, Any]:
    return {
        "id": coding.id,
        "code": coding.code_id,
        "start": coding.start,
        "end": coding.end,
        "by": without_unseen(_who(coding.made)),
        "model": coding.made.is_model,
        "confirmed": without_unseen(_who(coding.confirmed)) if coding.confirmed else "",
    }


def _who(author: Author) -> str:
    return author.model or author.name or author.user_id or "somebody"
