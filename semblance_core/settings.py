"""The environment as typed settings; everything has a default that works on a fresh machine."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from semblance_core.domain.errors import SetupError

SIMULATOR = "simulator/v1"
SHORTEST_SECRET = 32


class Settings(BaseSettings):
    """Read from environment variables and a `.env` file; the variable's name is each field's alias.

    model_name, analysis_model, picture_model: any litellm name, for sessions, analyses and pictures put into words.
    secret_key: encrypts the keys of providers that an administrator types. concurrency: calls of rounds, panels and analyses
    that are in flight at once in one process, shared by all who work there.
    open_panels, open_tasks, running_sessions: how much one account may have under way at once, 0 for no bound. lease_s: how
    long a worker may be silent before another takes its work over. reasoning_tokens: added to the answer's bound for models
    that think.
    fallbacks: litellm names with commas between them. allowed: patterns of models, as in `openai/*`, the same way.
    broker_url: amqp://…, where a fleet of workers does the work.
    log_format: auto is JSON in production and text elsewhere. keep_audit_days: 0 keeps the audit log for ever.
    url: where people open the app. microsoft_…: the app's registration at Microsoft; all three or none.
    """

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, populate_by_name=True)

    env: Literal["development", "production"] = Field("development", alias="SEMBLANCE_ENV")
    data_dir: Path = Field(Path(".semblance"), alias="SEMBLANCE_DATA_DIR")
    mongodb_uri: str = Field("", alias="MONGODB_URI")
    mongodb_database: str = Field("semblance", alias="SEMBLANCE_DATABASE", min_length=1)
    mongodb_port: int = Field(0, alias="SEMBLANCE_MONGODB_PORT", ge=0, le=65535)
    model_name: str = Field("", alias="SEMBLANCE_MODEL")
    analysis_model: str = Field("", alias="SEMBLANCE_ANALYSIS_MODEL")
    picture_model: str = Field("", alias="SEMBLANCE_PICTURE_MODEL")
    secret_key: SecretStr = Field(SecretStr(""), alias="SEMBLANCE_SECRET_KEY")
    gemini_api_key: SecretStr = Field(SecretStr(""), alias="GEMINI_API_KEY")
    openai_api_key: SecretStr = Field(SecretStr(""), alias="OPENAI_API_KEY")
    gemini_base_url: str = Field("", alias="GEMINI_BASE_URL")
    openai_base_url: str = Field("", alias="OPENAI_BASE_URL")
    concurrency: int = Field(24, alias="SEMBLANCE_CONCURRENCY", ge=1, le=256)
    open_panels: int = Field(5, alias="SEMBLANCE_OPEN_PANELS", ge=0)
    open_tasks: int = Field(20, alias="SEMBLANCE_OPEN_TASKS", ge=0)
    running_sessions: int = Field(200, alias="SEMBLANCE_RUNNING_SESSIONS", ge=0)
    call_timeout_s: float = Field(60.0, alias="SEMBLANCE_CALL_TIMEOUT_S", gt=0, le=600)
    call_attempts: int = Field(3, alias="SEMBLANCE_CALL_ATTEMPTS", ge=1, le=10)
    reasoning_tokens: int = Field(2_000, alias="SEMBLANCE_REASONING_TOKENS", ge=0)
    fallbacks: str = Field("", alias="SEMBLANCE_FALLBACK_MODELS")
    allowed: str = Field("", alias="SEMBLANCE_ALLOWED_MODELS")
    stream: bool = Field(False, alias="SEMBLANCE_STREAM")
    show_writing: bool = Field(True, alias="SEMBLANCE_SHOW_WRITING")
    lease_s: float = Field(15.0, alias="SEMBLANCE_LEASE_S", gt=1)
    broker_url: SecretStr = Field(SecretStr(""), alias="SEMBLANCE_BROKER_URL")
    sweep_s: float = Field(10.0, alias="SEMBLANCE_SWEEP_S", gt=0)
    simulator_delay_s: float = Field(0.8, alias="SEMBLANCE_SIMULATOR_DELAY_S", ge=0, le=30)
    log_format: Literal["auto", "json", "text"] = Field("auto", alias="SEMBLANCE_LOG_FORMAT")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", alias="SEMBLANCE_LOG_LEVEL")
    keep_audit_days: int = Field(730, alias="SEMBLANCE_KEEP_AUDIT_DAYS", ge=0)
    cookie_key: SecretStr = Field(SecretStr(""), alias="SEMBLANCE_COOKIE_KEY")
    url: str = Field("", alias="SEMBLANCE_URL", pattern=r"^(https?://[^\s?#]+)?$")
    microsoft_tenant_id: str = Field("", alias="SEMBLANCE_MICROSOFT_TENANT_ID")
    microsoft_client_id: str = Field("", alias="SEMBLANCE_MICROSOFT_CLIENT_ID")
    microsoft_client_secret: SecretStr = Field(SecretStr(""), alias="SEMBLANCE_MICROSOFT_CLIENT_SECRET")
    openid_metadata_url: str = Field("", alias="SEMBLANCE_OPENID_METADATA_URL")

    @field_validator("fallbacks")
    @classmethod
    def _no_simulated_fallback(cls, names: str) -> str:
        if SIMULATOR.partition("/")[0] in (name.partition("/")[0] for name in _names(names)):
            raise ValueError(
                "the simulator cannot stand in for a model, because invented answers would pass for its own"
            )
        return names

    @field_validator("secret_key")
    @classmethod
    def _long(cls, secret: SecretStr) -> SecretStr:
        if 0 < len(secret.get_secret_value()) < SHORTEST_SECRET:
            raise ValueError(f"it has at least {SHORTEST_SECRET} characters, as openssl rand -hex 32 makes them")
        return secret

    @field_validator("broker_url")
    @classmethod
    def _amqp(cls, url: SecretStr) -> SecretStr:
        if url.get_secret_value() and not url.get_secret_value().startswith(("amqp://", "amqps://")):
            raise ValueError("the broker is RabbitMQ, at an address that begins with amqp:// or amqps://")
        return url

    @property
    def fallback_models(self) -> tuple[str, ...]:
        """Models that are asked where the session's own fails, in order."""
        return _names(self.fallbacks)

    @property
    def allowed_patterns(self) -> tuple[str, ...]:
        """Patterns of the models that may be asked; empty where the settings do not say."""
        return _names(self.allowed)

    @property
    def provider_keys(self) -> dict[str, str]:
        """The API keys that are set, by the provider's name in litellm."""
        named = {"gemini": self.gemini_api_key, "openai": self.openai_api_key}
        return {name: key.get_secret_value() for name, key in named.items() if key.get_secret_value()}

    @property
    def base_urls(self) -> dict[str, str]:
        """Returns addresses of providers, by litellm's name, where they differ from the provider's own."""
        named = {"gemini": self.gemini_base_url, "openai": self.openai_base_url}
        return {name: url.rstrip("/") for name, url in named.items() if url}

    @property
    def log_form(self) -> Literal["json", "text"]:
        """Returns the form of this process's log."""
        if self.log_format == "auto":
            return "json" if self.env == "production" else "text"
        return self.log_format

    @property
    def default_model(self) -> str:
        """Returns the model of new sessions: the one named, else that of the provider whose key is set, else the simulator."""
        opened = {*self.provider_keys, *self.base_urls}
        return self.model_name or default_by_key(opened)


def default_by_key(opened: Collection[str]) -> str:
    """Returns the model of new sessions where these providers are open and nobody names one.

    >>> default_by_key(["openai", "groq"]), default_by_key([])
    ('openai/gpt-4o-mini', 'simulator/v1')
    """
    named = {"gemini": "gemini/gemini-2.5-flash", "openai": "openai/gpt-4o-mini"}
    return next((model for provider, model in named.items() if provider in opened), SIMULATOR)


@dataclass(frozen=True, slots=True)
class MicrosoftApp:
    """The app as Microsoft knows it. redirect_uri: where Microsoft sends people back to, exactly as it is registered."""

    tenant_id: str
    client_id: str
    client_secret: str
    redirect_uri: str
    metadata_url: str


def microsoft_app(settings: Settings) -> MicrosoftApp | None:
    """Returns the settings for signing in with Microsoft; None where it is not set up, `SetupError` where it is half set up."""
    tenant, client = settings.microsoft_tenant_id.strip(), settings.microsoft_client_id.strip()
    secret = settings.microsoft_client_secret.get_secret_value().strip()
    given = {
        "SEMBLANCE_MICROSOFT_TENANT_ID": tenant,
        "SEMBLANCE_MICROSOFT_CLIENT_ID": client,
        "SEMBLANCE_MICROSOFT_CLIENT_SECRET": secret,
    }
    if not any(given.values()):
        return None
    if missing := [name for name, value in {**given, "SEMBLANCE_URL": settings.url}.items() if not value]:
        raise SetupError(f"Signing in with Microsoft is only partly set up: set {', '.join(missing)} too.")
    if not re.fullmatch(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", tenant):
        raise SetupError(
            "SEMBLANCE_MICROSOFT_TENANT_ID is the directory's own id, such as 8c1a…-…, and not a name: `common` would let in "
            "anybody with a Microsoft account."
        )
    at_microsoft = f"https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration"
    back = f"{settings.url.rstrip('/')}/oauth2callback"
    return MicrosoftApp(tenant, client, secret, back, settings.openid_metadata_url or at_microsoft)


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment; raises `SetupError` that names the variable and what is wrong with it."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as wrong:
        first = wrong.errors()[0]
        secrets = {field.alias for field in Settings.model_fields.values() if field.annotation is SecretStr}
        got = "" if first["loc"][0] in secrets else f" (got {first['input']!r})"
        raise SetupError(f"The setting {first['loc'][0]} is not usable: {first['msg']}{got}.") from None
