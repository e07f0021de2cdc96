"""Semblance: synthetic focus groups, from a notebook, the command line or the browser.

What a notebook imports:

- `open_semblance()`: the platform; `.workspace(user)`: what that user can do (`.sessions.post`); `.engine.wait(kind, id)`: until it is done.
- `run_study()`: a whole study in one call.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from semblance_core.bootstrap import Semblance, open_semblance
    from semblance_core.domain.discussion.guide import Guide, parse_guide
    from semblance_core.domain.personas.persona import Persona
    from semblance_core.study import Study, run_study
    from semblance_core.study_plan import StudyPlan

__all__ = ["Guide", "Persona", "Semblance", "Study", "StudyPlan", "open_semblance", "parse_guide", "run_study"]

_HOMES = {
    "Guide": "domain.discussion.guide",
    "Persona": "domain.personas.persona",
    "Semblance": "bootstrap",
    "Study": "study",
    "StudyPlan": "study_plan",
    "open_semblance": "bootstrap",
    "parse_guide": "domain.discussion.guide",
    "run_study": "study",
}


def __getattr__(name: str) -> Any:
    """Imports a name when it is first asked for, so that importing one part does not import them all."""
    from importlib import import_module

    if name not in _HOMES:
        raise AttributeError(f"semblance_core has no {name}.")
    return getattr(import_module(f"semblance_core.{_HOMES[name]}"), name)
