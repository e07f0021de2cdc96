"""What is kept of assets in memory: bounded, and nothing of what is gone."""

from semblance_core.bootstrap import Semblance
from semblance_core.documents.document import MOST_SENT_BYTES
from semblance_core.domain.discussion.asset import MOST_ASSETS, Picture
from semblance_core.flows.discussion.stimuli import shown_stimuli
from semblance_core.store.files.asset_cache import MOST_PICTURE_BYTES, AssetCache
from semblance_core.workspace import Workspace
from tests.conftest import OpenPlatform
from tests.flows.test_stimuli import LEAFLET, PNG
from tests.studies import asked_round, session

FIVE, LARGE = Picture(b"12345", "image/png"), Picture(b"more than ten", "image/png")


def refuse() -> Picture:
    raise AssertionError("it is kept")


def test_the_longest_unused_goes_first_and_pictures_count_by_their_bytes() -> None:
    cache = AssetCache(most_texts=2, most_picture_bytes=10)
    for asset_id in ("a", "b"):
        cache.picture(asset_id, lambda: FIVE)
    assert cache.picture("a", refuse) == FIVE
    cache.picture("c", lambda: FIVE)
    assert cache.assets() == {"a", "c"}
    cache.picture("d", lambda: LARGE)
    assert cache.assets() == set()
    for what in ("one", "two", "three"):
        cache.text("a", what, lambda what=what: what)  # type: ignore[misc]
    assert cache.text("a", "three", lambda: "made anew") == "three"
    assert cache.text("a", "one", lambda: "made anew") == "made anew"
    cache.forget({"a"})
    assert cache.assets() == set()


def test_a_picture_is_read_once_for_all_turns(semblance: Semblance, workspace: Workspace) -> None:
    group = session(workspace)
    workspace.stimuli.attach(group.id, "Pack.png", PNG)
    asked_round(semblance, workspace, group.id, "What do you see?")
    semblance.connection.database["assets.chunks"].delete_many({})
    (shown,) = shown_stimuli(workspace.sessions.get(group.id), "", semblance.store.assets, sees=True)
    assert shown.picture
    assert shown.picture.content == PNG


def test_all_pictures_of_a_session_are_at_hand_however_large() -> None:
    assert MOST_ASSETS * MOST_SENT_BYTES <= MOST_PICTURE_BYTES


def test_what_another_process_removed_is_forgotten_with_the_next_sweep(open_platform: OpenPlatform) -> None:
    here, elsewhere = open_platform(), open_platform()
    workspace = here.workspace("user")
    group = session(workspace)
    asset, other = (workspace.stimuli.attach(group.id, f"{n}.txt", LEAFLET + str(n).encode()) for n in range(2))
    assert workspace.stimuli.shown_text(asset.id)
    cache = here.store.assets.cache
    assert cache.assets() == {asset.id, other.id}
    elsewhere.workspace("user").stimuli.remove(asset.id)
    here.store.assets.sweep(here.clock())
    assert cache.assets() == {other.id}
    workspace.sessions.delete(group.id)
    assert cache.assets() == set()
