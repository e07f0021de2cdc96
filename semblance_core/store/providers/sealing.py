"""Encrypts what is stored of providers, with a secret that does not stand in the database."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from semblance_core.domain.errors import SetupError
from semblance_core.store.secret_file import kept_secret, known_secret

PURPOSE = b"semblance: keys of providers\0"
"""Makes another key of the secret than anything else would that was given the same one."""
FILE = "secret.key"


@dataclass(frozen=True, slots=True)
class OpenProvider:
    """key, address: as they were typed; either may be empty."""

    name: str
    key: str = field(default="", repr=False)
    address: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """given: the secret of the settings; where it is empty, that of a file in `folder`, made when something is sealed first."""

    folder: Path
    given: str = field(default="", repr=False)

    def seal(self, provider: OpenProvider) -> str:
        """Returns it encrypted; raises `SetupError` where no secret can be kept, because nobody could read it again."""
        from cryptography.fernet import Fernet

        try:
            secret = self.given or kept_secret(self.folder / FILE)
        except OSError as failed:
            raise SetupError(
                f"Nothing was stored: the key file {FILE} in the data folder cannot be read or written ({failed.strerror or failed}). "
                "Make the folder writable, or set SEMBLANCE_SECRET_KEY."
            ) from None
        text = json.dumps([provider.name, provider.key, provider.address])
        return Fernet(_key(secret)).encrypt(text.encode()).decode()

    def opened(self, name: str, sealed: str) -> OpenProvider | None:
        """Returns what was sealed for this provider; None where it was sealed with another secret, for another one or changed since."""
        from cryptography.fernet import Fernet, InvalidToken

        secret = self.given or known_secret(self.folder / FILE)
        if not secret:
            return None
        try:
            sealed_for, key, address = json.loads(Fernet(_key(secret)).decrypt(sealed.encode()))
        except (InvalidToken, ValueError):
            return None
        return OpenProvider(name, key, address) if sealed_for == name else None


def _key(secret: str) -> bytes:
    return urlsafe_b64encode(sha256(PURPOSE + secret.encode()).digest())
