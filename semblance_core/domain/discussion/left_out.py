"""Parts of a document that participants are not shown: kind, number and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """In the singular, as a sentence names it."""

    PICTURE = "picture"
    CHART = "chart"
    DIAGRAM = "diagram"
    OBJECT = "embedded object"
    DOCUMENT = "embedded document"
    ATTACHMENT = "attached file"
    COMMENT = "comment"
    HIDDEN = "hidden passage"
    FIELD = "field that shows nothing without Word"
    FORM_FIELD = "hidden form field"
    SIGNATURE = "signature"
    SIGN = "sign of a symbol font"
    PICTURE_PAGE = "page of pictures only"
    BLANK_PAGE = "page without text"
    UNREAD_PAGE = "page that could not be read"


PLURALS = {
    Kind.FIELD: "fields that show nothing without Word",
    Kind.SIGN: "signs of a symbol font",
    Kind.PICTURE_PAGE: "pages of pictures only",
    Kind.BLANK_PAGE: "pages without text",
    Kind.UNREAD_PAGE: "pages that could not be read",
}
OF_PAGES = {
    Kind.PICTURE_PAGE: ("holds only pictures, which are left out", "hold only pictures, which are left out"),
    Kind.BLANK_PAGE: ("holds no text", "hold no text"),
    Kind.UNREAD_PAGE: ("could not be read", "could not be read"),
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """So many of a kind. pages: where they stand, counted from 1; empty where a document has no pages of its own."""

    kind: Kind
    count: int
    pages: tuple[int, ...] = ()

    @property
    def words(self) -> str:
        """It as a sentence.

        >>> LeftOut(Kind.COMMENT, 2).words, LeftOut(Kind.PICTURE, 1, (3,)).words, LeftOut(Kind.PICTURE_PAGE, 2, (2, 3)).words
        ('2 comments are left out.', '1 picture is left out, on page 3.', 'Pages 2 and 3 hold only pictures, which are left out.')
        """
        if self.kind in OF_PAGES and self.pages:
            named = pages_named(self.pages)
            return f"{named[0].upper()}{named[1:]} {OF_PAGES[self.kind][len(self.pages) > 1]}."
        what = self.kind.value if self.count == 1 else PLURALS.get(self.kind, f"{self.kind.value}s")
        where = f", on {pages_named(self.pages)}" if self.pages else ""
        return f"{self.count:,} {what} {'is' if self.count == 1 else 'are'} left out{where}."


MOST_NAMED = 12


def pages_named(pages: Sequence[int]) -> str:
    """Pages in words, neighbours together.

    >>> pages_named([3]), pages_named([1, 2, 3, 7]), pages_named([2, 3])
    ('page 3', 'pages 1–3 and 7', 'pages 2 and 3')
    """
    spans: list[tuple[int, int]] = []
    for page in sorted(set(pages)):
        if spans and page == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], page)
        else:
            spans.append((page, page))
    said = [
        each
        for first, last in spans
        for each in (
            [f"{first}"] if first == last else [f"{first}", f"{last}"] if last == first + 1 else [f"{first}–{last}"]
        )
    ]
    if len(said) > MOST_NAMED:
        said = [*said[:MOST_NAMED], "further ones"]
    listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"page{'s' if len(set(pages)) > 1 else ''} {listed}"
