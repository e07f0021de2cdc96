"""Documents and pictures that participants are to be shown: handed in, read under guard, kept, put into words where needed."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from semblance_core.analysis.sentences import whole_sentences
from semblance_core.conversation.language import UNHEARD_TOKENS_A_WORD, answer_tokens
from semblance_core.conversation.tokens import tokens_at_most
from semblance_core.documents import DocumentRefused, ReadDocument
from semblance_core.documents.kinds import family_of
from semblance_core.documents.text.encoding_names import named
from semblance_core.domain.discussion.asset import (
    DESCRIPTION_CHARS,
    MOST_ASSETS,
    Asset,
    HandedFile,
    NamedFile,
    NotAdded,
    Picture,
    check_size,
    named_as_kept,
    safe_name,
)
from semblance_core.domain.discussion.focus_group import FocusGroup, FocusGroupState
from semblance_core.domain.errors import Conflict, InvalidInput, PriceUnknown, QuotaExceeded
from semblance_core.domain.task import Task
from semblance_core.domain.usage.events import is_simulated
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.gateway import Caller, Gateway
from semblance_core.llm.request import CompletionRequest, PromptMessage
from semblance_core.prompts import render
from semblance_core.requests.discussion import PictureRequest
from semblance_core.store.files.assets import Assets
from semblance_core.store.ids import new_id

DESCRIPTION_WORDS = 180


def sorted_out(
    group: FocusGroup,
    files: Sequence[tuple[str, bytes]],
    there: Sequence[Asset],
    waiting: Sequence[NamedFile],
    still_to_add: int,
    encoding: str = "",
) -> tuple[list[HandedFile], list[NotAdded]]:
    """Of files (names and bytes) those that may be added, and the others with why: of what is in them, only the first bytes count.

    Args:
        there: What the session shows already.
        waiting: The files of tasks that add to it, of which `still_to_add` are not there yet.
        encoding: What a person says that texts are in.

    Raises:
        UserMistake: The session takes no files at all.
    """
    _check_takes(group)
    encoding = named(encoding) if encoding else ""
    known = {asset.sha256: asset.name for asset in there}
    known |= {file.sha256: file.name for file in waiting}
    room = MOST_ASSETS - len(group.stimuli) - still_to_add
    taken: list[HandedFile] = []
    refused: list[NotAdded] = []
    for given_name, content in files:
        name = safe_name(given_name)
        digest = hashlib.sha256(content).hexdigest()
        try:
            check_size(len(content))
            if digest in known:
                raise InvalidInput(f"This file has already been added as “{known[digest]}”.")
            family_of(content, name)
            if len(taken) >= room:
                raise InvalidInput(f"A session shows at most {MOST_ASSETS} stimuli; remove one first.")
        except (InvalidInput, DocumentRefused) as why:
            refused.append(NotAdded(name, str(why)))
        else:
            taken.append(HandedFile(name, digest, content, encoding))
            known[digest] = name
    return taken, refused


def still_to_read(waiting: Sequence[Task]) -> int:
    """Returns the number of files that these tasks have not added yet."""
    return sum(max(0, task.total - task.done) for task in waiting)


def still_read_words(waiting: Sequence[Task]) -> str:
    """Returns the number of files still being read, as a sentence; empty for none."""
    count = still_to_read(waiting)
    return f"{count} {'file is' if count == 1 else 'files are'} still being read." if count else ""


def check_read(waiting: Sequence[Task]) -> None:
    """Raises `Conflict` where a question would be put before what was handed in can be shown with it."""
    if words := still_read_words(waiting):
        raise Conflict(
            f"{words} Participants would not be shown them yet: wait until they are there, or cancel reading."
        )


def attach(
    asset_id: str,
    group: FocusGroup,
    name: str,
    content: bytes,
    assets: Assets,
    at: datetime,
    read: Callable[[bytes, str], ReadDocument],
    described: Callable[[Asset, Picture], Asset],
    encoding: str = "",
) -> Asset:
    """Reads and keeps a new stimulus; raises in words, with nothing kept, where it cannot be read or is not taken.

    asset_id: its own, the same whenever this is done again. read: see `Reader.read`. described: the picture in words, for
    a model that does not see. encoding: what a person says that a text is in, as `read` was told.
    """
    if asset_id in group.stimuli:
        return assets.keep(asset_id)
    _check_takes(group)
    digest = hashlib.sha256(content).hexdigest()
    there = assets.of(group)
    if known := [asset.name for asset in there if asset.sha256 == digest]:
        raise InvalidInput(f"This file has already been added as “{known[0]}”.")
    found = read(content, name)
    picture = found.picture
    text = "" if picture else found.text
    if picture:
        name = named_as_kept(name, found.media_type)
    asset = Asset(
        id=asset_id,
        focus_group_id=group.id,
        owner_id=group.owner_id,
        name=safe_name(name, tuple(asset.name for asset in there)),
        kind=found.kind,
        media_type=found.media_type,
        size_bytes=len(content),
        sha256=digest,
        created_at=at,
        characters=len(text),
        tokens=tokens_at_most(text),
        extent=found.extent,
        notes=found.notes,
        sent_type=picture.scaled_type if picture else "",
        left_out=found.left_out,
        encoding=encoding if found.kind in ("text", "markdown") else "",
    )
    if picture:
        asset = described(asset, Picture(picture.scaled, picture.scaled_type))
        taken = assets.add(asset, picture.kept, text, picture.scaled)
    else:
        taken = assets.add(asset, content, text)
    if not taken:
        raise Conflict("The session has changed and cannot take stimuli right now. Check it and try again.")
    return asset


def describes(group: FocusGroup, gateway: Gateway, models: Sequence[str]) -> str:
    """Returns the first of these models that can describe pictures for the session; empty where none has to or can."""
    # What is simulated costs nothing, so it calls no model for this either: a person writes the words.
    if group.simulated or gateway.catalogue.sees(group.model):
        return ""
    return next((name for name in models if gateway.catalogue.sees(name) and not is_simulated(name)), "")


def described(asset: Asset, picture: Picture, gateway: Gateway, model: str, caller: Caller) -> Asset:
    """The picture in the model's words, or with a note that says why a person has to write them."""
    asked = PictureRequest(picture, DESCRIPTION_WORDS)
    request = CompletionRequest(
        asked.feature,
        messages=(PromptMessage("user", render("describe_picture", words=asked.words), (asked.picture,)),),
        max_tokens=answer_tokens(asked.words, least_a_word=UNHEARD_TOKENS_A_WORD),
        asked=asked,
        temperature=0.2,
    )
    try:
        written = gateway.text(request, model, caller)
    except (ModelFailed, QuotaExceeded, PriceUnknown) as failed:
        return replace(asset, notes=(*asset.notes, f"{model} did not describe it: {failed}"))
    words = written.content
    return replace(
        asset,
        description=words if len(words) <= DESCRIPTION_CHARS else whole_sentences(words[: DESCRIPTION_CHARS - 1]),
        described_by=written.model,
    )


def copy_stimuli(source: FocusGroup, to: FocusGroup, assets: Assets, at: datetime) -> None:
    """Gives a new session what another one shows."""
    _copied(assets.of(source), to, assets, at)


def _copied(found: Sequence[Asset], to: FocusGroup, assets: Assets, at: datetime) -> None:
    for asset in map(assets.prepared, found):
        text = "" if asset.is_picture else assets.text(asset.id)
        sent = assets.picture(asset.id).content if asset.is_picture else b""
        copied = replace(asset, id=new_id(), focus_group_id=to.id, owner_id=to.owner_id, created_at=at)
        assets.add(copied, assets.original(asset.id), text, sent)


def copy_missing(source: FocusGroup, to: FocusGroup, assets: Assets, at: datetime) -> None:
    """Gives a session what another one shows and it does not: all of it, also where a process died in between."""
    there = {asset.sha256 for asset in assets.of(to)}
    _copied([asset for asset in assets.of(source) if asset.sha256 not in there], to, assets, at)


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
        raise Conflict("The discussion is running by itself; pause it to show a stimulus.")
    if len(group.stimuli) >= MOST_ASSETS:
        raise InvalidInput(f"A session shows at most {MOST_ASSETS} stimuli; remove one first.")
