"""Files that a page has taken in: the server lets them go, so that they leave room for the next ones."""

from collections.abc import Iterable
from typing import Protocol, runtime_checkable

from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile


@runtime_checkable
class _CanRemove(Protocol):
    """A store of uploads that can let go of one; Streamlit's own can, though its base class does not say so."""

    def remove_file(self, session_id: str, file_id: str) -> None: ...


def release_upload(files: Iterable[UploadedFile]) -> None:
    """Streamlit would hold them for as long as the page is open."""
    running = get_script_run_ctx()
    if running is None or not exists():
        return
    manager = get_instance().uploaded_file_mgr
    if not isinstance(manager, _CanRemove):
        return
    for file in files:
        manager.remove_file(running.session_id, file.file_id)
