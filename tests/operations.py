"""Every operation that a workspace offers, as found on the workspace itself."""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any, cast

import pytest

from semblance_core.workspace import Workspace
from semblance_core.workspace.context import OperationContext
from semblance_core.workspace.declarations import Declaration, Operations, declaration_of

NOBODY = Workspace(OperationContext("", *cast(Any, [None] * 7)))
"""A workspace without parts, to look at."""


def operation(workspace: Workspace, path: str) -> Callable[..., Any]:
    """The operation at a path such as `sessions.post`."""
    found: Callable[..., Any] = reduce(getattr, path.split("."), cast(Any, workspace))
    return found


def _declared(within: object, path: str = "") -> dict[str, Declaration]:
    found: dict[str, Declaration] = {}
    for name, family in vars(within).items():
        if isinstance(family, Operations):
            public = [each for each in dir(family) if not each.startswith("_") and callable(getattr(family, each))]
            found |= {f"{path}{name}.{each}": declaration_of(getattr(family, each)) for each in public}
            found |= _declared(family, f"{path}{name}.")
    return found


OPERATIONS = _declared(NOBODY)
"""Their declarations, by path."""


def offenders(names: Iterable[str], fault_of: Callable[[str], str | None]) -> list[str]:
    """Returns "name: fault" of each operation that something is wrong with. fault_of: None where nothing is."""
    found = []
    for name in sorted(names):
        try:
            fault = fault_of(name)
        except (Exception, pytest.fail.Exception) as failed:  # noqa: BLE001 - each is told beside the others
            fault = f"{type(failed).__name__}: {failed}"
        if fault:
            found.append(f"{name}: {fault}")
    return found
