"""Fields for text that say how much too long it is, and take it in all the same.

Streamlit's own limit drops what is pasted beyond it without a word. A text that is not saved yet is kept by the browser's tab
(texts.js), so that it survives a reload; it goes once it is saved or given up, and at sign-out.
"""

import re
from collections import deque
from secrets import token_hex
from typing import Any

import streamlit as st

from ui.parts.outbox import Outbox, sent_texts
from ui.parts.routes import asset, component_data
from ui.parts.words import Markdown, md

OWNER, FORGET = "texts_of", "texts_to_forget"
MOST_FORGOTTEN, MOST_SAVED = 50, 8
Forget = tuple[str, str, str | None]
"""An order's own id, a text's name, and the text that was saved, or None for whatever stands there."""
SCRIPTS = ("page.js", "questions.js", "texts.js")
LINE = """<div class="line" role="status" hidden>
<span></span><button hidden>Use it</button><button>Discard</button></div>"""


def long_text(label: Markdown, *, most: int, keeps: str = "", saved: str | None = None, **given: Any) -> str:
    """Draws a text area and returns its text. Below it stands how much of it is too much.

    Args:
        most: Characters that fit; whoever takes the text refuses more.
        keeps: The text's name, with the id of its subject; the browser keeps a text that has one until it is saved.
        saved: The text as it is stored; the field's `value` if not given.
        given: Further arguments of `st.text_area`.
    """
    given.setdefault("key", f"text_{keeps}" if keeps else None)
    text = st.text_area(label, **given) or ""
    _say_too_long(text, most)
    if keeps:
        keep_unsaved({given["key"]: (keeps, given.get("value", "") if saved is None else saved)})
    return text


def example_button(key: str, example: str, name: Markdown) -> None:
    """Draws, below an empty field, a button that fills it with an example; nothing below one that holds a text.

    Args:
        key: The field's key.
        example: The text that is put there.
        name: What it is an example of, for the button's label.
    """
    if not str(st.session_state.get(key) or "").strip():
        st.button(
            md("Use an example {}", name),
            key=f"{key}_example",
            type="tertiary",
            icon=":material/draft:",
            on_click=_fill,
            args=(key, example),
        )


def short_text(label: Markdown, *, most: int, keeps: str = "", saved: str | None = None, **given: Any) -> str:
    """The same for a line of text."""
    given.setdefault("key", f"text_{keeps}" if keeps else None)
    text = st.text_input(label, **given) or ""
    _say_too_long(text, most)
    if keeps:
        keep_unsaved({given["key"]: (keeps, given.get("value", "") if saved is None else saved)})
    return text


def keep_unsaved(
    fields: dict[str, tuple[str, str]], *, within: str = "", commits: bool = True, outbox: Outbox | None = None
) -> None:
    """Draws a line where a text was restored. Call it after the fields are drawn.

    Args:
        fields: The keys of fields; of each the text's name and the text as it is stored.
        within: The beginning of these names where fields come and go: a text whose field is gone is shown, to be copied.
        commits: Whether a restored text goes to the server at once; not that of a chat, which would send it.
        outbox: Where the first field is that of a chat: takes what is sent in it.
    """
    if not (owner := st.session_state.get(OWNER)):
        return
    told = [
        {"field": f"st-key-{_class_of(key)}", "name": name, "saved": saved, "commits": commits}
        for key, (name, saved) in fields.items()
    ]
    _texts(f"unsaved_{within or '_'.join(fields)}", owner, told, f"{within}." if within else "", outbox)


def text_saved(name: str, text: str | None = None) -> None:
    """Lets the browser forget a text once it is saved or, without `text`, given up. A newer text of that name stays."""
    order = (token_hex(4), name, text)
    st.session_state[FORGET] = [*st.session_state.get(FORGET, []), order][-MOST_FORGOTTEN:]
    if text is not None and (owner := st.session_state.get(OWNER)):
        _saved_lately(owner).append(order)


def keep_texts_of(account_id: str) -> None:
    """Draws nothing: from here on texts are kept for this account, and those of others go. account_id: "" for nobody.

    The same component mends what Streamlit draws around the page (page.js); each one more would delay the first page.
    """
    if account_id and st.session_state.get(OWNER) != account_id:
        st.session_state[FORGET] = list(_saved_lately(account_id))
    st.session_state[OWNER] = account_id
    _texts("texts", account_id, [])


def keep_on_escape() -> None:
    """Draws nothing: with it, Esc in a dialog keeps the text of the field that one types in, if that outlives the dialog."""
    st.components.v2.component("semblance.escape", html="<span></span>", js=asset("escape.js"))(
        key="keep_on_escape", height=1
    )


@st.cache_resource(show_spinner=False, ttl=3_600, max_entries=1_000)
def _saved_lately(account_id: str) -> deque[Forget]:  # noqa: ARG001 - what it is kept by
    """The texts that this account saved last, for a new window: a reload may come before the browser hears of one."""
    return deque(maxlen=MOST_SAVED)


def _texts(
    key: str, owner: str, fields: list[dict[str, object]], within: str = "", outbox: Outbox | None = None
) -> None:
    component = st.components.v2.component(
        "semblance.texts", html=LINE, css=asset("texts.css"), js="".join(map(asset, SCRIPTS))
    )
    forget: list[Forget] = st.session_state.get(FORGET, [])
    data = {"owner": owner, "fields": fields, "within": within, "forget": forget, "is_first": not fields and not within}
    if not outbox:
        component(key=key, data=component_data(data))
        return

    def receive() -> None:
        outbox.receive(sent_texts(st.session_state[key].sent))

    component(key=key, data=component_data({**data, "fates": outbox.fates}), on_sent_change=receive)


def _fill(key: str, text: str) -> None:
    st.session_state[key] = text


def _class_of(key: str) -> str:
    """Returns a key as Streamlit writes it into a class."""
    return re.sub(r"[^A-Za-z0-9_-]", "-", key.strip())


def _say_too_long(text: str, most: int) -> None:
    if (count := len(text.strip())) > most:
        st.caption(md(":red[{:,} of {:,} characters: shorten it by {:,}.]", count, most, count - most))
