"""The lines of a PDF's page that holds Hebrew or Arabic: put together from where each piece is drawn. Guarded child process only.

pypdf turns such lines around by itself, without the numbers and Latin words in them, so the places are asked from it instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pypdf._page import PageObject
from pypdf._text_extraction._layout_mode._fixed_width_page import recurse_to_target_op, set_font_operation
from pypdf._text_extraction._layout_mode._text_state_manager import TextStateManager
from pypdf._text_extraction._layout_mode._text_state_params import TextStateParams
from pypdf.generic import ArrayObject, ContentStream, DictionaryObject, StreamObject
from pypdf.generic._font import Font

from semblance_core.documents.text.right_to_left import as_read, is_mostly_right_to_left, plain_letters, reads_well

MOST_FORMS = 200
SAME_LINE, GAP = 0.5, 0.5
"""Of a font's height, and of the width of its space."""


@dataclass(frozen=True, slots=True)
class _Placed:
    """The text of one drawing operator, from x to end."""

    piece: TextStateParams
    x: float
    end: float


def lines_as_read(page: PageObject) -> str:
    """The page's text, each line in the order in which it is read."""
    lines = list(_lines(page))
    drawn = [_from_left(line) for line in lines]
    whole = "".join(sign for line in drawn for sign in line)
    is_mostly = is_mostly_right_to_left(whole)

    def directed(signs: list[str]) -> bool:
        text = "".join(signs)
        return is_mostly or not any(sign.isascii() and sign.isalpha() for sign in text)

    turned = "\n".join(as_read(signs, directed(signs)) for signs in drawn)
    as_kept = "\n".join("".join(sign for placed in line for sign in _signs(placed.piece)) for line in lines)
    # Some programs write such text in the order in which it is read, although it is then drawn backwards.
    text = turned if reads_well(turned) >= reads_well(as_kept) else as_kept
    return "\n".join(" ".join(line.split()) for line in plain_letters(text).split("\n"))


def _lines(page: PageObject) -> Iterator[list[_Placed]]:
    """Groups text drawn in sequence at the same height."""
    line: list[_Placed] = []
    for piece in _pieces(page):
        before = line[-1] if line else None
        if before and abs(piece.ty - before.piece.ty) > SAME_LINE * max(
            piece.font_height, before.piece.font_height, 0.1
        ):
            yield line
            line, before = [], None
        # pypdf gives what follows without a place of its own that of its predecessor
        x = before.end if before and piece.tx == before.piece.tx else piece.tx
        line.append(_Placed(piece, x, x + piece.displaced_tx - piece.tx))
    if line:
        yield line


def _pieces(page: PageObject) -> Iterator[TextStateParams]:
    fonts, state = page._layout_mode_fonts(), TextStateManager()
    operations = _operations(page, page.get("/Contents"), page.pdf, fonts, "", [MOST_FORMS])
    for operands, operator in operations:
        if operator in (b"BT", b"q"):
            end = b"ET" if operator == b"BT" else b"Q"
            yield from recurse_to_target_op(operations, state, end, fonts, False)[1]  # type: ignore[arg-type]
        elif operator == b"Tf":
            set_font_operation(state, fonts, operands)
        elif operator == b"cm":
            state.add_cm(*operands)
        else:
            state.set_state_param(operator, operands)


def _operations(
    of: DictionaryObject, contents: Any, pdf: Any, fonts: dict[str, Font], own: str, left: list[int]
) -> Iterator[tuple[list[Any], bytes]]:
    """Yields the operators of a page or form, and of the forms in it. own: prefix of its fonts' names, under which they are added.

    left: how many forms may still be drawn.
    """
    found = None if contents is None else contents.get_object()
    if not isinstance(found, ArrayObject | StreamObject):
        return
    drawings = _under(_under(of, "/Resources"), "/XObject")
    content = found if isinstance(found, ContentStream) else ContentStream(found, pdf, "bytes")
    for operands, operator in content.operations:
        if operator == b"Tf" and own and operands:
            yield [f"{own}{operands[0]}", *operands[1:]], operator
            continue
        form = _under(drawings, operands[0]) if operator == b"Do" and operands else DictionaryObject()
        if form.get("/Subtype") != "/Form":
            yield operands, operator
        elif left[0] > 0:
            left[0] -= 1
            inside = f"{own}{operands[0]}"
            named = _under(_under(form, "/Resources"), "/Font")
            fonts |= {f"{inside}{name}": Font.from_font_resource(font.get_object()) for name, font in named.items()}
            yield [], b"q"
            yield list(map(float, form.get("/Matrix", (1, 0, 0, 1, 0, 0)))), b"cm"
            yield from _operations(form, form, pdf, fonts, inside, left)
            yield [], b"Q"


def _under(of: DictionaryObject, name: str) -> DictionaryObject:
    """The dictionary of this name; an empty one where there is none."""
    found = of[name].get_object() if name in of else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _signs(piece: TextStateParams) -> list[str]:
    """Returns the letters that each drawn sign stands for; a ligature stands for several."""
    known = piece.font.character_map
    if isinstance(piece.value, bytes) and not isinstance(piece.font.encoding, str):
        letters = [piece.font.encoding.get(byte, chr(byte)) for byte in piece.value]
        return ["".join(known.get(each, each) for each in letter) for letter in letters]
    if isinstance(piece.value, bytes):
        return [known.get(each, each) for each in piece._raw_chars]
    return list(piece.text)


def _from_left(line: list[_Placed]) -> list[str]:
    """A line's signs from left to right, with a space where there is room for one."""
    signs: list[str] = []
    end = None
    for placed in sorted(line, key=lambda each: each.x):
        own = _signs(placed.piece)
        space = placed.piece.space_tx * abs(placed.piece.transform[0])
        if end is not None and placed.x - end > GAP * space > 0 and signs[-1:] != [" "] and own[:1] != [" "]:
            signs.append(" ")
        signs += own
        end = placed.end
    return signs
