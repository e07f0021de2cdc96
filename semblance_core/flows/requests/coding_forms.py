"""The answers of a model that reads a transcript: codes with their quotes, and themes of codes."""

from collections.abc import Callable, Iterable
from typing import Any

from pydantic import BaseModel, Field, model_validator

from semblance_core.domain.findings.theme import Sentiment


def _one_of(words: Iterable[str]) -> Callable[[dict[str, Any]], None]:
    """Asks for one of these words; any other that comes is taken for no answer, and not for a mistake of the whole."""

    def narrowed(schema: dict[str, Any]) -> None:
        del schema["default"]
        schema["enum"] = [*words]

    return narrowed


class QuoteForm(BaseModel):
    seq: int = 0
    speaker: str = ""
    quote: str = ""
    sentiment: str = Field("", json_schema_extra=_one_of(Sentiment))


class CodeForm(BaseModel):
    label: str = ""
    verbatims: list[QuoteForm] = Field(default_factory=list)


class CodesForm(BaseModel):
    codes: list[CodeForm] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_something(self) -> "CodesForm":
        if self.codes and not any(code.label.strip() for code in self.codes):
            raise ValueError("the codes are empty")
        return self


class ThemeForm(BaseModel):
    name: str = ""
    summary: str = ""
    code_ids: list[int] = Field(default_factory=list)


class ThemesForm(BaseModel):
    themes: list[ThemeForm] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_something(self) -> "ThemesForm":
        if self.themes and not any(theme.name.strip() for theme in self.themes):
            raise ValueError("the themes are empty")
        return self
