"""The simulator's words, kept as text: sections in [brackets], one frame a line, conditions as @flags before a frame."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence with [alternatives|to choose from] and {slots}. needs: each set must share a flag with the speaker's
    flags. bars: flags that forbid it. rank: its place in its section, by which people who answer at once share the frames."""

    text: str
    needs: tuple[frozenset[str], ...] = ()
    bars: frozenset[str] = frozenset()
    rank: int = 0

    def fits(self, flags: frozenset[str]) -> bool:
        return not (self.bars & flags) and all(need & flags for need in self.needs)


def frame(line: str, rank: int = 0) -> Frame:
    """Reads one line.

    >>> frame("@kids @!alone They copied me.").fits(frozenset({"kids"}))
    True
    """
    needs: list[frozenset[str]] = []
    bars: set[str] = set()
    while line.startswith("@"):
        tag, _, line = line.partition(" ")
        if tag.startswith("@!"):
            bars.update(tag[2:].split(","))
        else:
            needs.append(frozenset(tag[1:].split(",")))
    return Frame(line.strip(), tuple(needs), frozenset(bars), rank)


@cache
def sections(name: str) -> MappingProxyType[str, tuple[Frame, ...]]:
    """A file's frames by section, such as sections("answers")["why"]."""
    found: dict[str, list[Frame]] = {}
    here: list[Frame] = []
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("[") and line.endswith("]"):
            here = found.setdefault(line[1:-1], [])
        elif line.strip():
            here.append(frame(line.strip(), len(here)))
    return MappingProxyType({section: tuple(frames) for section, frames in found.items()})


@cache
def wordset(name: str, section: str) -> frozenset[str]:
    """The single words of a section that lists words."""
    return frozenset(word for line in sections(name).get(section, ()) for word in line.text.split())


@cache
def phrases(name: str, section: str) -> tuple[str, ...]:
    """The lines of a section that lists whole phrases, in their order."""
    return tuple(line.text for line in sections(name)[section])


@cache
def pairs(name: str, section: str) -> tuple[tuple[str, str], ...]:
    """The two sides of each line of a section of equations, such as `switch=switching`, in their order."""
    sides = (phrase.partition("=") for phrase in phrases(name, section))
    return tuple((left, right) for left, _, right in sides)


@cache
def stopwords() -> frozenset[str]:
    return frozenset((HERE / "stopwords.txt").read_text(encoding="utf-8").split())
