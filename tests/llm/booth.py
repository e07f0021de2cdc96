"""A user at a platform whose providers are one raw server; shared by the tests of what providers really send."""

from dataclasses import dataclass, replace
from decimal import Decimal

from semblance_core.bootstrap import Semblance
from semblance_core.domain.usage.events import UsageEvent, UsageQuota
from semblance_core.llm.gateway import Caller, Gateway
from semblance_core.llm.providers.litellm_model import LitellmModel
from semblance_core.llm.request import CompletionRequest
from tests.llm.harness import ASKED, Drink
from tests.raw_server import RawServer

SERVED = (
    *("openai", "anthropic", "gemini", "openrouter", "ollama", "xai", "azure", "deepseek", "groq", "mistral"),
    *("hosted_vllm", "lm_studio", "together_ai", "github", "huggingface", "docker_model_runner", "cohere"),
)


@dataclass
class Booth:
    """One user, and what the books say after each call."""

    semblance: Semblance
    server: RawServer
    user: str
    gateway: Gateway

    @property
    def caller(self) -> Caller:
        return Caller(self.user, "project", "session", "task")

    def streaming(self) -> Gateway:
        return replace(self.gateway, model=replace(self.gateway.model, stream=True))  # type: ignore[type-var]

    def ask(self, model: str, request: CompletionRequest = ASKED, *, stream: bool = False) -> str:
        gateway = self.streaming() if stream else self.gateway
        return gateway.text(request, model, self.caller).content

    def ask_for_drink(self, model: str, request: CompletionRequest = ASKED) -> Drink:
        return self.gateway.structured(request, Drink, model, self.caller).content

    def limit(self, usd: Decimal | None) -> None:
        self.semblance.workspace("admin").accounts.set_quota(self.user, UsageQuota(usd=usd))

    @property
    def events(self) -> list[UsageEvent]:
        """Oldest first."""
        self.gateway.batcher.flush()
        return self.semblance.store.usage.events(user_id=self.user)[::-1]

    @property
    def event(self) -> UsageEvent:
        return self.events[-1]

    def forget(self) -> None:
        """Nothing learned, nothing asked."""
        self.semblance.store.model_traits.forget()
        self.gateway.traits.forget()
        self.server.sent.clear()


def model_at(server: RawServer) -> LitellmModel:
    return LitellmModel(base_urls=dict.fromkeys(SERVED, server.url), keys=dict.fromkeys(SERVED, "key-of-nobody"))
