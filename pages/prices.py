"""Prices: what models cost, from when on, which are missing, and what a correction changes."""

import streamlit as st

from semblance_core.reports.costs import price_words
from semblance_core.reports.frames import price_table
from semblance_core.workspace import CalledModel, Workspace
from ui import gate
from ui.allowed_models import allowed_models
from ui.charts import price_columns
from ui.price_dialogs import change_price, recompute
from ui.words import safe_markdown

SHOWN = 200


def called(ws: Workspace, row: CalledModel) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{safe_markdown(row.model)}**")
            words = price_words(row.price) if row.price else "its price is not known"
            unknown = f" · {row.unpriced:,} of unknown cost" if row.unpriced else ""
            st.caption(safe_markdown(f"{row.calls:,} calls{unknown} · {words}"))
            if row.beyond.total:
                words = (
                    f"Its provider went up to {row.beyond.prompt:,} prompt and {row.beyond.completion:,} completion tokens beyond "
                    "what a request allows; each of its calls is held that much larger against a quota."
                )
                st.caption(words)
        if row.price is None:
            st.badge("no price", color="red")
        if row.beyond.total:
            st.badge("ignores its bound", color="orange")
        if st.button("Edit" if row.price else "Set price", key=f"price_{row.model}"):
            change_price(ws, row.model, ws.price_list(row.model))


ws = gate.workspace()
ws.check_admin()
models, listed = ws.called_models(), ws.prices()

st.title("Prices")
with st.container(horizontal=True):
    if st.button("Set a price", type="primary", icon=":material/edit:"):
        change_price(ws, "")
    if st.button("Compute costs anew", icon=":material/calculate:"):
        recompute(ws)
    if st.button("Update from the lists", icon=":material/sync:", help="litellm's table and ours; what you set stays."):
        done = ws.seed_prices()
        new = f"{done.added:,} added, {done.changed:,} with a new price from today on."
        st.toast(f"{new if done.added or done.changed else 'Already up to date.'} What you set stays.")
        listed = ws.prices()

allowed_models(ws)

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
found = [price for price in listed if all(word in price.model.casefold() for word in wanted.split())]
shown = found[:SHOWN]
more = f" The first {SHOWN} are shown; search to narrow." if len(found) > SHOWN else ""
st.caption(f"{len(found):,} of {len(listed):,} prices, US dollars per million tokens. Choose a row to edit it.{more}")
if not shown:
    st.info("No price fits. Set one above, for any model that litellm can call.", icon=":material/search_off:")
else:
    key = f"prices_{wanted}_{len(listed)}"  # a selection must not outlive the list that it was made in
    chosen = st.dataframe(
        price_table(shown),
        hide_index=True,
        column_config=price_columns(),
        on_select=lambda: st.session_state.update(price_chosen=True),
        selection_mode="single-row",
        key=key,
    )
    if st.session_state.pop("price_chosen", False) and (rows := chosen.selection.rows):
        change_price(ws, model := shown[rows[0]].model, ws.price_list(model))
