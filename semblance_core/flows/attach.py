"""A document or a picture that participants are to be shown: read under guard, kept, put into words where it needs to be."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from semblance_core.conversation.window import tokens_at_most
from semblance_core.documents import read_document
from semblance_core.domain.asset import (
    DESCRIPTION_CHARS,
    MOST_ASSETS,
    MOST_PICTURE_BYTES,
    PICTURE,
    Asset,
    check_size,
    safe_name,
)
from semblance_core.domain.errors import Conflict, InvalidInput, ModelFailed, PriceUnknown, QuotaExceeded
from semblance_core.domain.focus_group import FocusGroup, FocusGroupState
from semblance_core.llm.gateway import Caller, Gateway
from semblance_core.llm.request import CompletionRequest, Picture, PromptMessage
from semblance_core.llm.simulated import is_simulated
from semblance_core.prompts import render
from semblance_core.store.assets import Assets
from semblance_core.store.ids import new_id

DESCRIPTION_WORDS = 180


def attach(
    group: FocusGroup, name: str, content: bytes, assets: Assets, at: datetime, gateway: Gateway, models: Sequence[str]
) -> Asset:
    """Reads and keeps a new stimulus; raises in words, with nothing kept, where it cannot be read or is not taken.

    models: configured ones; where the session's own does not see pictures, the first of them that does describes one.
    """
    _check_takes(group)
    check_size(len(content))
    digest = hashlib.sha256(content).hexdigest()
    there = assets.of(group)
    if known := [asset.name for asset in there if asset.sha256 == digest]:
        raise InvalidInput(f"This file is here already, as “{known[0]}”.")
    read = read_document(content, name)
    if read.kind == PICTURE:
        check_size(len(content), "A picture", MOST_PICTURE_BYTES)
    text = "" if read.kind == PICTURE else read.text
    asset = Asset(
        id=new_id(),
        focus_group_id=group.id,
        owner_id=group.owner_id,
        name=safe_name(name, tuple(asset.name for asset in there)),
        kind=read.kind,
        media_type=read.media_type,
        size_bytes=len(content),
        sha256=digest,
        created_at=at,
        characters=len(text),
        tokens=tokens_at_most(text),
        extent=read.extent,
        notes=read.notes,
    )
    # What is simulated costs nothing, so it calls no model for this either: a person writes the words.
    if asset.is_picture and not group.simulated and not gateway.catalogue.sees(group.model):
        asset = _described(asset, content, group, gateway, models)
    if not assets.add(asset, content, text):
        raise Conflict("The session changed in between and takes no stimulus at the moment; look at it and try again.")
    return asset


def copy_stimuli(source: FocusGroup, to: FocusGroup, assets: Assets, at: datetime) -> None:
    """Gives a new session what another one shows."""
    for asset in assets.of(source):
        text = "" if asset.is_picture else assets.text(asset.id)
        copied = replace(asset, id=new_id(), focus_group_id=to.id, owner_id=to.owner_id, created_at=at)
        assets.add(copied, assets.original(asset.id), text)


def checked_description(asset: Asset, description: str) -> str:
    """A person's words for a picture; raises `InvalidInput` for none, too many, or for what is no picture."""
    words = description.strip()
    if not asset.is_picture:
        raise InvalidInput("Only a picture is described; participants are shown the text of a document.")
    if not 1 <= len(words) <= DESCRIPTION_CHARS:
        raise InvalidInput(f"A description has 1–{DESCRIPTION_CHARS:,} characters.")
    return words


def _check_takes(group: FocusGroup) -> None:
    if group.state is FocusGroupState.ENDED:
        raise InvalidInput("This session has ended, so nothing more can be shown in it.")
    if group.state is FocusGroupState.AUTONOMOUS:
        raise Conflict("The discussion runs by itself at the moment; pause it to show something.")
    if len(group.stimuli) >= MOST_ASSETS:
        raise InvalidInput(f"A session shows at most {MOST_ASSETS} stimuli; remove one first.")


def _described(asset: Asset, content: bytes, group: FocusGroup, gateway: Gateway, models: Sequence[str]) -> Asset:
    """The picture in a model's words, or with a note that says why a person has to write them."""
    sees: Callable[[str], bool] = gateway.catalogue.sees
    model = next((name for name in models if sees(name) and not is_simulated(name)), "")
    if not model:
        return asset
    prompt = render("describe_picture", words=DESCRIPTION_WORDS)
    pictures = (Picture(content, asset.media_type),)
    request = CompletionRequest(
        feature="describe_picture",
        messages=(PromptMessage("user", prompt, pictures),),
        max_tokens=DESCRIPTION_WORDS * 2,
        temperature=0.2,
    )
    try:
        caller = Caller(group.owner_id, group.project_id, group.id)
        written = gateway.text(request, model, caller)
    except (ModelFailed, QuotaExceeded, PriceUnknown) as failed:
        return replace(asset, notes=(*asset.notes, f"{model} did not describe it: {failed}"))
    return replace(asset, description=written.content[:DESCRIPTION_CHARS], described_by=written.model)
