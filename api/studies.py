"""Projects, their personas, and the tasks that make these."""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from api.actor import Actor
from api.problems import described
from api.session.views import FocusGroupLine
from api.values import AS_JSON, MOST_WHOLE, Form, Id, Label, ModelName, Name, Said, View
from api.views import Estimate, Persona, Project, TaskView
from semblance_core.analysis.panel import MARGIN_FIELDS, Margin
from semblance_core.domain.task import Task
from semblance_core.flows.requests.recruiting import MAX_SIZE

router = APIRouter(tags=["Projects and personas"])
Share = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]


class NewProject(Form):
    name: Name


class Shares(Form):
    """Target shares of one field's values; they add up to 1. Ages are bands that do not overlap, as in "25-34" or "65+"."""

    field: Literal[MARGIN_FIELDS]  # type: ignore[valid-type]
    shares: Annotated[
        dict[Label, Share], Field(min_length=1, max_length=50, json_schema_extra={"additionalProperties": False})
    ]


class Panel(Form):
    """A panel to recruit. model: any litellm name, empty for the platform's default. seed: makes the frame repeatable."""

    project_id: Id
    brief: Said
    size: Annotated[int, Field(ge=1, le=MAX_SIZE), AS_JSON]
    margins: Annotated[list[Shares], Field(default_factory=list, max_length=len(MARGIN_FIELDS))]
    model: ModelName = ""
    seed: Annotated[int, Field(ge=0, le=MOST_WHOLE), AS_JSON] = 0
    again: bool = False


class Begun(View):
    """Work that goes on by itself. status_url: where its progress stands, which Location says too."""

    task_id: str
    status_url: str
    estimate: Estimate | None


@router.get("/projects", responses=described(401, 403))
def list_projects(ws: Actor) -> list[Project]:
    """Your own projects, oldest first."""
    return [Project.of(project) for project in ws.projects.mine()]


@router.post("/projects", status_code=201, responses=described(401, 403, 409, 415))
def create_project(ws: Actor, given: NewProject) -> Project:
    """Makes a project. A name that another of your projects has, case, spaces and accents aside, is refused."""
    return Project.of(ws.projects.create(given.name))


@router.delete("/projects/{project_id}", status_code=204, responses=described(401, 403, 404))
def delete_project(ws: Actor, project_id: str) -> None:
    """Ends all work on a project and removes it with its sessions, personas and tasks. What it cost stays on record."""
    ws.projects.delete(project_id)


@router.get("/projects/{project_id}/personas", responses=described(401, 403, 404))
def list_personas(ws: Actor, project_id: str) -> list[Persona]:
    return [Persona.of(persona) for persona in ws.personas.of_project(project_id)]


@router.get("/projects/{project_id}/focus-groups", responses=described(401, 403, 404))
def list_focus_groups(ws: Actor, project_id: str) -> list[FocusGroupLine]:
    """The project's sessions, newest first."""
    return [FocusGroupLine.of(group) for group in ws.sessions.of_project(project_id)]


@router.post("/ai-personas/generate", status_code=202, responses=described(401, 403, 404, 409, 415, 429))
def generate_personas(ws: Actor, given: Panel, request: Request, response: Response) -> Begun:
    """Begins to recruit a panel into a project. Once the task is done, its result has `persona_ids`.

    Its `notes` say, as sentences, what to know of the panel: where the brief contradicts the shares, which decide.

    Where the very same panel is being recruited, or was within the last ten minutes, the task is that one's, and nothing is paid
    again; with `again: true` one that is done is recruited once more.
    """
    margins = [Margin(margin.field, tuple(margin.shares.items())) for margin in given.margins]
    task = ws.personas.recruit(
        given.project_id, given.brief, given.size, margins, model=given.model, seed=given.seed, again=given.again
    )
    return begun(task, request, response)


@router.get("/tasks/{task_id}", responses=described(401, 403, 404))
def read_task(ws: Actor, task_id: str) -> TaskView:
    """Returns a task's progress. It is over once `is_over`; then `state` is done, failed or cancelled."""
    return TaskView.of(ws.tasks.get(task_id))


@router.delete("/tasks/{task_id}", status_code=204, responses=described(401, 403, 404))
def delete_task(ws: Actor, task_id: str) -> None:
    """Ends a task and removes it with what it kept. Personas and themes that it made stay."""
    ws.tasks.delete(task_id)


@router.post("/tasks/{task_id}/cancel", responses=described(401, 403, 404, 409))
def cancel_task(ws: Actor, task_id: str) -> TaskView:
    ws.tasks.cancel(task_id)
    return TaskView.of(ws.tasks.get(task_id))


@router.post("/tasks/{task_id}/rerun", status_code=202, responses=described(401, 403, 404, 409, 429))
def rerun_task(ws: Actor, task_id: str, request: Request, response: Response) -> Begun:
    """Goes on with a task that failed or was cancelled, from where it stopped."""
    ws.tasks.rerun(task_id)
    return begun(ws.tasks.get(task_id), request, response)


def begun(task: Task, request: Request, response: Response) -> Begun:
    url = f"{request.scope['root_path']}/tasks/{task.id}"
    response.headers["Location"] = url
    return Begun.of({"task_id": task.id, "status_url": url, "estimate": task.estimate})
