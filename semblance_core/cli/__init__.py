"""The command line: a whole study with `run`, the state of the installation with `doctor`, accounts, prices and usage.

Progress goes to stderr, results to stdout. Exit code 0: done; 1: a part failed; 2: what was asked cannot be done as asked.
"""

import argparse
import getpass
import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from semblance_core.cli import backups, books, designs, exporting, fleet, given_files, interviews, reading, surveys
from semblance_core.cli.given_files import add_answers, given_guide, given_personas, given_stimuli, given_text
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.errors import InvalidInput, SemblanceError, UserMistake
from semblance_core.settings import Settings, load_settings

if TYPE_CHECKING:
    from semblance_core.study_plan import StudyPlan


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code. arguments: what stands after the program's name; default: this process's."""
    parser = _parser()
    try:
        signal.signal(signal.SIGTERM, _end)
        given = parser.parse_args(arguments)
        if not hasattr(given, "command"):
            parser.print_help()
            return 2
        return int(given.command(given))
    except SemblanceError as failed:
        print(f"semblance: {failed}", file=sys.stderr)
        return 2 if isinstance(failed, UserMistake) else 1
    except KeyboardInterrupt:
        print("semblance: interrupted", file=sys.stderr)
        return 130


def _end(*_: object) -> None:
    """Ends as by an error, so that what is open is closed and what is under way is handed back."""
    raise SystemExit(143)


def _called() -> str:
    """Returns how this was called: by the installed command, or as a module of a checkout."""
    return "semblance" if Path(sys.argv[0]).stem == "semblance" else "python -m semblance_core"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_called(), description="Synthetic focus groups from the shell.", epilog=__doc__
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")

    run = commands.add_parser("run", help="a whole study: personas, discussion, themes", description=_RUN)
    run.add_argument("study", metavar="STUDY.md", type=Path, nargs="?", help=_FILE)
    panel = run.add_mutually_exclusive_group()
    panel.add_argument("--brief", metavar="TEXT_OR_FILE", help="whom to recruit, as a text or a file that holds it")
    panel.add_argument("--personas", metavar="FILE", type=Path, help="take the personas of this table or JSON file")
    run.add_argument("--size", metavar="N", type=int, default=6, help="how many personas to recruit (default 6)")
    panel.add_argument(
        "--resume",
        metavar="ID",
        help="go on with a study whose process ended before it was done, by its session or design",
    )
    run.add_argument("--guide", metavar="FILE", type=Path, help="Markdown, or as a word processor pastes it")
    run.add_argument("--stimulus", metavar="FILE", type=Path, action="append", default=[], help=_STIMULUS)
    run.add_argument("--probing", choices=[each.value for each in Probing], default=Probing.LIGHT.value, help=_PROBING)
    run.add_argument("--language", metavar="NAME", default="", help="spoken in the session (default: the guide's)")
    run.add_argument(
        "--private-first", action="store_true", help="each answers every question alone before it is discussed"
    )
    run.add_argument("--rotate", metavar="N", type=int, default=0, help=_ROTATE)
    add_answers(run)
    run.add_argument("--mode", choices=("autonomous", "moderated"), default="autonomous", help="default autonomous")
    run.add_argument(
        "--turns", metavar="N", type=int, default=40, help="turn limit of an autonomous discussion (default 40)"
    )
    run.add_argument(
        "--seed", metavar="N", type=int, default=0, help="the same seed draws the same session (default 0)"
    )
    run.add_argument("--model", metavar="NAME", default="", help="any litellm name; default SEMBLANCE_MODEL")
    run.add_argument("--concurrency", metavar="N", type=int, help="model calls in flight at once (default 24)")
    run.add_argument(
        "--as", metavar="USER", dest="user", help="whose account it counts on (default in development: user)"
    )
    run.add_argument("--title", metavar="TEXT", default="Focus group", help="the session's title")
    run.add_argument("--topic", metavar="TEXT", default="", help="what the session is about (default: the brief)")
    run.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for the files that come of it")
    run.set_defaults(command=_run)

    doctor = commands.add_parser("doctor", help="whether database, model, keys and folders are ready")
    doctor.set_defaults(command=_doctor)

    add = commands.add_parser("add-user", help="add a local account; its password is asked for, or read from stdin")
    add.add_argument("user", metavar="NAME")
    add.add_argument("--role", choices=("researcher", "admin"), default="researcher")
    add.add_argument("--full-name", metavar="TEXT", default="")
    add.set_defaults(command=_add_user)

    disable = commands.add_parser("disable-user", help="disable an account and sign it out everywhere")
    disable.add_argument("user", metavar="NAME")
    disable.set_defaults(command=_disable_user)

    delete = commands.add_parser(
        "delete-user", help="delete an account; what it used stays on record", description=_DELETE
    )
    delete.add_argument("user", metavar="NAME")
    projects = delete.add_mutually_exclusive_group(required=True)
    projects.add_argument("--hand-over-to", metavar="NAME", default="", help="give its projects to this account")
    projects.add_argument("--delete-projects", action="store_true", help="delete its projects with all that is in them")
    delete.add_argument("--anonymise", action="store_true", help="put its usage and its traces under a pseudonym")
    delete.set_defaults(command=_delete_user)

    surveys.add_commands(commands)
    interviews.add_commands(commands)
    exporting.add_commands(commands)
    books.add_commands(commands)
    backups.add_commands(commands)
    fleet.add_commands(commands)
    reading.add_commands(commands)
    given_files.add_commands(commands)
    return parser


_RUN = (
    "Does a whole study and writes personas.json, transcript.jsonl, themes.json, usage.csv and report.md. The last line on "
    "stdout is one JSON object with its figures. In moderated mode each question of the guide is put once to all."
)


_FILE = "a study file, which says all that follows itself, but for --out, --as, --concurrency and --encoding (docs/studies.md)"
_STIMULUS = (
    "a document or picture that participants are shown; again for each. It comes with the question of the guide below which "
    "“show: NAME” stands, else with the first one"
)
_PROBING = "how far the moderator of an autonomous discussion follows up on answers (default light: once a question)"
_ROTATE = "rotate the order of the stimuli within each section as for group N of the study (default: as in the guide)"


_DELETE = (
    "Ends the account's work and sign-ins, then removes it. What it used stays on record, without texts: under its name, which "
    "nobody can be given then, or under a pseudonym. The last administrator cannot be deleted. May be run again where it was cut off."
)


def _run(given: argparse.Namespace) -> int:
    from semblance_core.bootstrap import open_semblance
    from semblance_core.study import resume_study, run_study

    designs.refuse_others(given)
    file = designs.read_file(given.study, given.encoding) if given.study else None
    plan = _plan(given) if not given.resume and not file else None
    settings = settings_of(given)
    user = given.user or ("user" if settings.env == "development" else "")
    if not user:
        raise InvalidInput("Say whose account it counts on: --as USER.")
    writable(given.out)
    with open_semblance(settings) as semblance:
        semblance.store.users.get(user)
        workspace = semblance.workspace(user)
        if held := designs.begun(workspace, *file) if file else designs.resumed(workspace, given.resume):
            return designs.run_to_end(semblance, workspace, held, given.out)
        resumed = (semblance, given.resume, user, _say, given.mode)
        study = run_study(semblance, plan, user, _say) if plan else resume_study(*resumed)
        study.export(given.out)
        print(json.dumps(study.figures()), flush=True)
    return 1 if study.failure else 0


def _say(step: str) -> None:
    print(step, file=sys.stderr, flush=True)


def _plan(given: argparse.Namespace) -> "StudyPlan":
    from semblance_core.study_plan import StudyPlan

    if not (given.brief or given.personas):
        raise InvalidInput("Say who takes part: --brief or --personas; or go on with a study: --resume.")
    if not given.guide:
        raise InvalidInput("Say what is asked: --guide FILE.")
    of_file = (given.personas, given.encoding, given.numbers, given.ages)
    personas = given_personas(*of_file) if given.personas else ()
    return StudyPlan(
        guide=given_guide(given.guide, given.encoding),
        brief=_text_or_file(given.brief, given.encoding) if given.brief else "",
        size=given.size,
        personas=personas,
        mode=given.mode,
        turns=given.turns,
        seed=given.seed,
        model=given.model,
        title=given.title,
        topic=given.topic,
        stimuli=given_stimuli(given.stimulus),
        group_number=given.rotate,
        probing=Probing(given.probing),
        language=given.language,
        private_first=given.private_first,
    )


def settings_of(given: argparse.Namespace) -> Settings:
    """The environment's settings; on the command line nobody watches the simulator type, so it does not wait."""
    overrides: dict[str, object] = {}
    if given.concurrency is not None:
        overrides["SEMBLANCE_CONCURRENCY"] = given.concurrency
    if "SEMBLANCE_SIMULATOR_DELAY_S" not in os.environ:
        overrides["SEMBLANCE_SIMULATOR_DELAY_S"] = 0.0
    if given.model:
        overrides["SEMBLANCE_MODEL"] = given.model
    return load_settings(**overrides)


def _doctor(_: argparse.Namespace) -> int:
    from semblance_core.doctor import examine

    findings = examine(load_settings())
    for finding in findings:
        print(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.part}: {finding.words}")
    return 0 if all(finding.ok for finding in findings) else 1


def _add_user(given: argparse.Namespace) -> int:
    from semblance_core.accounts import hash_password
    from semblance_core.bootstrap import open_semblance
    from semblance_core.domain.accounts.account import Role, User
    from semblance_core.domain.accounts.audit_log import COMMAND_LINE
    from semblance_core.domain.accounts.passwords import check_password
    from semblance_core.workspace.audit import recorded

    password = getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    check_password(password, given.user)
    hashed = hash_password(password)
    with open_semblance() as semblance:
        store, now = semblance.store, semblance.clock()
        user = User(given.user.casefold(), given.full_name or given.user, Role(given.role), now)
        with recorded(
            store,
            now,
            COMMAND_LINE,
            "add_user",
            owner_id=user.id,
            about=user.id,
            arguments={"name": user.name, "role": user.role},
        ):
            store.users.add(user, hashed)
    print(f"Added {user.id} as {user.role.value}.")
    return 0


def _disable_user(given: argparse.Namespace) -> int:
    from semblance_core.domain.accounts.audit_log import COMMAND_LINE
    from semblance_core.workspace.audit import recorded

    with books.open_store() as store:
        store.users.get(given.user)
        whose = {"owner_id": given.user, "about": given.user}
        with recorded(store, store.clock(), COMMAND_LINE, "set_disabled", **whose, arguments={"disabled": True}):
            store.users.set_disabled(given.user, True, COMMAND_LINE)
            store.sign_ins.revoke_all(given.user)
    print(f"Disabled {given.user}.")
    return 0


def _delete_user(given: argparse.Namespace) -> int:
    from semblance_core.domain.accounts.audit_log import COMMAND_LINE
    from semblance_core.flows.delete import checked_deletion, delete_account
    from semblance_core.workspace.audit import recorded

    how = {"hand_over_to": given.hand_over_to, "anonymise": given.anonymise}
    with books.open_store() as store:
        checked_deletion(store, given.user, given.hand_over_to)
        whose = {"owner_id": given.user, "about": given.user}
        with recorded(store, store.clock(), COMMAND_LINE, "delete_user", **whose, arguments=how):
            deleted = delete_account(store, given.user, store.clock, **how)
    print(f"Deleted {given.user}. Its usage is on record as {deleted.pseudonym or given.user}.")
    return 0


def _text_or_file(given: str, encoding: str) -> str:
    try:
        is_file = Path(given).is_file()
    except OSError:
        is_file = False  # longer than any file's name
    return given_text(Path(given), encoding) if is_file else given


def writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".writable").write_text("")
        (folder / ".writable").unlink()
    except OSError as refused:
        raise InvalidInput(f"The folder {folder} cannot be written: {refused.strerror}.") from None
