"""Opens a recorded study: a project with its people, its session and its themes, in about a second and without a model call."""

from datetime import datetime

from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.recordings import Recording
from semblance_core.store.ids import new_id
from semblance_core.store.store import Store


def open_recording(
    recording: Recording, project_id: str, owner_id: str, model: str, store: Store, at: datetime
) -> FocusGroup:
    """Writes the recording into a project and returns its session.

    The session is written last and whole, so whoever sees it sees its transcript.

    Args:
        model: Answers when somebody moderates on.

    Raises:
        NotFound: The project is gone.
    """
    added = store.personas.add(project_id, recording.participants, at)
    people = dict(zip((person.id for person in recording.participants), added, strict=True))
    group = recording.session(new_id(), project_id, owner_id, model, people, at)
    store.focus_groups.add(group, recording.messages_of(group, people))
    store.themes.add(recording.findings_of(group), new_id())
    return group
