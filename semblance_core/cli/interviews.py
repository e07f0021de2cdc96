"""`interviews`: a guide put to each persona of a file alone, or the rest of a round whose process ended."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from semblance_core.cli.given_files import ENCODING, given_guide, given_personas
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.errors import InvalidInput, RunFailed, SemblanceError

if TYPE_CHECKING:
    from semblance_core.bootstrap import Semblance
    from semblance_core.workspace import Workspace

_INTERVIEWS = (
    "Interviews each persona alone, all at once, finds themes across all, and writes answers.csv (a row a person and question), "
    "interviews.md and themes.json. The last line on stdout is one JSON object with its figures."
)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds this file's command to the parser."""
    parser = commands.add_parser("interviews", help="put a guide to each persona alone", description=_INTERVIEWS)
    parser.add_argument("--guide", metavar="FILE", type=Path, help="the questions, as for `run`")
    parser.add_argument("--personas", metavar="FILE", type=Path, help="the personas of this table or JSON file")
    parser.add_argument(
        "--resume", metavar="ROUND_ID", help="go on with a round whose process ended before it was over"
    )
    parser.add_argument("--title", default="Interviews", help="of the round (default Interviews)")
    parser.add_argument(
        "--topic", default="", help="what they are about, as the people hear it (default: the questions alone)"
    )
    parser.add_argument(
        "--probing", choices=[each.value for each in Probing], default="light", help="how far answers are followed up"
    )
    parser.add_argument("--language", default="", help="that is spoken, by its English name (default: the guide's)")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="of every interview (default 0)")
    parser.add_argument("--model", metavar="NAME", default="", help="any litellm name; default SEMBLANCE_MODEL")
    parser.add_argument("--concurrency", metavar="N", type=int, help="model calls in flight at once (default 24)")
    parser.add_argument("--encoding", metavar="NAME", default="", help=ENCODING)
    parser.add_argument("--numbers", default="", help=argparse.SUPPRESS)
    parser.add_argument("--ages", default="", help=argparse.SUPPRESS)
    parser.add_argument(
        "--as", metavar="USER", dest="user", help="whose account it counts on (default in development: user)"
    )
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for the files that come of it")
    parser.set_defaults(command=_interviews)


def _interviews(given: argparse.Namespace) -> int:
    from semblance_core.bootstrap import open_semblance
    from semblance_core.cli import settings_of, writable

    if not given.resume and not (given.guide and given.personas):
        raise InvalidInput("Say what is asked and whom: --guide and --personas; or go on with a round: --resume.")
    settings = settings_of(given)
    user = given.user or ("user" if settings.env == "development" else "")
    if not user:
        raise InvalidInput("Say whose account it counts on: --as USER.")
    writable(given.out)
    with open_semblance(settings) as semblance:
        semblance.store.users.get(user)
        workspace = semblance.workspace(user)
        round_id = given.resume or _begun(workspace, given)
        return _held(semblance, workspace, round_id, given.out)


def _begun(workspace: "Workspace", given: argparse.Namespace) -> str:
    """The id of a new round with the file's personas, in a project of its own."""
    from semblance_core.domain.discussion.interviews import RoundConfig
    from semblance_core.reports.costs import estimate_words
    from semblance_core.reports.exports import personas_json

    guide = given_guide(given.guide, given.encoding)
    personas = given_personas(given.personas, given.encoding, given.numbers, given.ages)
    project = workspace.projects.create(given.title[:100], numbered=True)
    workspace.personas.import_file(project.id, personas_json(personas))
    how = {"probing": Probing(given.probing), "language": given.language, "seed": given.seed, "model": given.model}
    held = workspace.interviews.start(project.id, RoundConfig(given.title, guide, given.topic, **how))
    if held.estimate:
        _say(f"About {estimate_words(held.estimate)}")
    _say(f"Round {held.id}; should this be interrupted, --resume {held.id} goes on with it")
    return held.id


def _held(semblance: "Semblance", workspace: "Workspace", round_id: str, out: Path) -> int:
    from semblance_core.reports.exports import as_number, themes_json
    from semblance_core.reports.interview_files import answers_csv, round_markdown
    from semblance_core.reports.interviews import may_go_on

    workspace.interviews.continue_all(round_id)
    semblance.warm_up()
    for session_id in workspace.interviews.get(round_id).session_ids:
        semblance.engine.wait("focus_group", session_id)
    held = workspace.interviews.held(round_id)
    failure = next((each.group.reason_in_words for each in held.there if each.group and may_go_on(each.group)), "")
    if not failure:
        failure = _themes(semblance, workspace, round_id)
    semblance.gateway.batcher.flush()
    findings, spent = workspace.interviews.themes(round_id), workspace.interviews.spent(round_id)
    out.mkdir(parents=True, exist_ok=True)
    (out / "answers.csv").write_text(answers_csv(held), encoding="utf-8", newline="")
    (out / "interviews.md").write_text(round_markdown(held, findings), encoding="utf-8")
    heard = len(findings.sessions) if findings else 0
    (out / "themes.json").write_text(themes_json(findings, heard), encoding="utf-8")
    figures = {
        "round_id": round_id,
        "interviews": len(held.interviews),
        "answered": sum(each.answered for each in held.interviews),
        "themes": len(findings.themes) if findings else 0,
        "calls": spent.calls,
        "cost_usd": as_number(spent.cost_usd),
        "simulated": held.round.simulated,
    }
    print(json.dumps(figures), flush=True)
    if failure:
        raise RunFailed(f"{failure} --resume {round_id} goes on with it.")
    return 0


def _themes(semblance: "Semblance", workspace: "Workspace", round_id: str) -> str:
    """Finds themes; returns why there are none, or an empty text."""
    try:
        task = workspace.interviews.find_themes(round_id)
    except SemblanceError as refused:
        return str(refused)
    semblance.engine.wait("task", task.id)
    return workspace.tasks.get(task.id).error


def _say(step: str) -> None:
    print(step, file=sys.stderr, flush=True)
