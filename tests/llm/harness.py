"""A user at a platform of one's own, and what the books say after each call; shared by the tests of the gateway."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from pydantic import BaseModel

from semblance_core.bootstrap import Semblance
from semblance_core.domain.times import month_of
from semblance_core.domain.usage.events import QuotaStatus, UsageEvent, UsageQuota
from semblance_core.domain.usage.model_failed import ModelFailed
from semblance_core.llm.gateway import Caller
from semblance_core.llm.request import CompletionRequest, PromptMessage
from tests.scripted_server import ScriptedServer

OPENAI = "openai/gpt-4o-mini"
GEMINI = "gemini/gemini-2.5-flash-lite"
GEMINI_KEY = "AIzaCanary0123456789"
PROVIDERS = pytest.mark.parametrize("model", [OPENAI, GEMINI])
ASKED = CompletionRequest(
    "reply", (PromptMessage("system", "Rules. " * 100), PromptMessage("user", "What do you drink?")), max_tokens=60
)


class Drink(BaseModel):
    name: str
    litres: float


@dataclass
class GatewayHarness:
    """A platform, and what its books say after each call."""

    semblance: Semblance
    server: ScriptedServer
    user: str

    @property
    def caller(self) -> Caller:
        return Caller(self.user, "project", "session", "task")

    @property
    def hurried(self) -> "GatewayHarness":
        """The same with calls that are over after 1 s, for providers that hang; a busy machine makes others that late."""
        return replace(self, semblance=replace(self.semblance, gateway=replace(self.semblance.gateway, timeout_s=1.0)))

    def ask(self, model: str, request: CompletionRequest = ASKED) -> str:
        return self.semblance.gateway.text(request, model, self.caller).content

    def ask_for_drink(self, model: str) -> Drink:
        return self.semblance.gateway.structured(ASKED, Drink, model, self.caller).content

    def fail(self, model: str, request: CompletionRequest = ASKED) -> ModelFailed:
        with pytest.raises(ModelFailed) as caught:
            self.semblance.gateway.text(request, model, self.caller)
        return caught.value

    def limit(self, **quota: Any) -> None:
        self.semblance.workspace("admin").accounts.set_quota(self.user, UsageQuota(**quota))

    @property
    def events(self) -> list[UsageEvent]:
        """Oldest first."""
        self.semblance.gateway.batcher.flush()
        return self.semblance.store.usage.events(user_id=self.user)[::-1]

    @property
    def status(self) -> QuotaStatus:
        self.semblance.gateway.batcher.flush()
        month = month_of(self.semblance.clock())
        return self.semblance.store.ledger.status(self.user, UsageQuota(), month)
