"""What a session's stimuli look like in its next prompt: short ones whole, of long ones an extract, all within a budget.

What everybody is shown depends on the session's topic alone, so that it stays the same from turn to turn; what bears on the
question under discussion comes besides, at the prompt's end.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from semblance_core.conversation.tokens import shares, tokens_at_most, within
from semblance_core.documents.extract import extract
from semblance_core.domain.asset import Asset, Stimulus
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.focus_group import FocusGroup
from semblance_core.store.assets import Assets

SHARED_TOKENS, PART_TOKENS = 1_600, 500
"""Of all stimuli together: what everybody is shown, and what a question brings up of the long ones."""
LEAST_TOKENS = 40
UNDESCRIBED = "(A picture. Who can see it has it attached.)"


def shown_stimuli(group: FocusGroup, question: str, assets: Assets, *, sees: bool = False) -> tuple[Stimulus, ...]:
    """What participants have been shown so far, as the next prompt holds it. sees: pictures are wanted too."""
    if not group.course.stimuli_shown:
        return ()
    there = assets.of(group)
    shown = [asset for asset in there if asset.id in group.stimuli[: group.course.stimuli_shown]]
    return as_shown(shown, group.topic or group.title, question, assets, sees=sees)


def as_shown(
    shown: Sequence[Asset], topic: str, question: str, assets: Assets, *, sees: bool = False
) -> tuple[Stimulus, ...]:
    """These assets as a prompt holds them, estimated at no more than the budget together."""
    sizes = [tokens_at_most(_words(asset)) if asset.is_picture else asset.tokens for asset in shown]
    rooms = shares(sizes, SHARED_TOKENS)
    long = sum(size > room for size, room in zip(sizes, rooms, strict=True))
    found = []
    for asset, size, room in zip(shown, sizes, rooms, strict=True):
        stimulus = Stimulus(asset.name, _extracted(asset, topic, room, assets), is_whole=size <= room)
        if not stimulus.is_whole and question:
            stimulus = replace(stimulus, part=_extracted(asset, question, PART_TOKENS // long, assets))
        if asset.is_picture and sees:
            stimulus = replace(stimulus, picture=assets.picture(asset.id))
        found.append(stimulus)
    return tuple(found)


def unshown_names(group: FocusGroup, assets: Assets) -> tuple[str, ...]:
    """Names of what the next question brings with it."""
    if len(group.stimuli) <= group.course.stimuli_shown:
        return ()
    unshown = group.stimuli[group.course.stimuli_shown :]
    return tuple(asset.name for asset in assets.of(group) if asset.id in unshown)


def check_described(group: FocusGroup, assets: Assets, sees: Callable[[str], bool]) -> None:
    """Raises `InvalidInput` where a picture would be shown to a model that does not see it and has no words for it."""
    if not group.stimuli or sees(group.model):
        return
    for asset in assets.of(group):
        if asset.is_picture and not asset.description:
            raise InvalidInput(
                f"{group.model} does not see pictures, and “{asset.name}” has not been described in words yet. Describe it, "
                "remove it, or choose a model that sees."
            )


def _extracted(asset: Asset, question: str, budget_tokens: int, assets: Assets) -> str:
    """What of the asset's text has most to do with a question; made once as long as it is remembered."""
    words = _words(asset)

    def make() -> str:
        text = words if asset.is_picture else assets.text(asset.id)
        if tokens_at_most(text) <= budget_tokens:
            return text
        return within(extract(text, question, budget_tokens), budget_tokens)

    return assets.cache.text(asset.id, (words, question, budget_tokens), make)


def _words(asset: Asset) -> str:
    """A picture in words; empty for a document, whose words are its text."""
    return (asset.description or UNDESCRIBED) if asset.is_picture else ""
