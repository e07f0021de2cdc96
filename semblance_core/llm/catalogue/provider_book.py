"""Finds out how each provider can be asked: by the environment, which wins, else by what an administrator typed."""

import logging
import os
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from semblance_core.domain.errors import InvalidInput
from semblance_core.llm.catalogue.access import ProviderAccess
from semblance_core.llm.catalogue.fresh import Fresh
from semblance_core.llm.catalogue.providers import PROVIDERS, Provider, open_providers, own_addresses
from semblance_core.settings import SIMULATOR, Settings
from semblance_core.store.providers.provider_keys import ProviderKeys, SealedProvider
from semblance_core.store.providers.sealing import OpenProvider, Seal
from semblance_core.store.server.failures import DatabaseFailed

FRESH_S = 3.0
LONGEST_KEY, LONGEST_ADDRESS = 4_000, 300
SHORTEST_HIDDEN = 6
"""Characters from which on a key is taken out of what providers say; a shorter one would take out words."""
_KEY = re.compile(r"[\x21-\x7e]+")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProviderState:
    """A provider's way to be asked. set_by: the variables of the environment that open it; nothing is typed here then.

    has_key, address, at: of what an administrator typed. is_readable: False where it was encrypted with another secret.
    """

    provider: Provider
    set_by: tuple[str, ...] = ()
    has_key: bool = False
    address: str = ""
    at: datetime | None = None
    is_readable: bool = True

    @property
    def is_open(self) -> bool:
        return bool(self.set_by) or (self.is_readable and (self.has_key or bool(self.address)))


@dataclass(frozen=True)
class ProviderBook:
    """keys: what administrators typed; None where there is no database, as in a check of the installation.

    What another process stores counts here after `fresh_s` seconds at the latest.
    """

    settings: Settings
    environment: Mapping[str, str] = field(repr=False)
    keys: ProviderKeys | None = None
    fresh_s: float = FRESH_S
    now_s: Callable[[], float] = time.monotonic
    _secrets: dict[str, None] = field(default_factory=dict, repr=False)
    _warned: set[str] = field(default_factory=set)

    @property
    def seal(self) -> Seal:
        return Seal(Path(self.settings.data_dir), self.settings.secret_key.get_secret_value())

    def access(self) -> ProviderAccess:
        """Returns the keys and addresses that an administrator typed, of providers that the environment does not open."""
        return self._known()[1]

    def opened(self) -> tuple[str, ...]:
        """Returns the providers that can be asked, by name; the simulator is always among them."""
        typed = {name for name, state in self._known()[0].items() if state.is_open}
        also = {provider.name for provider in PROVIDERS.values() if (provider.like or provider.name) in typed}
        return tuple(sorted({*open_providers(self.settings, self.environment), *also}))

    def addresses(self) -> dict[str, str]:
        """Returns the addresses of models on one's own machines, by the provider's name."""
        typed = {name: url for name, url in self.access().base_urls.items() if PROVIDERS[name].own}
        return typed | own_addresses(self.environment)

    def unreadable(self, name: str) -> bool:
        """Returns whether something was typed for this provider that this process cannot decrypt."""
        state = self._known()[0].get(PROVIDERS[name].like or name)
        return state is not None and not state.is_readable and not state.set_by

    def states(self) -> list[ProviderState]:
        """Returns how each provider can be asked, by name; those that are asked like another one are left out."""
        typed = self._known()[0]
        return [
            typed.get(name) or ProviderState(provider, self._set_by(provider))
            for name, provider in sorted(PROVIDERS.items())
            if not provider.like
        ]

    def put(self, name: str, key: str, address: str, at: datetime) -> None:
        """Keeps a key and an address in place of those before.

        An empty key keeps the one that is there, unless the address changes: a key goes to no other address than the one that it
        was typed for, or whoever may type an address could read it.

        Raises:
            InvalidInput: the provider is none that can be opened here, or key or address cannot be used. Its words hold neither.
            SetupError: nothing can be encrypted here.
        """
        assert self.keys is not None
        provider = self._editable(name)
        key, address = key.strip(), address.strip().rstrip("/")
        _check_key(key)
        _check_address(address)
        if provider.own and not address:
            raise InvalidInput(f"{name} runs on a machine of your own: type its address.")
        before = self._stored().get(name)
        if before and before.key and not key:
            if before.address != address:
                raise InvalidInput(
                    "Type the key again: a key is not sent to another address than the one it was typed for."
                )
            key = before.key
        if not provider.own and not key and not address:
            raise InvalidInput(f"Type the key of {name}.")
        if self.settings.broker_url.get_secret_value() and not self.settings.secret_key.get_secret_value():
            raise InvalidInput(
                "Workers have to decrypt this too: set SEMBLANCE_SECRET_KEY to one value for this server and all workers first."
            )
        self.keys.put(SealedProvider(name, self.seal.seal(OpenProvider(name, key, address)), at))
        self.forget()

    def remove(self, name: str) -> None:
        """Removes what was typed; raises `InvalidInput` where nothing was."""
        assert self.keys is not None
        if not self.keys.remove(name):
            raise InvalidInput("Nothing is stored for this provider.")
        self.forget()

    def forget(self) -> None:
        """Reads what is stored again after it was changed here."""
        self._looked.forget()

    def _known(self) -> tuple[dict[str, ProviderState], ProviderAccess]:
        try:
            return self._looked.get()
        except DatabaseFailed as failed:  # calls go on with what is known
            log.warning("Keys of providers could not be read: %s", failed)
            return self._looked.keep(({}, ProviderAccess()))

    @cached_property
    def _looked(self) -> Fresh[tuple[dict[str, ProviderState], ProviderAccess]]:
        return Fresh(self._looked_up, self.fresh_s, self.now_s)

    def _looked_up(self) -> tuple[dict[str, ProviderState], ProviderAccess]:
        states: dict[str, ProviderState] = {}
        used: dict[str, OpenProvider] = {}
        for sealed in self.keys.all() if self.keys else ():
            provider = PROVIDERS.get(sealed.name)
            if provider is None:
                continue
            set_by, found = self._set_by(provider), self.seal.opened(sealed.name, sealed.sealed)
            state = ProviderState(provider, set_by, at=sealed.at, is_readable=found is not None)
            if found:
                state = replace(state, has_key=bool(found.key), address=found.address)
                if len(found.key) >= SHORTEST_HIDDEN:
                    self._secrets[found.key] = None
                if not set_by:
                    used[sealed.name] = found
            elif sealed.name not in self._warned:
                self._warned.add(sealed.name)
                log.warning("key of a provider cannot be decrypted", extra={"provider": sealed.name})
            states[sealed.name] = state
        keys = {name: found.key for name, found in used.items() if found.key}
        urls = {name: found.address for name, found in used.items() if found.address}
        return states, ProviderAccess(keys, urls, tuple(self._secrets))

    def _stored(self) -> dict[str, OpenProvider]:
        opened = [self.seal.opened(sealed.name, sealed.sealed) for sealed in self.keys.all()] if self.keys else []
        return {found.name: found for found in opened if found}

    def _set_by(self, provider: Provider) -> tuple[str, ...]:
        """The variables that open the provider; those of the settings may stand in `.env` too."""
        variables = (*provider.keys, *provider.bases)
        found = [name for name in variables if self.environment.get(name, "").strip()]
        if self.settings.provider_keys.get(provider.name):
            found.append(f"{provider.name.upper()}_API_KEY")
        if self.settings.base_urls.get(provider.name):
            found.append(f"{provider.name.upper()}_BASE_URL")
        return tuple(dict.fromkeys(found))

    def _editable(self, name: str) -> Provider:
        provider = PROVIDERS.get(name)
        if provider is None or provider.like or name == SIMULATOR.partition("/")[0]:
            raise InvalidInput("There is no such provider.")
        if not provider.by_key:
            raise InvalidInput(f"{name} asks for more than a key: set its variables in the environment of this server.")
        if set_by := self._set_by(provider):
            raise InvalidInput(f"{' and '.join(set_by)} of this server's environment opens {name}; change it there.")
        return provider


def provider_book(settings: Settings, keys: ProviderKeys | None) -> ProviderBook:
    """Returns the book of this process's environment."""
    return ProviderBook(settings, os.environ, keys)


def _check_key(key: str) -> None:
    if key and (len(key) > LONGEST_KEY or not _KEY.fullmatch(key)):
        raise InvalidInput("That is no key: it has spaces, line breaks or letters that no key has. Copy it again.")


def _check_address(address: str) -> None:
    if not address:
        return
    words = "That is no address of an API: write it as in https://models.example.org/v1, without a name, password or key in it."
    try:
        parts = urlsplit(address)
        fits = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        raise InvalidInput(words) from None
    if not fits or len(address) > LONGEST_ADDRESS or "@" in parts.netloc or parts.query or parts.fragment:
        raise InvalidInput(words)
    if not re.fullmatch(r"[!-~]+", address) or "\\" in address:
        raise InvalidInput(words)
