"""Files that a page has taken in: the server lets them go, so that they leave room for the next ones."""

from collections.abc import Iterable

from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


def let_go(files: Iterable[UploadedFile]) -> None:
    """Streamlit would hold them for as long as the page is open."""
    running = get_script_run_ctx()
    if running is None or not exists():
        return
    for file in files:
        get_instance().uploaded_file_mgr.remove_file(running.session_id, file.file_id)
