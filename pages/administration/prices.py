"""Prices: what models cost, from when on, which are missing, and what a correction changes."""

import streamlit as st

from semblance_core.domain.plurals import number
from semblance_core.reports.costs import price_words
from semblance_core.reports.frames import price_table
from semblance_core.workspace import CalledModel, Workspace
from ui.app import gate
from ui.parts.charts import price_columns
from ui.parts.words import md, safe_markdown
from ui.usage.allowed_models import allowed_models
from ui.usage.price_dialogs import change_price, recompute

SHOWN = 200


def called(ws: Workspace, row: CalledModel) -> None:
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(gap=None, width="stretch"):
            st.markdown(f"**{safe_markdown(row.model)}**")
            words = price_words(row.price) if row.price else "price unknown"
            unknown = f" · {row.unpriced:,} of unknown cost" if row.unpriced else ""
            st.caption(safe_markdown(f"{row.calls:,} calls{unknown} · {words}"))
            if row.beyond.total:
                st.caption(
                    f"Its provider exceeded requests by up to {row.beyond.prompt:,} prompt and {row.beyond.completion:,} completion "
                    "tokens, so each of its calls reserves that much more of a quota."
                )
        if row.price is None:
            st.badge("no price", color="red")
        if row.beyond.total:
            st.badge("exceeds its limit", color="orange")
        if st.button("Edit" if row.price else "Set price", key=f"price_{row.model}"):
            change_price(ws, row.model, ws.prices.of_model(row.model))


ws = gate.workspace()
ws.me.check_admin()
models, listed = ws.prices.called_models(), ws.prices.all()

st.title("Prices")
with st.container(horizontal=True):
    if st.button("Set a price", type="primary", icon=":material/edit:"):
        change_price(ws, "")
    if st.button("Recalculate costs", icon=":material/calculate:"):
        recompute(ws)
    if st.button(
        "Update from price lists", icon=":material/sync:", help="litellm's list and ours; prices you set are kept."
    ):
        done = ws.prices.seed()
        new = f"{done.added:,} added, {done.changed:,} with a new price from today on."
        st.toast(f"{new if done.added or done.changed else 'Already up to date.'} Prices you set are kept.")
        listed = ws.prices.all()

allowed_models(ws)

st.subheader("Models in use")
if missing := [row for row in models if row.price is None]:
    unpriced = (
        "1 model in use has no price, so its cost is unknown and quotas in US dollars refuse it."
        if len(missing) == 1
        else f"{len(missing)} models in use have no price, so their cost is unknown and quotas in US dollars refuse them."
    )
    st.warning(unpriced, icon=":material/price_check:")
for row in models:
    called(ws, row)
if not models:
    st.info("No model has been called yet.", icon=":material/monitoring:")

st.subheader("All prices")
wanted = st.text_input("Find", placeholder="gpt-4o, gemini, claude …", label_visibility="collapsed").casefold()
found = [price for price in listed if all(word in price.model.casefold() for word in wanted.split())]
shown = found[:SHOWN]
more = md(" The first {} are shown; search to narrow them down." if len(found) > SHOWN else "", SHOWN)
st.caption(
    md(
        "{:,} of {}, US dollars per million tokens. Select a row to edit it.{}",
        len(found),
        number(len(listed), "price"),
        more,
    )
)
if not shown:
    st.info("No prices match. You can set one above for any model that litellm can call.", icon=":material/search_off:")
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
        change_price(ws, model := shown[rows[0]].model, ws.prices.of_model(model))
