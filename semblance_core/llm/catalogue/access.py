"""Keys and addresses of providers that calls are made with, besides those of the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ProviderAccess:
    """keys, base_urls: by the provider's name in litellm, for providers that the environment does not open.

    secrets: keys that this process has known, those that were changed since included: to be taken out of what providers say.
    """

    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    base_urls: Mapping[str, str] = field(default_factory=dict)
    secrets: tuple[str, ...] = field(default=(), repr=False)


NO_ACCESS = ProviderAccess()


def no_access() -> ProviderAccess:
    """Nothing was typed."""
    return NO_ACCESS
