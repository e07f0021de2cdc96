"""Providers of models: how each is opened, and the dialogs that set a key or address, remove them and test a model."""

import streamlit as st

from semblance_core.domain.usage.money import money
from semblance_core.llm.catalogue.provider_book import LONGEST_ADDRESS, LONGEST_KEY, ProviderState
from semblance_core.workspace import TestedModel, Workspace
from ui.parts.deletion import is_sure
from ui.parts.model_field import model_field, say_of_model
from ui.parts.words import Markdown, errors_inline, joined, md, shortened, show_done, when

FIRST = ("openai", "anthropic", "gemini", "mistral", "openrouter", "azure", "ollama")
"""Providers that most people look for."""
TESTED = "tested_model"


def provider_list(ws: Workspace, states: list[ProviderState]) -> None:
    """The providers that are open, and a choice of all others."""
    there = [state for state in states if state.set_by or state.at]
    for state in there:
        _card(ws, state)
    if not there:
        st.info(
            "No provider has a key yet, so the built-in simulator answers. Add a provider below.", icon=":material/key:"
        )
    others = {state.provider.name: state for state in states if state not in there and state.provider.by_key}
    names = [*(name for name in FIRST if name in others), *(name for name in others if name not in FIRST)]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Add a provider",
            names,
            index=None,
            key="provider_to_add",
            placeholder="Choose a provider",
            width=320,
        )
        if st.button("Enter key", type="primary", icon=":material/key:", disabled=chosen is None) and chosen:
            change_provider(ws, others[chosen])
    by_environment = [state.provider.name for state in states if not state.provider.by_key and not state.set_by]
    if by_environment:
        st.caption(
            md("{} need more than a key: set their variables in this server's environment.", ", ".join(by_environment))
        )


def _card(ws: Workspace, state: ProviderState) -> None:
    name = state.provider.name
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(md("**{}**", name))
            st.caption(_set_words(state))
        if not state.is_readable and not state.set_by:
            st.badge("cannot be read", color="red")
        if state.is_open and st.button(md("Test {}", name), key=f"test_{name}", icon=":material/play_arrow:"):
            st.session_state.pop(TESTED, None)
            test_model(ws, name)
        if not state.set_by and st.button(md("Change {}", name), key=f"change_{name}", icon=":material/edit:"):
            change_provider(ws, state)
        is_removable = state.at and not state.set_by
        if is_removable and st.button(
            md("Remove {}", name), key=f"remove_{name}", icon=":material/delete:", type="tertiary"
        ):
            remove_provider(ws, state)


def _set_words(state: ProviderState) -> Markdown:
    if state.set_by:
        also = md(" What is stored here is not used." if state.at else "")
        return md("Set by {} in this server's environment; change it there.{}", " and ".join(state.set_by), also)
    if not state.is_readable:
        return md(
            "Stored on {}, but encrypted with another secret than this server has. Enter it again.", when(state.at)
        )
    what = "Key stored" if state.has_key else "Address stored, no key"
    words = [md("{} on {}, encrypted.", what, when(state.at))]
    if state.address:
        words.append(md("Asked at {}", state.address))
    return joined(" ", words)


@st.dialog("Key and address", icon=":material/key:")
def change_provider(ws: Workspace, state: ProviderState) -> None:
    """Takes a provider's key and address. A key that is stored is never shown."""
    name, own = state.provider.name, state.provider.own
    st.markdown(md("**{}**", name))
    with st.form("provider", border=False), errors_inline():
        key = st.text_input(
            "Key, if it asks for one" if own else "Key",
            type="password",
            key=f"provider_key_{name}",
            autocomplete="new-password",
            placeholder="stored; leave empty to keep it" if state.has_key else None,
            max_chars=LONGEST_KEY,
            help="It is encrypted at once and never shown again.",
        )
        address = st.text_input(
            "Address" if own else "Address, if not the provider's own",
            state.address,
            key=f"provider_address_{name}",
            placeholder="http://localhost:11434" if own else "https://models.example.org/v1",
            max_chars=LONGEST_ADDRESS,
            help="Whoever runs the server at this address sees every prompt, and the key.",
        )
        if st.form_submit_button("Save", type="primary"):
            ws.models.set_provider(name, key, address)
            show_done(md("Saved. New calls to {} use it at once; workers on other machines within seconds.", name))
            st.rerun()


@st.dialog("Remove key and address", icon=":material/delete:")
def remove_provider(ws: Workspace, state: ProviderState) -> None:
    name = state.provider.name
    st.markdown(md("Remove what is stored for **{}**? Sessions with its models stop until another key is there.", name))
    if is_sure(key="remove_provider"):
        with errors_inline():
            ws.models.remove_provider(name)
            show_done(md("Removed the key of {}", name))
            st.rerun()


@st.dialog("Test a model", icon=":material/play_arrow:")
def test_model(ws: Workspace, provider: str) -> None:
    """Makes one call, and says what came back."""
    st.caption("One smallest call on your own account. It is counted and logged like any other.")
    listed = [choice for choice in ws.models.choices() if choice.model.startswith(f"{provider}/")]
    priced = sorted(listed, key=lambda choice: choice.price.base.completion if choice.price else 0)
    default = ws.models.defaults().talk
    begins = default if default.startswith(f"{provider}/") else priced[0].model if priced else f"{provider}/"
    model = model_field(
        ws, md("Model"), f"test_of_{provider}", first=[begins, *(each.model for each in priced)], value=begins
    )
    may = say_of_model(ws, model)
    if st.button("Make one call", type="primary", disabled=not may):
        with errors_inline(), st.spinner("Waiting for the answer"):
            st.session_state[TESTED] = ws.models.test(model)
    done: TestedModel | None = st.session_state.get(TESTED)
    if done and done.model == model:
        _outcome(done)


def _outcome(done: TestedModel) -> None:
    cost = "an unknown cost" if done.cost_usd is None else money(done.cost_usd)
    used = md("{:.1f} s, {:,} tokens, {}.", done.took.total_seconds(), done.tokens, cost)
    if not done.why:
        st.success(md("It answered “{}”. {}", shortened(done.said, 200), used), icon=":material/check:")
        return
    st.error(md("{} {}", done.why, used), icon=":material/error:")
    if done.provider_said:
        st.caption("The provider said:")
        st.code(done.provider_said, language=None, wrap_lines=True)
