"""`export`: files of a session to hand over."""

import argparse
from pathlib import Path

from semblance_core.domain.errors import InvalidInput
from semblance_core.reports.deliverables.content import Part
from semblance_core.reports.deliverables.kinds import FileKind

_EXPORT = (
    "Writes files of a session: by default a deck for PowerPoint, a report for Word and a workbook for Excel. The names of the files go "
    "to stdout, one a line. Calls no model."
)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds this file's command to the parser."""
    export = commands.add_parser("export", help="write deck, report and workbook of a session", description=_EXPORT)
    export.add_argument("group_id", metavar="FOCUS_GROUP_ID")
    usual = [FileKind.DECK, FileKind.REPORT, FileKind.WORKBOOK]
    kinds, parts = [each.value for each in FileKind], [each.value for each in Part]
    export.add_argument("--files", nargs="+", choices=kinds, default=usual, metavar="KIND", help=", ".join(kinds))
    export.add_argument(
        "--parts", nargs="+", choices=parts, default=parts, metavar="PART", help=f"sections, of {', '.join(parts)}"
    )
    export.add_argument("--survey", metavar="SURVEY_ID", default="", help="a survey whose results stand beside it")
    export.add_argument("--as", metavar="USER", dest="user", help="whose session it is (default in development: user)")
    export.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for the files")
    export.set_defaults(command=_export)


def _export(given: argparse.Namespace) -> int:
    from semblance_core.bootstrap import open_semblance
    from semblance_core.cli import writable
    from semblance_core.settings import load_settings

    settings = load_settings()
    user = given.user or ("user" if settings.env == "development" else "")
    if not user:
        raise InvalidInput("Say whose session it is: --as USER.")
    writable(given.out)
    with open_semblance(settings) as semblance:
        semblance.store.users.get(user)
        findings = semblance.workspace(user).findings
        for kind in dict.fromkeys(map(FileKind, given.files)):
            made = findings.file(given.group_id, kind, tuple(map(Part, given.parts)), survey_id=given.survey)
            (given.out / made.name).write_bytes(made.content)
            print(given.out / made.name, flush=True)
    return 0
