"""A code's colour beside its name, and who made and confirmed things."""

from base64 import b64encode

from semblance_core.domain.coding.codebook import CodebookCode, PlacedCode
from semblance_core.domain.coding.provenance import Author
from ui.parts.words import Markdown, md, when


def swatch(code: CodebookCode) -> Markdown:
    """A square in the code's colour. The colour was checked when the code was made, so nothing else can stand in it."""
    drawn = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" width="14" height="14">'
        f'<rect x="1" y="1" width="14" height="14" rx="3" fill="{code.colour}"/></svg>'
    )
    return md("![](data:image/svg+xml;base64,{})", b64encode(drawn.encode()).decode())


def path_words(placed: PlacedCode) -> str:
    """The code's name behind those above it, to choose it from a list."""
    return " › ".join(placed.path)


def by_whom(made: Author, confirmed: Author | None) -> Markdown:
    """Says who made it and who confirmed it: a model and a person can be told apart at one look."""
    source = md(", from {}", made.source) if made.source else md("")
    if not made.is_model:
        return md(":material/person: {}{} · {}", made.name or made.user_id or "somebody", source, when(made.at))
    seen = md("confirmed by {}", confirmed.name or confirmed.user_id) if confirmed else md("**not confirmed**")
    return md(":material/smart_toy: {}{} · {} · {}", made.model, source, when(made.at), seen)
