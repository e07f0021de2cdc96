"""The part of the page Prices that says which models may be asked, and lets an administrator say so."""

import streamlit as st

from semblance_core.llm.allowed import Source
from semblance_core.workspace import Workspace
from ui.words import safe_markdown, say_done, say_here

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
        said = rule.patterns if rule.source is Source.ADMINISTRATOR else ()
        with st.form("allowed_models", border=False):
            text = st.text_area(
                "Patterns, one a line",
                "\n".join(said),
                placeholder="openai/*\ngemini/gemini-2.5-flash",
                help="A star stands for anything. Models on machines of one's own need their address in the settings too.",
                max_chars=20_000,
            )
            if st.form_submit_button("Save") and tuple(text.split()) != said:
                with say_here():
                    ws.set_allowed_models(text.split())
                    say_done("Saved" if text.split() else "Allowed again: all providers with a key or an address")
                    st.rerun()
