"""The author of something in a coding and whoever confirmed it: a model or a person. Pure values."""

from dataclasses import dataclass
from datetime import datetime

from semblance_core.domain.accounts.account import User


@dataclass(frozen=True, slots=True)
class Author:
    """A person or a model at a moment.

    Attributes:
        user_id: the person's account; of a model the account that it worked for.
        name: the person's name at that time; empty for a model.
        model: the model's name; empty for a person.
        source: the file that it was read from, whose word is all there is for it; empty for what was made here.
    """

    at: datetime
    user_id: str = ""
    name: str = ""
    model: str = ""
    source: str = ""

    @property
    def is_model(self) -> bool:
        return bool(self.model)

    @property
    def key(self) -> str:
        """The identity of a coder: two codings with the same one were made by the same person or model."""
        return f"model:{self.model}" if self.model else f"person:{self.user_id or self.name}"

    @property
    def words(self) -> str:
        """
        >>> from datetime import UTC
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> Author(at, "dana", "Dana Doe").words, Author(at, "dana", model="openai/gpt-4o", source="a.qdpx").words
        ('Dana Doe (dana)', 'the model openai/gpt-4o, from a.qdpx')
        """
        person = f"{self.name} ({self.user_id})" if self.user_id and self.name else self.name or self.user_id
        who = f"the model {self.model}" if self.model else person or "somebody"
        return f"{who}, from {self.source}" if self.source else who


def by_person(person: User, at: datetime, source: str = "") -> Author:
    """The author of what this person makes or confirms now. source: the file that it was read from."""
    return Author(at, person.id, person.name, source=source)


def provenance_words(made: Author, confirmed: Author | None) -> str:
    """Says who made it and who confirmed it, as a sentence without its full stop.

    >>> from datetime import UTC
    >>> at = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    >>> provenance_words(Author(at, "u", model="m/1"), None)
    'Made by the model m/1 on 2026-05-01 09:30 UTC, confirmed by nobody'
    >>> provenance_words(Author(at, "dana", "Dana"), None)
    'Made by Dana (dana) on 2026-05-01 09:30 UTC'
    """
    made_words = f"Made by {made.words} on {made.at:%Y-%m-%d %H:%M} UTC"
    if confirmed:
        return f"{made_words}, confirmed by {confirmed.words} on {confirmed.at:%Y-%m-%d %H:%M} UTC"
    return f"{made_words}, confirmed by nobody" if made.is_model else made_words
