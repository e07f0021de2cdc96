"""A session's stimuli as its next prompt holds them: short ones whole, extracts of long ones, all within a budget.

The part that everybody is shown depends on the session's topic alone, so that it stays the same from turn to turn.
Extracts about the question under discussion come besides, at the prompt's end.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from semblance_core.conversation.tokens import shares, tokens_at_most, within
from semblance_core.documents.extract import extract
from semblance_core.domain.discussion.asset import Asset, Stimulus
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.domain.discussion.shows import Showing, StimulusPlan, placing, plan_of
from semblance_core.domain.errors import InvalidInput
from semblance_core.store.files.assets import Assets
from semblance_core.store.sessions.focus_groups import FocusGroups

SHARED_TOKENS, PART_TOKENS = 1_600, 500
"""Of all stimuli together: what everybody is shown, and what a question brings up of the long ones."""
MODERATOR_TOKENS = 500
"""Of the stimuli at hand together, in a moderator's request."""
LEAST_TOKENS = 40
UNDESCRIBED = "(A picture. Who can see it has it attached.)"


def shown_stimuli(group: FocusGroup, question: str, assets: Assets, *, sees: bool = False) -> tuple[Stimulus, ...]:
    """Stimuli shown so far, as the next prompt holds them. sees: pictures are wanted too."""
    if not group.course.stimuli_shown:
        return ()
    there = assets.of(group)
    shown = [asset for asset in there if asset.id in group.stimuli[: group.course.stimuli_shown]]
    return as_shown(shown, group.heard_topic, question, assets, sees=sees)


def stimuli_at_hand(group: FocusGroup, assets: Assets, *, sees: bool = False) -> tuple[Stimulus, ...]:
    """The stimuli that a moderator is told of: those of the question under discussion, else all shown so far.

    Of long ones, what bears on that question. sees: pictures are wanted too.
    """
    course, questions = group.course, group.guide.questions
    shown = group.stimuli[: course.stimuli_shown]
    if not shown:
        return ()
    plan = group.stimulus_plan or StimulusPlan()
    here = [each.asset_id for each in plan.at(course.question) if each.asset_id in shown]
    there = [asset for asset in assets.of(group) if asset.id in (here or shown)]
    question = questions[course.question] if 0 <= course.question < len(questions) else group.heard_topic
    return as_shown(there, question, "", assets, sees=sees, most=MODERATOR_TOKENS)


def as_shown(
    shown: Sequence[Asset],
    topic: str,
    question: str,
    assets: Assets,
    *,
    sees: bool = False,
    most: int = SHARED_TOKENS,
) -> tuple[Stimulus, ...]:
    """These assets as a prompt holds them, estimated at no more than the budget together."""
    sizes = [tokens_at_most(_words(asset)) if asset.is_picture else asset.tokens for asset in shown]
    rooms = shares(sizes, most)
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


def planned(group: FocusGroup, groups: FocusGroups) -> FocusGroup:
    """The session with its stimuli placed at questions, as it has them from its first question on.

    Raises `InvalidInput` where a name in the guide does not mean one stimulus.
    """
    if group.stimulus_plan is not None:
        return group
    if not group.guide.shows_stimuli:
        return replace(group, stimulus_plan=StimulusPlan())
    plan = plan_of(group.guide, groups.assets.of(group), groups.placed.number_of(group))
    return replace(group, stimulus_plan=plan)


def placed_so_far(group: FocusGroup, groups: FocusGroups) -> tuple[StimulusPlan, tuple[str, ...]]:
    """The plan, of a draft as far as its names are clear, and a sentence for each that is not."""
    if group.stimulus_plan is not None or not group.guide.shows_stimuli:
        return group.stimulus_plan or StimulusPlan(), ()
    return placing(group.guide, groups.assets.of(group), groups.placed.number_of(group))


def showing(group: FocusGroup, question: int | None, assets: Assets) -> Showing:
    """The stimuli that the next message of a planned session shows.

    Those that stand at no question come with it whatever it asks, the others with their question alone.

    Args:
        group: the session.
        question: index of the guide's question that the message puts; None where it puts none.
        assets: the stored stimuli.
    """
    done, unshown = group.stimuli[: group.course.stimuli_shown], group.stimuli[group.course.stimuli_shown :]
    if not unshown:
        return Showing((), group.stimuli, len(done))
    placed = group.stimulus_plan.placed if group.stimulus_plan else ()
    at = {each.asset_id: each.question for each in placed}
    free = [asset_id for asset_id in unshown if asset_id not in at]
    here = [each.asset_id for each in placed if each.question == question and each.asset_id in unshown]
    now = (*free, *here)
    names = {asset.id: asset.name for asset in assets.of(group)}
    later = (asset_id for asset_id in unshown if asset_id not in now)
    return Showing(
        tuple(names[asset_id] for asset_id in now if asset_id in names), (*done, *now, *later), len(done) + len(now)
    )


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
    """The part of the asset's text that has most to do with a question; cached."""
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
