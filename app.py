"""The server: `streamlit run app.py`. Draws nothing; every visitor's run begins in ui/main.py, behind the gate."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from api.health import health_routes
from semblance_core.domain.errors import SetupError
from ui.platform import check_address, platform, warm_up_later
from ui.words import say


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, Any]]:
    """Starts database and engine before the first visitor, so that sessions left running go on at once."""
    try:
        check_address(st.get_option("server.address"))
        semblance = await asyncio.to_thread(platform)
    except SetupError as failed:
        sys.exit(f"semblance: {failed}")
    warm_up_later(semblance)
    yield {}
    await asyncio.to_thread(semblance.close)


app = st.App("ui/main.py", routes=health_routes(), lifespan=lifespan, on_script_error=say)
