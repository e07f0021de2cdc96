"""The field in which a model is chosen: a list with prices and abilities, which also takes another name, and what to know of it."""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from semblance_core.domain.usage.events import is_simulated
from semblance_core.reports.costs import model_words, price_words
from semblance_core.workspace import Workspace
from ui.parts.words import Markdown, md, safe_markdown

LONGEST_NAME = 200
HELP = (
    "Choose a model, or type another name as litellm has it: provider/model. Prices are US dollars per million tokens."
)


def model_labels(ws: Workspace, first: Iterable[str] = ()) -> dict[str, str]:
    """Returns the models to choose from, by name, with their labels. first: models that stand on top, such as the default."""
    known = {choice.model: choice for choice in ws.models.choices()}
    names = dict.fromkeys((*filter(None, first), *known))
    labels = {}
    for name in names:
        choice = known.get(name)
        about = model_words(choice.price, choice.traits) if choice and not is_simulated(name) else ""
        labels[name] = f"{name} · {about}" if about else f"{name} · no key, no cost" if is_simulated(name) else name
    return labels


def model_field(
    ws: Workspace,
    label: Markdown,
    key: str,
    *,
    first: Iterable[str] = (),
    empty: str = "",
    value: str | None = None,
    where: DeltaGenerator | None = None,
    disabled: bool = False,
    on_change: Callable[..., None] | None = None,
    args: tuple[Any, ...] = (),
) -> str:
    """Draws the field; returns the model's name.

    Args:
        ws: The workspace.
        label: Its label.
        key: Its key; where the session's state has none yet, the field begins with `value` or the first model.
        first: Models that stand on top.
        empty: Words for no model at all; without them one has to be chosen.
        value: The model that it begins with.
        where: The place to draw it.
        disabled: Whether it only shows the model.
        on_change: Called after a choice.
        args: Arguments of `on_change`.
    """
    held = st.session_state.get(key, value)
    labels = ({"": empty} if empty else {}) | model_labels(ws, (*first, *((held,) if held else ())))
    if key not in st.session_state and value is not None:
        st.session_state[key] = value
    chosen = (where or st).selectbox(
        label,
        list(labels),
        key=key,
        format_func=lambda name: labels.get(name, name),
        accept_new_options=True,
        help=HELP,
        disabled=disabled,
        on_change=on_change,
        args=args,
    )
    return (chosen or "").strip()[:LONGEST_NAME]


def say_of_model(ws: Workspace, model: str) -> bool:
    """Says what a call to the model costs, or why it cannot be asked; returns whether it can."""
    checked = ws.models.check(model)
    if checked.refusal:
        st.error(safe_markdown(checked.refusal), icon=":material/block:")
        return False
    if checked.warning:
        st.warning(safe_markdown(checked.warning), icon=":material/price_check:")
    elif is_simulated(checked.model):
        st.caption(
            "The simulator answers by rule and reads plain English only. Choose a language model for real answers."
        )
    elif checked.price:
        st.caption(md("{}, US dollars per million tokens.", price_words(checked.price)))
    return True
