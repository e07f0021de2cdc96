"""Widgets whose value stands in the page's address, one way for all of them.

The address decides what a widget shows, and a click changes the address once, in the widget's callback. A widget's key stays the
same whatever it shows: a key that followed the address would make the widget of the next click another one, and the click is lost.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import streamlit as st

Value = TypeVar("Value")


@dataclass(frozen=True)
class InAddress:
    """A parameter of the address and the widget that shows it.

    Attributes:
        name: The parameter's name in the address.
        scope: Page and project that the widget belongs to, so that no list takes over what was looked for in another.
        resets: Parameters that a change removes from the address, such as the page of a list.
    """

    name: str
    scope: str = ""
    resets: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The widget's key."""
        return f"{self.scope}:{self.name}"

    def _show(self, value: object) -> None:
        # Only where it differs: to set what the browser just sent would send it back over what is typed meanwhile.
        if self.key not in st.session_state or st.session_state[self.key] != value:
            st.session_state[self.key] = value

    def _write(self, values: Sequence[str]) -> None:
        for name in self.resets:
            st.query_params.pop(name, None)
        if values:  # set as it is: taken away first, the address without it would be a step of Back
            st.query_params[self.name] = values[0] if len(values) == 1 else list(values)
        else:
            st.query_params.pop(self.name, None)


@dataclass(frozen=True)
class Text(InAddress):
    """Words that are looked for."""

    def show(self) -> str:
        """Sets the widget to what the address says, and returns that. Call before the widget is drawn."""
        words = st.query_params.get(self.name, "")
        self._show(words)
        return words

    def keep(self) -> None:
        """For the widget's `on_change`: writes its value into the address."""
        words = st.session_state[self.key] or ""
        self._write([words] if words else [])


@dataclass(frozen=True)
class Choice(InAddress, Generic[Value]):
    """One of several values.

    Attributes:
        among: What the address calls each value → the value.
        default: Shown where the address names none; it does not stand in the address.
    """

    among: Mapping[str, Value] = field(kw_only=True)
    default: Value = field(kw_only=True)

    def show(self) -> Value:
        """Sets the widget to what the address says, and returns that. Call before the widget is drawn."""
        value = self.among.get(st.query_params.get(self.name, ""), self.default)
        self._show(value)
        return value

    def keep(self) -> None:
        """For the widget's `on_change`: writes its value into the address."""
        value = st.session_state[self.key]
        self._write([] if value is None or value == self.default else [_name_of(value, self.among)])


@dataclass(frozen=True)
class Choices(InAddress, Generic[Value]):
    """Any number of several values. among: what the address calls each value → the value."""

    among: Mapping[str, Value] = field(kw_only=True)

    def show(self) -> list[Value]:
        """Sets the widget to what the address says, and returns that. Call before the widget is drawn."""
        values = [self.among[name] for name in st.query_params.get_all(self.name) if name in self.among]
        self._show(values)
        return values

    def keep(self) -> None:
        """For the widget's `on_change`: writes its values into the address."""
        self._write([_name_of(value, self.among) for value in st.session_state[self.key]])


def by_text(values: Iterable[Value]) -> dict[str, Value]:
    """The values by their text, for `among`."""
    return {str(value): value for value in values}


def page_of(total: int, shown: int, scope: str, name: str = "page") -> int:
    """Draws the pages of a list and returns the one to show, from 1.

    Args:
        total: How many there are.
        shown: How many stand on a page.
        scope: Page and project that the list belongs to.
        name: The parameter's name in the address.
    """
    pages = max(1, -(-total // shown))
    page = Choice(name, scope, among=by_text(range(1, pages + 1)), default=1)
    now = page.show()
    if pages > 1:
        st.pagination(pages, key=page.key, on_change=page.keep)
    return now


def page_named(name: str = "page") -> int:
    """The page that the address names, before it is known how many there are."""
    named = st.query_params.get(name, "")
    return int(named) if named.isascii() and named.isdigit() and 0 < int(named) < 1_000_000 else 1


def empty(names: Iterable[str]) -> None:
    """Removes parameters from the address, for a button's `on_click`."""
    for name in names:
        st.query_params.pop(name, None)


def _name_of(value: Value, among: Mapping[str, Value]) -> str:
    return next(name for name, each in among.items() if each == value)
