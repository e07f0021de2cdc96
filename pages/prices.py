"""Prices: what models cost, from when on, which are missing, and what a correction changes."""

import streamlit as st

from semblance_core.reports.frames import price_table
from semblance_core.workspace import CalledModel, Workspace
from ui import gate
from ui.charts import price_columns
from ui.price_dialogs import change_price, recompute
from ui.words import safe_markdown

SHOWN = 200


def called(ws: Workspace, row: CalledModel) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{safe_markdown(row.model)}**")
            rates = row.price.base if row.price else None
            words = f"${rates.prompt:f} prompt, ${rates.completion:f} completion" if rates else "its price is not known"
            unknown = f" · {row.unpriced:,} of unknown cost" if row.unpriced else ""
            st.caption(safe_markdown(f"{row.calls:,} calls{unknown} · {words}"))
        if row.price is None:
            st.badge("no price", color="red")
        if st.button("Edit" if row.price else "Set price", key=f"price_{row.model}"):
            change_price(ws, row.model)


ws = gate.workspace()
models, listed = ws.called_models(), ws.prices()

st.title("Prices")
with st.container(horizontal=True):
    if st.button("Set a price", type="primary", icon=":material/edit:"):
        change_price(ws, "")
    if st.button("Compute costs anew", icon=":material/calculate:"):
        recompute(ws)
    if st.button("Update from the lists", icon=":material/sync:", help="litellm's table and ours; what you set stays."):
        done = ws.seed_prices()
        st.toast(f"{done.added:,} added, {done.changed:,} with a new price, {done.edited:,} of yours kept.")
        listed = ws.prices()

st.subheader("Models in use")
if missing := [row for row in models if row.price is None]:
    words = (
        "1 model that was called has no price"
        if len(missing) == 1
        else f"{len(missing)} models that were called have no price"
    )
    st.warning(f"{words}, so its cost is unknown and quotas in US dollars refuse it.", icon=":material/price_check:")
for row in models:
    called(ws, row)
if not models:
    st.info("No model was called yet.", icon=":material/monitoring:")

st.subheader("All prices")
wanted = st.text_input("Find", placeholder="gpt-4o, gemini, claude …", label_visibility="collapsed").casefold()
found = [price for price in listed if wanted in price.model.casefold()]
st.caption(f"{len(found):,} of {len(listed):,} prices, US dollars per million tokens. Choose a row to edit it.")
table = price_table(found[:SHOWN])
chosen = st.dataframe(
    table, hide_index=True, column_config=price_columns(), on_select="rerun", selection_mode="single-row", key="prices"
)
if rows := chosen.selection.rows:
    if st.session_state.get("price_opened") != (wanted, rows[0]):
        st.session_state["price_opened"] = (wanted, rows[0])
        change_price(ws, found[rows[0]].model)
else:
    st.session_state.pop("price_opened", None)
