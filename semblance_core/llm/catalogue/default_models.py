"""Says which models are asked where nobody chooses one: the settings, else an administrator, else by the keys that are there."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from semblance_core.domain.usage.events import is_simulated
from semblance_core.llm.catalogue.fresh import Fresh
from semblance_core.llm.catalogue.provider_book import ProviderBook
from semblance_core.settings import Settings, default_by_key
from semblance_core.store.usage.model_rules import ModelRules, SaidDefaults

FRESH_S = 3.0


class Purpose(StrEnum):
    """Work that a default model is for; the names of the fields of `SaidDefaults`."""

    TALK = "talk"
    ANALYSIS = "analysis"
    PICTURES = "pictures"


VARIABLES = {
    Purpose.TALK: "SEMBLANCE_MODEL",
    Purpose.ANALYSIS: "SEMBLANCE_ANALYSIS_MODEL",
    Purpose.PICTURES: "SEMBLANCE_PICTURE_MODEL",
}


@dataclass(frozen=True)
class DefaultModels:
    """Default models; another process's change counts here after `fresh_s` seconds at the latest."""

    settings: Settings
    book: ProviderBook
    rules: ModelRules | None = None
    fresh_s: float = FRESH_S
    now_s: Callable[[], float] = time.monotonic

    @property
    def set(self) -> dict[Purpose, str]:
        """The models that the settings name."""
        named = {
            Purpose.TALK: self.settings.model_name,
            Purpose.ANALYSIS: self.settings.analysis_model,
            Purpose.PICTURES: self.settings.picture_model,
        }
        return {purpose: model.strip() for purpose, model in named.items() if model.strip()}

    @property
    def talk(self) -> str:
        """The model of new sessions and panels."""
        typed, settings = self.book.access(), self.settings
        opened = {*settings.provider_keys, *settings.base_urls, *typed.keys, *typed.base_urls}
        return self.set.get(Purpose.TALK) or self.said().talk or default_by_key(opened)

    @property
    def pictures(self) -> str:
        """The model that puts pictures into words; empty where that is the first configured one that sees."""
        return self.set.get(Purpose.PICTURES) or self.said().pictures

    def analysis_of(self, model: str) -> str:
        """Returns the model that analyses a session of this model. What was simulated is analysed by the simulator."""
        return model if is_simulated(model) else self.set.get(Purpose.ANALYSIS) or self.said().analysis or model

    def said(self) -> SaidDefaults:
        """Returns the models that an administrator named."""
        return self._said.get()

    def forget(self) -> None:
        """Reads them again after they were changed here."""
        self._said.forget()

    @cached_property
    def _said(self) -> Fresh[SaidDefaults]:
        return Fresh(self.rules.defaults if self.rules else SaidDefaults, self.fresh_s, self.now_s)
