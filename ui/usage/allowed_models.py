"""The part of the page Prices that says which models may be asked, and lets an administrator say so."""

import streamlit as st

from semblance_core.llm.catalogue.allowed import AllowedRule, Source
from semblance_core.workspace import Workspace
from ui.parts.conflicts import edit_key, saved_in_form
from ui.parts.words import errors_inline, joined, md, safe_markdown, show_done

READ = "allowed_models_read"
SAID_BY = {
    Source.ENVIRONMENT: "Set by SEMBLANCE_ALLOWED_MODELS in the settings of this server; change it there.",
    Source.ADMINISTRATOR: "Set by an administrator; the audit log has the earlier values.",
    Source.PROVIDERS: "These are the providers with a key or an address, in the settings of this server or on the page Models.",
}


def allowed_models(ws: Workspace) -> None:
    """Draws the rule that holds, and the field to narrow or widen it."""
    rule = ws.models.allowed()
    with st.expander("Allowed models", icon=":material/rule:"):
        st.markdown(joined("  \n", (safe_markdown(pattern) for pattern in rule.patterns)))
        st.caption(f"{SAID_BY[rule.source]} The simulator and the models that the settings name are always allowed.")
        if rule.source is Source.ENVIRONMENT:
            return
        base: AllowedRule = st.session_state.get(READ, rule)
        if f"allowed_models_{base.version}" not in st.session_state:  # the page was opened just now, or the rule saved
            base = st.session_state[READ] = rule
        said = base.patterns if base.source is Source.ADMINISTRATOR else ()
        with st.form("allowed_models", border=False), errors_inline():
            text = st.text_area(
                "Patterns, one per line",
                "\n".join(said),
                key=f"allowed_models_{base.version}",
                placeholder="openai/*\ngemini/gemini-2.5-flash",
                help="An asterisk matches anything. Self-hosted models also need their address, in the settings or on the page Models.",
            )
            typed = {"patterns": tuple(text.split())}
            if saved_in_form(
                edit_key("allowed_models", base),
                typed,
                base.version,
                lambda wanted, made_from: ws.models.allow(wanted["patterns"], made_from),
            ):
                del st.session_state[READ]
                show_done(md("Saved" if text.split() else "All providers with a key or an address are allowed again"))
                st.rerun()
