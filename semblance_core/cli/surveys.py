"""`survey`: a questionnaire put to the personas of a file, or the rest of one whose process ended."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from semblance_core.cli.given_files import ENCODING, given_personas, given_text
from semblance_core.domain.errors import InvalidInput, RunFailed
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.task import TaskState

if TYPE_CHECKING:
    from semblance_core.bootstrap import Semblance
    from semblance_core.workspace import Workspace

_SURVEY = (
    "Asks each persona every question by itself and writes answers.csv, answers-wide.csv with its columns, results.json, questionnaire.md and "
    "method.md. The last line on stdout is one JSON object with its figures. docs/instruments.md says how a questionnaire is written."
)


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Adds this file's command to the parser."""
    survey = commands.add_parser(
        "survey", help="put a questionnaire to personas, without discussion", description=_SURVEY
    )
    survey.add_argument("--questionnaire", metavar="FILE", type=Path, help="Markdown")
    survey.add_argument("--personas", metavar="FILE", type=Path, help="the personas of this table or JSON file")
    survey.add_argument(
        "--resume", metavar="SURVEY_ID", help="go on with a survey whose process ended before it was done"
    )
    ways = [each.value for each in RatingMethod]
    survey.add_argument(
        "--scales", nargs="+", choices=ways, default=ways[:1], help="how scales are answered (default direct)"
    )
    survey.add_argument("--seed", metavar="N", type=int, default=0, help="draws the order of options (default 0)")
    survey.add_argument("--model", metavar="NAME", default="", help="any litellm name; default SEMBLANCE_MODEL")
    words = "stop once every share is within so many percentage points (default: ask everybody)"
    survey.add_argument("--precision", metavar="POINTS", type=int, default=0, help=words)
    survey.add_argument("--concurrency", metavar="N", type=int, help="model calls in flight at once (default 24)")
    survey.add_argument("--encoding", metavar="NAME", default="", help=ENCODING)
    survey.add_argument(
        "--as", metavar="USER", dest="user", help="whose account it counts on (default in development: user)"
    )
    survey.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder for the files that come of it")
    survey.set_defaults(command=_survey)


def _survey(given: argparse.Namespace) -> int:
    from semblance_core.bootstrap import open_semblance
    from semblance_core.cli import settings_of, writable

    if not given.resume and not (given.questionnaire and given.personas):
        raise InvalidInput(
            "Say what is asked and whom: --questionnaire and --personas; or go on with a survey: --resume."
        )
    text = given_text(given.questionnaire, given.encoding) if given.questionnaire else ""
    settings = settings_of(given)
    user = given.user or ("user" if settings.env == "development" else "")
    if not user:
        raise InvalidInput("Say whose account it counts on: --as USER.")
    writable(given.out)
    with open_semblance(settings) as semblance:
        semblance.store.users.get(user)
        workspace = semblance.workspace(user)
        survey_id = given.resume or _begun(workspace, given, text)
        return _asked(semblance, workspace, survey_id, given.out)


def _begun(workspace: "Workspace", given: argparse.Namespace, text: str) -> str:
    """The id of a new survey of the file's personas, in a project of its own."""
    from semblance_core.domain.instruments.markdown import parse_questionnaire
    from semblance_core.reports.costs import estimate_words
    from semblance_core.reports.exports import personas_json

    read = parse_questionnaire(text)
    personas = given_personas(given.personas, given.encoding, "", "")
    project = workspace.projects.create(read.title[:100], numbered=True)
    workspace.personas.import_file(project.id, personas_json(personas))
    methods = [RatingMethod(each) for each in given.scales]
    survey = workspace.surveys.begin(
        project.id, text, methods=methods, model=given.model, seed=given.seed, precision_points=given.precision
    )
    if estimate := workspace.tasks.get(survey.id).estimate:
        _say(f"About {estimate_words(estimate)}")
    _say(f"Survey {survey.id}; should this be interrupted, --resume {survey.id} goes on with it")
    return survey.id


def _asked(semblance: "Semblance", workspace: "Workspace", survey_id: str, out: Path) -> int:
    from semblance_core.reports.exports import as_number
    from semblance_core.reports.surveys.files import survey_files

    task = workspace.tasks.get(survey_id)
    if task.state in (TaskState.FAILED, TaskState.CANCELLED):
        workspace.tasks.rerun(survey_id)
    semblance.warm_up()
    semblance.engine.wait("task", survey_id)
    semblance.gateway.batcher.flush()
    task, answered = workspace.tasks.get(survey_id), workspace.surveys.answered(survey_id)
    out.mkdir(parents=True, exist_ok=True)
    for name, content in survey_files(answered).items():
        (out / name).write_text(content, encoding="utf-8", newline="")
    spent = workspace.tasks.spent(survey_id)
    figures = {
        "survey_id": survey_id,
        "respondents": len(answered.numbers),
        "answers": len(answered.given),
        "state": task.state.value,
        "calls": spent.calls,
        "cost_usd": as_number(spent.cost_usd),
        "simulated": answered.simulated,
    }
    print(json.dumps(figures), flush=True)
    if task.state is not TaskState.DONE:
        raise RunFailed(task.error or f"The survey was {task.state.value}; --resume {survey_id} goes on with it.")
    return 0


def _say(step: str) -> None:
    print(step, file=sys.stderr, flush=True)
