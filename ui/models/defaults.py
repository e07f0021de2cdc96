"""The form of the default models; the environment stands above it."""

import streamlit as st

from semblance_core.llm.catalogue.default_models import Purpose
from semblance_core.store.usage.model_rules import SaidDefaults
from semblance_core.workspace import Workspace
from ui.parts.conflicts import edit_key, saved_in_form
from ui.parts.model_field import model_field
from ui.parts.words import errors_inline, md, show_done

READ = "default_models_read"
LABELS = {
    Purpose.TALK: (md("Sessions and panels"), "By the keys that are set"),
    Purpose.ANALYSIS: (md("Analyses"), "The session's own model"),
    Purpose.PICTURES: (md("Descriptions of pictures"), "The first configured model that sees pictures"),
}


def default_models(ws: Workspace) -> None:
    """A field for each purpose, and *Save*."""
    now = ws.models.defaults()
    base: SaidDefaults = st.session_state.get(READ, now.said)
    fields = [f"default_{purpose}_{base.version}" for purpose in LABELS if purpose not in now.set_by]
    if not any(key in st.session_state for key in fields):  # the page was opened just now, or saved
        base = st.session_state[READ] = now.said
    typed = {}
    with st.form("default_models"), errors_inline():
        for purpose, (label, empty) in LABELS.items():
            said = getattr(base, purpose)
            if variable := now.set_by.get(purpose):
                named = {Purpose.TALK: now.talk, Purpose.ANALYSIS: now.analysis, Purpose.PICTURES: now.pictures}
                st.text_input(label, named[purpose], disabled=True, key=f"default_{purpose}")
                st.caption(md("Set by {} in this server's environment; change it there.", variable))
                typed[str(purpose)] = said
                continue
            hint = f"{empty}: {now.talk}" if purpose is Purpose.TALK and not said else empty
            key = f"default_{purpose}_{base.version}"
            typed[str(purpose)] = model_field(ws, label, key, empty=hint, value=said)
        if saved_in_form(
            edit_key("default_models", base),
            typed,
            base,
            lambda wanted, made_from: ws.models.set_defaults(**wanted, base=made_from),
        ):
            del st.session_state[READ]
            show_done(md("Saved. New sessions, analyses and descriptions use them."))
            st.rerun()
