"""Study files written: Markdown with YAML in front, which reads as the same study."""

import re
from typing import Any

import yaml

from semblance_core.domain.designs.study_file import RUNS_OF_ARMS, Arm, StudyFile
from semblance_core.domain.discussion.guide import Guide, to_markdown
from semblance_core.domain.instruments.markdown import to_markdown as questionnaire_markdown

IN_BLOCKS = ("guide", "before", "after", "notes")


def study_text(study: StudyFile) -> str:
    """The study as a text that reads as this study."""
    front = _plain(study, (*IN_BLOCKS, "arms"))
    if study.arms:
        front["arms"] = [_plain(arm, ()) for arm in study.arms]
        front.pop("runs", None)
        if study.runs != RUNS_OF_ARMS:
            front["runs"] = study.runs
    parts = ["---", yaml.dump(front, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120) + "---"]
    if study.notes:
        parts += ["", study.notes]
    for words, content in (
        ("survey before", questionnaire_markdown(study.before) if study.before else ""),
        ("guide", to_markdown(study.guide) if study.guide else ""),
        ("survey after", questionnaire_markdown(study.after) if study.after else ""),
    ):
        if content:
            fence = "`" * (1 + max([2, *(len(run) for run in re.findall("`+", content))]))
            parts += ["", f"{fence}{words}", content.rstrip("\n"), fence]
    return "\n".join(parts) + "\n"


def _plain(value: StudyFile | Arm, left_out: tuple[str, ...]) -> dict[str, Any]:
    """The fields that differ from their defaults, as YAML's own values."""
    found = {}
    for name, field in type(value).__dataclass_fields__.items():
        own = getattr(value, name)
        if name not in left_out and own != field.default:
            found[name] = _value(name, own)
    return found


def _value(name: str, own: Any) -> Any:
    if name == "margins":
        return {each.field: {value: _plain_number(share) for value, share in each.shares} for each in own}
    if isinstance(own, Guide):
        return to_markdown(own)
    if name == "stimuli":
        return [{"file": each.path, "words": each.words} if each.words else each.path for each in own]
    if isinstance(own, tuple):
        return [str(each) for each in own]
    return own if isinstance(own, bool | int) else str(own)


def _plain_number(share: float) -> float:
    return int(share) if share.is_integer() else share


class _Dumper(yaml.SafeDumper):  # type: ignore[misc]
    """Writes texts of several lines as they stand."""


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)
