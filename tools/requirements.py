"""Writes requirements.txt and requirements-dev.txt from pyproject.toml, with the reasons that stand there: `python tools/requirements.py FOLDER`."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"
RUNS_ON = """\
# What Semblance runs on, each package with its reason: written by `make lock` from pyproject.toml. What these bring along is
# pinned in constraints.txt.
-c constraints.txt
"""
DEVELOPMENT = """\
# What the tests and the developers need besides: written by `make lock` from pyproject.toml.
-r requirements.txt
"""


def with_reasons(text: str, opening: str) -> Iterator[str]:
    """The lines of the list that begins with this line: its comments as they are, its entries without quotes and commas."""
    lines = iter(text.splitlines())
    while next(lines) != opening:
        pass
    while (line := next(lines).strip()) != "]":
        yield line if line.startswith("#") else line.removesuffix(",")[1:-1]


def main(folder: Path) -> None:
    text = PROJECT.read_text(encoding="utf-8")
    project = tomllib.loads(text)
    for name, head, opening, listed in (
        ("requirements.txt", RUNS_ON, "dependencies = [", project["project"]["dependencies"]),
        ("requirements-dev.txt", DEVELOPMENT, "dev = [", project["dependency-groups"]["dev"]),
    ):
        lines = list(with_reasons(text, opening))
        assert [line for line in lines if not line.startswith("#")] == listed, f"{opening} is not one entry a line"
        (folder / name).write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
