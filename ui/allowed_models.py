"""The part of the page Prices that says which models may be asked, and lets an administrator say so."""

import streamlit as st

from semblance_core.llm.allowed import AllowedRule, Source
from semblance_core.workspace import Workspace
from ui.conflicts import edit_key, saved_in_form
from ui.words import safe_markdown, say_done, say_here

READ = "allowed_models_read"
SAID_BY = {
    Source.ENVIRONMENT: "The setting SEMBLANCE_ALLOWED_MODELS of this server says so; it is changed there.",
    Source.ADMINISTRATOR: "An administrator said so; the audit log holds when and what was said before.",
    Source.PROVIDERS: "These are the providers with a key or an address in the settings of this server.",
}


def allowed_models(ws: Workspace) -> None:
    """What holds, and the field to narrow or widen it."""
    rule = ws.allowed_models()
    with st.expander("Allowed models", icon=":material/rule:"):
        st.markdown("  \n".join(safe_markdown(pattern) for pattern in rule.patterns))
        st.caption(f"{SAID_BY[rule.source]} The simulator and the models that the settings name are always allowed.")
        if rule.source is Source.ENVIRONMENT:
            return
        base: AllowedRule = st.session_state.get(READ, rule)
        if f"allowed_models_{base.version}" not in st.session_state:  # the page was opened just now, or the rule saved
            base = st.session_state[READ] = rule
        said = base.patterns if base.source is Source.ADMINISTRATOR else ()
        with st.form("allowed_models", border=False), say_here():
            text = st.text_area(
                "Patterns, one a line",
                "\n".join(said),
                key=f"allowed_models_{base.version}",
                placeholder="openai/*\ngemini/gemini-2.5-flash",
                help="A star stands for anything. Models on machines of one's own need their address in the settings too.",
                max_chars=20_000,
            )
            typed = {"patterns": tuple(text.split())}
            write = lambda wanted, made_from: ws.set_allowed_models(wanted["patterns"], made_from)  # noqa: E731
            if saved_in_form(edit_key("allowed_models", base), typed, base.version, write):
                del st.session_state[READ]
                say_done("Saved" if text.split() else "Allowed again: all providers with a key or an address")
                st.rerun()
