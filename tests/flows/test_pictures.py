"""Pictures as models are sent them and as people get them back: upright, bare and small, also those of earlier versions."""

import base64
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from semblance_core.bootstrap import Semblance
from semblance_core.documents.document import SENT_EDGE
from semblance_core.domain.discussion.asset import MOST_ASSETS, Asset
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.errors import SemblanceError
from semblance_core.flows.costs.plans import round_plan
from semblance_core.flows.discussion.stimuli import as_shown
from semblance_core.llm.request import (
    MOST_PICTURE_TOKENS,
    CompletionRequest,
    Picture,
    PromptMessage,
    most_prompt_tokens,
)
from semblance_core.store.codec import to_document
from semblance_core.workspace import Workspace
from tests.documents.pictures import LEFT, RIGHT, SECRET, halves, made, near, noise, notes_of_a_phone, opened
from tests.flows.test_attach import BLIND
from tests.scripted_server import Asked, ScriptedServer
from tests.studies import asked_round, session

PHONE = made(halves((1_600, 1_200)).rotate(90, expand=True), "JPEG", quality=90, exif=notes_of_a_phone(6))
"""A photograph taken upright, as a phone stores it: on its side, with a note on how it was held, and where."""


@pytest.fixture
def group(workspace: Workspace) -> FocusGroup:
    return session(workspace)


def sent(asked: Iterable[Asked]) -> list[bytes]:
    """Every picture of these requests."""
    parts = [
        part for each in asked for message in each.messages for part in message["content"] if isinstance(part, dict)
    ]
    addresses = [part["image_url"]["url"] for part in parts if part["type"] == "image_url"]
    return [base64.b64decode(re.sub(r"^data:image/(png|jpeg);base64,", "", address)) for address in addresses]


def check_upright_and_bare(content: bytes, edge: int) -> None:
    found = opened(content).convert("RGB")
    assert max(found.size) == edge
    assert found.width > found.height
    assert near(found.getpixel((10, 40)), LEFT)
    assert near(found.getpixel((found.width - 10, 40)), RIGHT)
    assert SECRET not in content
    assert not opened(content).getexif()


def kept_as_before(semblance: Semblance, group: FocusGroup, content: bytes, asset_id: str = "old") -> Asset:
    """A picture as earlier versions kept it: the file that was given, and no word on what models are sent."""
    now = semblance.clock()
    asset = Asset(asset_id, group.id, "user", f"{asset_id}.jpg", "image", "image/jpeg", len(content), asset_id, now)
    assert semblance.store.assets.add(asset, content, "")
    semblance.connection.database["assets"].update_one({"_id": asset.id}, {"$unset": {"sent_type": 1}})
    assert "sent_type" in to_document(asset)
    return asset


def test_a_photograph_from_a_phone_is_sent_and_handed_back_without_its_place_and_upright(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    assert SECRET in PHONE
    asset = workspace.stimuli.attach(group.id, "Phone.jpg", PHONE)
    asked_round(semblance, workspace, group.id, "What do you see?")
    for content in sent(model_server.asked):
        check_upright_and_bare(content, SENT_EDGE)
    assert len(sent(model_server.asked)) == 3
    check_upright_and_bare(workspace.stimuli.original(asset.id), 1_600)
    (copied,) = workspace.stimuli.of_session(workspace.sessions.duplicate(group.id).id)
    check_upright_and_bare(workspace.stimuli.original(copied.id), 1_600)
    check_upright_and_bare(semblance.store.assets.picture(copied.id).content, SENT_EDGE)
    stored = b"".join(chunk["data"] for chunk in semblance.connection.database["assets.chunks"].find())
    assert SECRET not in stored
    assert semblance.connection.database["incoming.chunks"].count_documents({}) == 0


def test_who_describes_a_picture_is_sent_it_the_same_way(workspace: Workspace, model_server: ScriptedServer) -> None:
    group = session(workspace, model=BLIND)
    workspace.stimuli.attach(group.id, "Phone.jpg", PHONE)
    (content,) = sent(model_server.asked)
    check_upright_and_bare(content, SENT_EDGE)


def test_a_picture_of_another_kind_is_named_for_what_is_kept_of_it(workspace: Workspace, group: FocusGroup) -> None:
    given = {
        "Pack.gif": made(halves(), "GIF"),
        "Shop.webp": made(halves(), "WEBP"),
        "Logo": made(halves((9, 9)), "PNG"),
    }
    kept = [workspace.stimuli.attach(group.id, name, content) for name, content in given.items()]
    assert [(asset.name, asset.media_type) for asset in kept] == [
        ("Pack.png", "image/png"),
        ("Shop.jpg", "image/jpeg"),
        ("Logo.png", "image/png"),
    ]


def test_ten_large_pictures_make_a_request_that_every_provider_takes(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    files = [(f"{number}.jpg", made(noise(1_200, number), "JPEG", quality=95)) for number in range(MOST_ASSETS)]
    handed = workspace.stimuli.add(group.id, files)
    assert handed.task
    semblance.engine.wait("task", handed.task.id)
    asked_round(semblance, workspace, group.id, "What do you see?")
    sizes = [int(asked.headers["content-length"]) for asked in model_server.asked]
    assert len(sizes) == 3
    assert max(sizes) < 5e6
    assert len(set(sent(model_server.asked))) == MOST_ASSETS


def test_a_photograph_of_more_than_four_megabytes_is_taken(workspace: Workspace, group: FocusGroup) -> None:
    large = made(noise(2_200), "JPEG", quality=95, exif=notes_of_a_phone(6))
    assert len(large) > 5e6
    assert workspace.stimuli.attach(group.id, "Phone.jpg", large).size_bytes == len(large)


# Those that earlier versions kept


def test_an_older_picture_is_sent_and_handed_back_upright_and_bare_and_made_so_once(
    semblance: Semblance, workspace: Workspace, group: FocusGroup, model_server: ScriptedServer
) -> None:
    asset = kept_as_before(semblance, group, PHONE)
    asked_round(semblance, workspace, group.id, "What do you see?")
    assert len(sent(model_server.asked)) == 3
    for content in sent(model_server.asked):
        check_upright_and_bare(content, SENT_EDGE)
    check_upright_and_bare(workspace.stimuli.original(asset.id), 1_600)
    after = workspace.stimuli.get(asset.id)
    assert after.sent_type in ("image/png", "image/jpeg")
    assert after.kind == "image"
    files = semblance.connection.database["assets.files"]
    assert sorted(each["_id"] for each in files.find()) == ["old/original", "old/sent", "old/text"]
    written = files.find_one({"_id": "old/original"})
    workspace.stimuli.original(asset.id)
    assert files.find_one({"_id": "old/original"}) == written


def test_an_older_picture_is_handed_back_and_copied_bare_before_any_model_saw_it(
    semblance: Semblance, workspace: Workspace, group: FocusGroup
) -> None:
    kept_as_before(semblance, group, PHONE)
    (copied,) = workspace.stimuli.of_session(workspace.sessions.duplicate(group.id).id)
    check_upright_and_bare(workspace.stimuli.original(copied.id), 1_600)
    check_upright_and_bare(workspace.stimuli.original("old"), 1_600)


def test_the_sweeper_finds_older_pictures_that_nobody_asks_for(
    semblance: Semblance, workspace: Workspace, group: FocusGroup
) -> None:
    assets = semblance.store.assets
    workspace.stimuli.attach(group.id, "Leaflet.txt", b"Oat milk.")
    kept_as_before(semblance, group, PHONE)
    kept_as_before(semblance, group, b"\xff\xd8\xff no picture", "broken")
    assert [assets.prepare_one() for _ in range(3)] == [True, True, False]
    stored = b"".join(chunk["data"] for chunk in semblance.connection.database["assets.chunks"].find())
    assert SECRET not in stored
    with pytest.raises(SemblanceError, match=r"broken.jpg is a damaged picture\."):
        workspace.stimuli.original("broken")


def test_a_deleted_session_leaves_none_of_an_older_pictures_files(
    semblance: Semblance, workspace: Workspace, group: FocusGroup
) -> None:
    kept_as_before(semblance, group, PHONE)
    assert semblance.store.assets.prepare_one()
    workspace.sessions.delete(group.id)
    database = semblance.connection.database
    assert [database[name].count_documents({}) for name in ("assets", "assets.files", "assets.chunks")] == [0, 0, 0]
    semblance.store.assets.sweep(semblance.clock() + timedelta(days=1))


# What they cost


def test_holds_and_estimates_count_each_picture(semblance: Semblance, workspace: Workspace, group: FocusGroup) -> None:
    asset = workspace.stimuli.attach(group.id, "Phone.jpg", PHONE)
    shown = as_shown([asset], "", "", semblance.store.assets, sees=True)
    assert shown[0].picture
    without = [replace(shown[0], picture=None)]
    (one,), (other,) = (round_plan(group, 1, semblance.gateway, each) for each in (shown, without))
    assert one != other
    bare = CompletionRequest("reply", (PromptMessage("user", "?"),), 9)
    seen = CompletionRequest("reply", (PromptMessage("user", "?", (Picture(PHONE, "image/jpeg"),)),), 9)
    assert most_prompt_tokens(seen) - most_prompt_tokens(bare) == MOST_PICTURE_TOKENS
    # Where each of its 14 × 14 pixels is a token, four of which are joined (Qwen); 16 × 16, none joined (Pixtral); 32 × 32 at 2.46 (o4-mini)
    width = height = SENT_EDGE
    counts = [(width // 28 + 1) * (height // 28 + 1), (width // 16 + 1) * (height // 16), 2.46 * width * height / 32**2]
    assert max(counts) <= MOST_PICTURE_TOKENS
    assert Image.open(BytesIO(shown[0].picture.content)).size <= (SENT_EDGE, SENT_EDGE)
