"""Models: the providers that are open, by key or address, and the models that are asked where nobody chooses one."""

import streamlit as st

from ui.app import gate
from ui.models.defaults import default_models
from ui.models.providers import provider_list
from ui.parts.routes import page_at

ws = gate.workspace()
ws.me.check_admin()
states = ws.models.providers()

st.title("Models")
st.caption(
    "Enter a provider's key, and its models can be chosen at once. Keys in the environment of this server win. Without any key the "
    "built-in simulator answers."
)
st.subheader("Providers")
provider_list(ws, states)
st.subheader("Default models")
st.caption("Asked where nobody chooses another. Simulated sessions are always analysed by the simulator.")
default_models(ws)
st.page_link(page_at("prices"), label="Prices and allowed models", icon=":material/sell:")
