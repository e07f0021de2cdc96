"""All accounts as a table: found by words, opened by choosing a row."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from semblance_core.domain.accounts.account import User
from semblance_core.domain.plurals import number
from semblance_core.domain.usage.events import QuotaStatus
from ui.app.shell import quota_share
from ui.parts.widgets import search_box
from ui.parts.words import ROLES, md

if TYPE_CHECKING:
    from pandas import DataFrame

HEIGHT_PX, ROW_PX, MOST_ROWS = 40, 35, 15


def user_list(users: Sequence[tuple[User, QuotaStatus]]) -> str | None:
    """Draws the table and returns the user name whose row was chosen just now."""
    wanted = search_box("Name, user name, role, disabled …", "users", "find_user", ())
    words = wanted.casefold().split()
    found = [(user, status) for user, status in users if all(word in _text(user) for word in words)]
    disabled = sum(user.disabled for user, _ in found)
    st.caption(
        md(
            "{:,} of {}, {:,} disabled. Select one to view or change it.",
            len(found),
            number(len(users), "account"),
            disabled,
        )
    )
    if not found:
        st.info("No accounts match this search.", icon=":material/search_off:")
        return None
    chosen = st.dataframe(
        _table(found),
        hide_index=True,
        column_config=_columns(),
        height=HEIGHT_PX + ROW_PX * min(MOST_ROWS, len(found)),
        on_select=lambda: st.session_state.update(user_chosen=True),
        selection_mode="single-row",
        placeholder="",
        key=f"users_{wanted}_{len(found)}",  # a selection must not outlive the list that it was made in
    )
    is_new = st.session_state.pop("user_chosen", False)
    return found[chosen.selection.rows[0]][0].id if is_new and chosen.selection.rows else None


def state(user: User) -> str:
    return "Disabled" if user.disabled else "Active"


def _text(user: User) -> str:
    return f"{user.name} {user.id} {ROLES[user.role]} {state(user)}".casefold()


def _table(found: Sequence[tuple[User, QuotaStatus]]) -> "DataFrame":
    import pandas as pd

    rows = []
    for user, status in found:
        share, words = quota_share(status)
        rows.append(
            {
                "name": user.name,
                "id": user.id,
                "role": ROLES[user.role],
                "state": state(user),
                "share": share,
                "used": words.replace("\\", ""),
                "signed_in": user.signed_in_at,
            }
        )
    table = pd.DataFrame(rows)
    table["share"] = table["share"].astype(float)
    table["signed_in"] = pd.to_datetime(table["signed_in"], utc=True)
    return table


def _columns() -> dict[str, Any]:
    column = st.column_config
    return {
        "name": column.TextColumn("Name", width="medium"),
        "id": column.TextColumn("User name"),
        "role": "Role",
        "state": "State",
        "share": column.ProgressColumn(
            "Quota used",
            format="percent",
            min_value=0,
            max_value=1,
            help="Share of the tighter limit; empty if there is none",
        ),
        "used": column.TextColumn("This month", width="medium"),
        "signed_in": column.DatetimeColumn("Last sign-in (UTC)", format="YYYY-MM-DD HH:mm", timezone="UTC"),
    }
