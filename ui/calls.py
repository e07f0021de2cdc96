"""The newest calls as a table, and all of the period as a file."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import streamlit as st

from ui.charts import usage_columns

if TYPE_CHECKING:
    from pandas import DataFrame


def newest_calls(table: "DataFrame", all_as_csv: Callable[[], str], calls: int, file_name: str) -> None:
    """calls: how many the file holds, which is written only once somebody asks for it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.subheader("Newest calls", width="stretch")
        st.download_button(
            f"All {calls:,} as CSV", all_as_csv, file_name, icon=":material/download:", on_click="ignore"
        )
    st.dataframe(table, hide_index=True, column_config=usage_columns())
