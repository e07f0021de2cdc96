"""Operations on what participants are shown."""

from semblance_core.domain.asset import Asset
from semblance_core.domain.errors import InvalidInput
from semblance_core.flows.attach import attach, checked_description
from semblance_core.flows.stimuli import as_shown
from semblance_core.workspace.access import Desk, of_asset, of_focus_group, operation


class Stimuli(Desk):
    @operation(of_focus_group)
    def attach_stimulus(self, group_id: str, name: str, content: bytes) -> Asset:
        """Adds a document or a picture that participants are shown with the next question.

        Before the session has begun or while it is moderated. A file that cannot be read safely is refused in words, and
        nothing of it is kept. May call a model, where a picture has to be put into words.
        """
        group = self.store.focus_groups.get(group_id)
        models = (self.settings.default_model, *self.settings.fallback_models)
        return attach(group, name, content, self.store.assets, self.clock(), self.gateway, models)

    @operation(of_focus_group)
    def stimuli(self, group_id: str) -> list[Asset]:
        """What the session shows, in the order in which it does."""
        return self.store.assets.of(self.store.focus_groups.get(group_id))

    @operation(of_focus_group)
    def sees_pictures(self, group_id: str) -> bool:
        """Whether the session's model takes pictures; for one that does not, each has to be described in words."""
        return self.gateway.catalogue.sees(self.store.focus_groups.get(group_id).model)

    @operation(of_asset)
    def stimulus(self, asset_id: str) -> Asset:
        return self.store.assets.get(asset_id)

    @operation(of_asset)
    def stimulus_text(self, asset_id: str) -> str:
        """All that was read of a document; empty for a picture."""
        return self.store.assets.text(asset_id)

    @operation(of_asset)
    def shown_text(self, asset_id: str) -> str:
        """What every participant is shown of it with every question: the whole, or an extract by the session's topic."""
        asset = self.store.assets.get(asset_id)
        group = self.store.focus_groups.get(asset.focus_group_id)
        found = as_shown(self.store.assets.of(group), group.topic or group.title, "", self.store.assets)
        return next(shown.text for shown in found if shown.name == asset.name)

    @operation(of_asset)
    def original(self, asset_id: str) -> bytes:
        """The file as it was given."""
        return self.store.assets.original(asset_id)

    @operation(of_asset)
    def describe_stimulus(self, asset_id: str, description: str) -> Asset:
        """Puts a picture into words, for models that do not see."""
        words = checked_description(self.store.assets.get(asset_id), description)
        return self.store.assets.describe(asset_id, words, "")

    @operation(of_asset)
    def remove_stimulus(self, asset_id: str) -> None:
        """Takes away what was not shown yet; raises `InvalidInput` for what was, because answers speak of it."""
        if not self.store.assets.remove(self.store.assets.get(asset_id), self.clock()):
            raise InvalidInput("Participants have been shown this already, or the discussion runs; it stays as it is.")
