"""The places where an account is signed in, each sign-in with a button that ends it."""

from collections.abc import Callable, Sequence

import streamlit as st

from semblance_core.domain.accounts.account import SignIn
from ui.parts.widgets import named_for
from ui.parts.words import errors_inline, md, safe_markdown, show_done, when

SHOWN = 50
PLACES = {"local": "this server itself"}


def sign_in_list(sign_ins: Sequence[SignIn], revoke: Callable[[str], None], here: str = "") -> None:
    """revoke: ends the one with this id. here: the id of the sign-in that is looking."""
    if not sign_ins:
        st.info("Not signed in anywhere at the moment.", icon=":material/devices:")
    for place_in_list, sign_in in enumerate(sign_ins[:SHOWN], start=1):
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            with st.container(gap=None, width="stretch"):
                st.markdown(safe_markdown(sign_in.agent or "Unknown browser or program"))
                way = f" · by {sign_in.way}" if sign_in.way else ""
                place = f" · from {PLACES.get(sign_in.source, sign_in.source)}" if sign_in.source else ""
                st.caption(
                    safe_markdown(
                        f"since {when(sign_in.created_at)} · last seen {when(sign_in.seen_at)}{place}{way} · "
                        f"ends {sign_in.expires_at:%d %b}"
                    )
                )
            if sign_in.id == here:
                st.badge("This one", color="green")
                continue
            label = named_for(md("End"), f"sign-in {place_in_list}")
            if st.button(label, key=f"end_{sign_in.id}", type="tertiary", help="Sign out this browser or program"):
                with errors_inline():
                    revoke(sign_in.id)
                    show_done(md("Sign-in ended"))
                    st.rerun()
    if len(sign_ins) > SHOWN:
        st.caption(f"And {len(sign_ins) - SHOWN:,} more. “Sign out everywhere” ends them all.")
