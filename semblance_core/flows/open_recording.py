"""Opens a recorded study: a project with its people, its session and its themes, in about a second and without a model call."""

import hashlib
from datetime import datetime

from semblance_core.conversation.tokens import tokens_at_most
from semblance_core.domain.discussion.asset import Asset
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.recordings import Recording, ShownText
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
    group_id, assets = new_id(), store.focus_groups.assets
    shown = [_asset(each, group_id, owner_id, at) for each in recording.stimuli]
    for asset, each in zip(shown, recording.stimuli, strict=True):
        assets.put(asset, each.text.encode(), each.text)
    group = recording.session(group_id, project_id, owner_id, model, people, at, shown)
    store.focus_groups.add(group, recording.messages_of(group, people))
    for asset in shown:
        assets.keep(asset.id)
    store.themes.add(recording.findings_of(group), new_id())
    return group


def _asset(shown: ShownText, group_id: str, owner_id: str, at: datetime) -> Asset:
    content = shown.text.encode()
    return Asset(
        id=new_id(),
        focus_group_id=group_id,
        owner_id=owner_id,
        name=shown.name,
        kind="text",
        media_type="text/plain",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        created_at=at,
        characters=len(shown.text),
        tokens=tokens_at_most(shown.text),
    )
