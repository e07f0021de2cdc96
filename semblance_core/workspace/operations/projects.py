"""Operations on projects."""

from collections.abc import Mapping
from typing import Any

from semblance_core.domain.accounts.account import Project
from semblance_core.domain.accounts.project import (
    EDITED,
    Activity,
    CopiedProject,
    ProjectOverview,
    check_free,
    overview_of,
)
from semblance_core.domain.discussion.session_list import SessionSearch
from semblance_core.domain.usage.events import QuotaStatus
from semblance_core.flows.delete import delete_project
from semblance_core.workspace.bounds import RECRUIT
from semblance_core.workspace.declarations import Operations, changes, changes_own, reads
from semblance_core.workspace.estimates import quota_status
from semblance_core.workspace.new_projects import added, copied
from semblance_core.workspace.project_activity import activity
from semblance_core.workspace.subjects import project, signed_in

Base = Project | int | None


class Projects(Operations):
    @reads(project)
    def quota(self, project: Project) -> QuotaStatus:
        """The use of the project's owner this month, on whose account all in it counts, and the quota."""
        return quota_status(self._context, project.owner_id)

    @changes_own(signed_in)
    def create(self, name: str, *, numbered: bool = False) -> Project:
        """Makes a project of the actor's.

        Args:
            name: its name.
            numbered: sets a number behind a name that another project has, instead of refusing it.

        Raises:
            Conflict: another of the actor's projects has this name, case, spaces and accents aside.
            InvalidInput: the name is empty or too long.
        """
        with self._store.open_work.one_at_a_time(self._actor.id):
            if numbered:
                return added(self._store, self._actor.id, name, self._clock())
            check_free(name, self._store.projects.of_owner(self._actor.id))
            return self._store.projects.add(self._actor.id, name, self._clock())

    @changes_own(signed_in)
    def mine(self) -> list[Project]:
        """The actor's own projects, oldest first, archived ones too; a first one is made where there is none."""
        own = self._store.projects.of_owner(self._actor.id)
        return own or [self._store.projects.add(self._actor.id, "My first study", self._clock())]

    @reads(signed_in)
    def overviews(self) -> list[ProjectOverview]:
        """The actor's own projects at a glance, the last active first, archived ones too."""
        own = self._store.projects.of_owner(self._actor.id)
        return own.instead(sorted(self._overviews(own), key=lambda each: each.active_at, reverse=True))

    @reads(project)
    def overview(self, project: Project) -> ProjectOverview:
        """The project at a glance."""
        return self._overviews([project])[0]

    @reads(project)
    def activity(self, project: Project, limit: int = 10) -> list[Activity]:
        """The newest events in the project: edits of it, its sessions, its recruiting runs, its shared reports."""
        sessions = self._store.session_lists.page(project.id, SessionSearch(), 0, limit).rows
        panels, shared = self._store.tasks.of_project(project.id, [RECRUIT], limit), self._store.shared_reports
        return activity(project, sessions, panels, shared.of_project(project.id), limit)

    @reads(project)
    def get(self, project: Project) -> Project:
        """The project."""
        return project

    @reads(project, sums=True)
    def owner_name(self, project: Project) -> str:
        """The name of the project's owner."""
        owner = self._store.users.find(project.owner_id)
        return owner.name if owner else project.owner_id

    @changes_own(project)
    def open(self, project: Project) -> None:
        """Remembers the project as the one that the actor works on, in every window and after a reload."""
        self._store.users.set_project(self._actor.id, project.id)

    @changes(project, "Renamed a project", action="rename_project", logs=("name",))
    def rename(self, project: Project, name: str, base: Base = None) -> Project:
        """Renames the project.

        base: the project as it was read, or its version: raises `EditConflict` where somebody renamed it since then, and `Conflict`
        where another of its owner's projects has this name, case, spaces and accents aside.
        """
        with self._store.open_work.one_at_a_time(project.owner_id):
            others = self._store.projects.of_owner(project.owner_id)
            check_free(name, [each for each in others if each.id != project.id])
            return self._changed(project, {"name": name.strip()}, base)

    @changes(project, "Changed a project's aim or notes", action="describe_project")
    def describe(
        self,
        project: Project,
        *,
        aim: str | None = None,
        notes: str | None = None,
        accent: str | None = None,
        base: Base = None,
    ) -> Project:
        """Changes the project's aim, its notes, the colour of its files, or several of them.

        Args:
            project: the project; callers hand over its id.
            aim: the question that it is to answer; None leaves it as it is.
            notes: the answers so far; None leaves them as they are.
            accent: the colour of files that are handed over, as in #3d8a7a, empty for Semblance's own; None leaves it as it is.
            base: the project as it was read, or its version: raises `EditConflict` where somebody changed the same since then.
        """
        wanted = {"aim": aim, "notes": notes, "accent": accent}
        return self._changed(project, {name: text.strip() for name, text in wanted.items() if text is not None}, base)

    @changes(project, "Archived a project", action="archive_project")
    def archive(self, project: Project) -> Project:
        """Puts the project away: it stays as it is, and lists of projects fold it away."""
        return project if project.archived_at else self._changed(project, {"archived_at": self._clock()})

    @changes(project, "Took a project out of the archive", action="unarchive_project")
    def unarchive(self, project: Project) -> Project:
        """Takes the project out of the archive."""
        return self._changed(project, {"archived_at": None})

    @changes(project, "Duplicated a project", action="duplicate_project")
    def duplicate(self, project: Project) -> CopiedProject:
        """Makes another project of the same owner's: the aim, the personas, and every session as a draft with its stimuli.

        Drafts keep a model that is allowed no longer, until another one is chosen: they cannot be started before.
        """
        return copied(self._store, project, self._clock)

    @changes(project, "Deleted a project", action="delete_project")
    def delete(self, project: Project) -> None:
        """Ends all work on a project and removes it with its sessions, personas and tasks; what it cost stays on record."""
        delete_project(self._store, project.id, self._clock)

    def _changed(self, project: Project, wanted: Mapping[str, Any], base: Base = None) -> Project:
        projects = self._store.projects
        return self._edited(project, lambda: projects.get(project.id), projects.replace, wanted, base, EDITED)

    def _overviews(self, projects: list[Project]) -> list[ProjectOverview]:
        ids = [project.id for project in projects]
        contents, used = self._store.project_contents.of(ids), self._store.usage.rollups.of_projects(ids)
        return [overview_of(project, contents[project.id], used[project.id]) for project in projects]
