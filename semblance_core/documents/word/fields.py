"""Fields of a Word file: their results are read, their codes are not, and what shows nothing without Word is counted."""

from dataclasses import dataclass

from lxml import etree

from semblance_core.documents.word.styles import VAL, W, is_on

NEVER_SHOWN = {
    "XE",
    "TC",
    "RD",
    "TA",
    "PRIVATE",
    "ASK",
    "SET",
    "FORMTEXT",
    "FORMCHECKBOX",
    "FORMDROPDOWN",
    "ADVANCE",
    "",
}
PAGE_NUMBERS = {"PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"}


@dataclass(slots=True)
class _Field:
    code: str = ""
    is_result: bool = False
    shown: str = ""

    @property
    def name(self) -> str:
        return (self.code.split() or [""])[0].upper()


class Fields:
    """Those of one paragraph, which may stand in each other. numbers_pages: one of them is a page's number."""

    def __init__(self) -> None:
        self._open: list[_Field] = []
        self._mute = 0
        self.numbers_pages = False

    @property
    def is_shown(self) -> bool:
        """Returns whether what comes now is text, and not the code of a field."""
        return all(field.is_result for field in self._open)

    def hear(self, code: str) -> None:
        if self._open and not self._open[-1].is_result:
            self._open[-1].code += code

    def meet(self, mark: etree._Element) -> str:
        """Takes a field's begin, middle or end; returns shown content that is no text of its own, such as a ticked box."""
        match mark.get(f"{W}fldCharType"):
            case "begin":
                self._open.append(_Field(shown=_entered(mark.find(f"{W}ffData"))))
            case "separate" if self._open:
                self._open[-1].is_result = True
                self.numbers_pages |= self._open[-1].name in PAGE_NUMBERS
            case "end" if self._open:
                ended = self._open.pop()
                self.numbers_pages |= ended.name in PAGE_NUMBERS
                if self.is_shown and ended.shown:
                    return ended.shown
                if self.is_shown and not ended.is_result and ended.name not in NEVER_SHOWN | PAGE_NUMBERS:
                    self._mute += 1
        return ""

    def take_mute(self) -> int:
        """Returns how many fields ended since the last call that show nothing outside Word, and resets the count."""
        mute, self._mute = self._mute, 0
        return mute


def _entered(form: etree._Element | None) -> str:
    """Returns the choice or tick of a form field of Word 97; typed text is the field's result already."""
    if form is None:
        return ""
    if (box := form.find(f"{W}checkBox")) is not None:
        ticked = is_on(box, "checked")
        return "☒" if (is_on(box, "default") if ticked is None else ticked) else "☐"
    if (chosen := form.find(f"{W}ddList")) is not None:
        entries = [each.get(VAL, "") for each in chosen.findall(f"{W}listEntry")]
        result = chosen.find(f"{W}result")
        place = "0" if result is None else result.get(VAL, "0")
        return entries[int(place)] if place.isdecimal() and int(place) < len(entries) else ""
    return ""
