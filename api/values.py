"""Values as they stand in JSON: texts, times, money, ids."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, StringConstraints, WithJsonSchema

from semblance_core.domain.times import as_utc, parse_utc

# No control characters but, in longer texts, tabs and ends of lines; and something to be seen.
_LINE = r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$"
_TEXT = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_SAID = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"

Title = Annotated[str, StringConstraints(max_length=160, pattern=_LINE)]
Name = Annotated[str, StringConstraints(max_length=120, pattern=_LINE)]
Label = Annotated[str, StringConstraints(max_length=200, pattern=_LINE)]
Topic = Annotated[str, StringConstraints(max_length=4_000, pattern=_TEXT)]
Said = Annotated[str, StringConstraints(max_length=4_000, pattern=_SAID)]
GuideText = Annotated[str, StringConstraints(max_length=60_000, pattern=_TEXT)]
BallotText = Annotated[str, StringConstraints(max_length=12_000, pattern=_TEXT)]
ModelName = Annotated[str, StringConstraints(max_length=200, pattern=r"^([A-Za-z0-9@][A-Za-z0-9 @._:/+-]*)?$")]
Id = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_LINE)]
MOST_WHOLE = 2**53 - 1
"""The largest whole number that every program reads exactly."""


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("A time is a text as in 2026-11-24T09:30:00Z")
    try:
        return parse_utc(value)
    except (ValueError, OverflowError):
        # In an address, an unescaped + is a space.
        raise ValueError(
            "Not a time as in 2026-11-24T09:30:00Z; in an address, write the + of an offset as %2B"
        ) from None


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _to_the_millisecond(moment: datetime) -> str:
    return as_utc(moment).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _plain(usd: Decimal) -> str:
    return f"{usd:f}"


Moment = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})]
"""A time that is asked for: ISO 8601; one without an offset is taken to be UTC."""
AS_JSON = BeforeValidator(_whole)
"""Makes a whole number what JSON takes for one, which 1.0 is too."""
When = Annotated[
    datetime,
    PlainSerializer(_to_the_millisecond, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A time as the database keeps it: in UTC, to the millisecond."""
Usd = Annotated[
    Decimal,
    PlainSerializer(_plain, return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}),
]
"""US dollars, as exact as they are kept."""


class Form(BaseModel):
    """A request's body: each value of its own type, and no others."""

    model_config = ConfigDict(strict=True, extra="forbid")


class Query(BaseModel):
    """A request's query: every value is text, and no others are taken."""

    model_config = ConfigDict(extra="forbid")


class View(BaseModel):
    """An answer, read off the domain's values."""

    model_config = ConfigDict(from_attributes=True)

    @classmethod
    def of(cls, value: Any) -> Self:
        return cls.model_validate(value)
