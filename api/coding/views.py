"""Codes, codings and memos as the API answers them, each with who made it and who confirmed it."""

from api.values import View, When
from semblance_core.domain.coding.codings import MemoOn


class Maker(View):
    """A person (`model` is empty) or a model (`name` is empty; user_id: whom it worked for). source: the file it was read from."""

    at: When
    user_id: str
    name: str
    model: str
    source: str


class CodeView(View):
    """confirmed: null where nobody confirmed what a model made, or a person made it. version: for `base` of an edit."""

    id: str
    project_id: str
    name: str
    definition: str
    when: str
    when_not: str
    colour: str
    parent_id: str
    made: Maker
    confirmed: Maker | None
    version: int


class CodingView(View):
    """A span of a message with a code. start, end: characters of its text, the end excluded; words: what stands there."""

    id: str
    seq: int
    start: int
    end: int
    words: str
    code_id: str
    made: Maker
    confirmed: Maker | None


class MemoView(View):
    """target: the message's number, the theme's name or the code's id; empty for a session."""

    id: str
    project_id: str
    about: MemoOn
    target: str
    focus_group_id: str
    text: str
    made: Maker
    confirmed: Maker | None
    version: int


class Undone(View):
    """words: what was taken back."""

    words: str
