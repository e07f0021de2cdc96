"""Names of new things in the database."""

import secrets

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


def new_id() -> str:
    """A random name of 16 characters (80 bits) that reads well in an address."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(16))
