"""Users, projects and their personas."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from semblance_core.domain.accounts.account import Project, Role, User
from semblance_core.domain.errors import Conflict, NotFound
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.personas.search import PersonaFacets, PersonaSearch
from semblance_core.domain.readable import Readable
from semblance_core.store.accounts.persona_search import LIGHT, conditions, facets, pipeline
from semblance_core.store.codec import from_document, from_documents, to_document
from semblance_core.store.edits import overwritten, version_before, written
from semblance_core.store.ids import new_id
from semblance_core.store.server.document import Document
from semblance_core.store.sessions.owners import Owned, owned
from semblance_core.store.sessions.still_there import StillThere

NOT_GOING = {"deleting": {"$ne": True}}
"""Projects that are not being deleted."""


class Users:
    """Accounts, and the bcrypt hash of each local password, which never leaves this class but for a check."""

    def __init__(self, database: Database[Document]):
        self._users = database["users"]
        self._kept_names = database["kept_names"]

    def add(self, user: User, password_hash: str | None) -> None:
        """password_hash: None for an account that no password opens. Raises `Conflict` where the name is taken."""
        if self._kept_names.find_one({"_id": user.id}):
            raise Conflict(f"The usage of an account that was deleted is on record as {user.id}; choose another name.")
        try:
            self._users.insert_one({**to_document(user), "password_hash": password_hash})
        except DuplicateKeyError:
            raise Conflict(f"There is already a user named {user.id}.") from None

    def get(self, user_id: str) -> User:
        if found := self._users.find_one({"_id": user_id}, {"password_hash": 0}):
            return from_document(User, found)
        raise NotFound(f"There is no user named {user_id}.")

    def find(self, user_id: str) -> User | None:
        found = self._users.find_one({"_id": user_id}, {"password_hash": 0})
        return from_document(User, found) if found else None

    def list(self) -> Readable[User]:
        return from_documents(User, self._users.find({}, {"password_hash": 0}).sort("_id"))

    def there(self, ids: Collection[str]) -> set[str]:
        """Returns those of these names that belong to an account, even an unreadable one."""
        return {str(found["_id"]) for found in self._users.find({"_id": {"$in": list(ids)}}, {"_id": 1})}

    def of_microsoft(self, microsoft_id: str) -> User | None:
        found = self._users.find_one({"microsoft_id": microsoft_id}, {"password_hash": 0})
        return from_document(User, found) if found else None

    def password_hash(self, user_id: str) -> str | None:
        found = self._users.find_one({"_id": user_id}, {"password_hash": 1})
        return found["password_hash"] if found else None

    def set_password_hash(self, user_id: str, password_hash: str) -> None:
        self._users.update_one({"_id": user_id}, {"$set": {"password_hash": password_hash, "development": False}})

    def set_project(self, user_id: str, project_id: str) -> None:
        self._users.update_one({"_id": user_id}, {"$set": {"project_id": project_id}})

    def set_role(self, user_id: str, role: Role, by: str = "") -> None:
        """by: what sets it, in words, where that is no person in a window."""
        self._users.update_one({"_id": user_id}, overwritten("", by, role=role))

    def set_signed_in(self, user_id: str, at: datetime) -> None:
        self._users.update_one({"_id": user_id}, {"$set": {"signed_in_at": at}})

    def set_costs_confirmed(self, user_id: str, at: datetime) -> None:
        self._users.update_one({"_id": user_id}, {"$set": {"costs_confirmed_at": at}})

    def replace(self, user: User, changed: Collection[str]) -> bool:
        """Writes these fields of an account as its next version; False where it is another version by now.

        Raises `Conflict`, and changes nothing, where no administrator would be left.
        """
        here = {"_id": user.id, **version_before(user)}
        if not {"role", "disabled"} & set(changed):
            return self._users.update_one(here, written(user, changed)).matched_count == 1

        return self._keeping_an_admin(here, written(user, changed))

    def disable_for_good(self, user_id: str) -> None:
        """Disables an account that is about to be deleted; raises `Conflict` where no administrator would be left."""
        self._keeping_an_admin({"_id": user_id}, overwritten("", "The deletion", disabled=True))

    def _keeping_an_admin(self, which: Document, update: Document | Sequence[Document]) -> bool:
        """Returns whether there was such an account to be updated; raises `Conflict`, and changes nothing, where no administrator would be left."""

        def change(session: ClientSession) -> bool:
            if not self._users.update_one(which, update, session=session).matched_count:
                return False
            # Each administrator's account is written to, so that of two such changes at once one waits for the other.
            in_office = {"role": Role.ADMIN.value, "disabled": False}
            if not self._users.update_many(in_office, {"$inc": {"elections": 1}}, session=session).matched_count:
                raise Conflict("This is the last administrator who can sign in; make somebody else one first.")
            return True

        with self._users.database.client.start_session() as session:
            return session.with_transaction(change)

    def delete(self, user_id: str) -> None:
        self._users.delete_one({"_id": user_id})

    def keep_name(self, name: str, at: datetime) -> bool:
        """Keeps a name under which usage is on record from being given to somebody else; False where it was kept before."""
        try:
            self._kept_names.insert_one({"_id": name, "at": at})
        except DuplicateKeyError:
            return False
        return True

    def new_pseudonym(self, stem: str, at: datetime) -> str:
        """A name with a number behind it that nobody has or had."""
        numbered = (f"{stem}{number}" for number in count(1))
        return next(name for name in numbered if self.find(name) is None and self.keep_name(name, at))

    def free_name(self, name: str) -> None:
        self._kept_names.delete_one({"_id": name})

    def leave_project(self, project_id: str) -> None:
        """Nobody works on a project any more that is gone."""
        self._users.update_many({"project_id": project_id}, {"$set": {"project_id": ""}})

    def set_disabled(self, user_id: str, disabled: bool, by: str = "") -> None:
        """by: what sets it, in words, where that is no person in a window."""
        self._users.update_one({"_id": user_id}, overwritten("", by, disabled=disabled))


class Projects:
    def __init__(self, database: Database[Document]):
        self._projects = database["projects"]
        belongings = ("focus_groups", "tasks", "interview_rounds", "surveys", "shared_reports", "syntheses", "designs")
        self._belongings = [database[name] for name in belongings]
        self._assets = database["assets"]

    def add(self, owner_id: str, name: str, at: datetime, aim: str = "") -> Project:
        project = Project(new_id(), owner_id, name.strip(), at, aim)
        self._projects.insert_one(to_document(project))
        return project

    def get(self, project_id: str) -> Project:
        if found := self._projects.find_one({"_id": project_id}):
            return from_document(Project, found)
        raise NotFound("There is no such project.")

    def of_owner(self, owner_id: str) -> Readable[Project]:
        found = self._projects.find({"owner_id": owner_id, **NOT_GOING}).sort([("created_at", 1)])
        return from_documents(Project, found)

    def all(self) -> Readable[Project]:
        return from_documents(Project, self._projects.find(NOT_GOING).sort([("created_at", 1)]))

    def there(self, ids: Collection[str]) -> set[str]:
        """Returns those of these ids that exist and are not being deleted, even unreadable ones."""
        here = {"_id": {"$in": list(ids)}, **NOT_GOING}
        return {str(found["_id"]) for found in self._projects.find(here, {"_id": 1})}

    def replace(self, project: Project, changed: Collection[str]) -> bool:
        """Writes these fields of a project as its next version; False where it is another version by now."""
        here = {"_id": project.id, **version_before(project)}
        return self._projects.update_one(here, written(project, changed)).matched_count == 1

    def ids_of_owner(self, owner_id: str) -> list[str]:
        """Also of those that are being deleted."""
        return [str(found["_id"]) for found in self._projects.find({"owner_id": owner_id}, {"_id": 1})]

    def hide(self, project_id: str) -> None:
        """Takes a project that is being deleted out of all lists; nothing can be added to it any more."""
        self._projects.update_one({"_id": project_id}, {"$set": {"deleting": True}})

    def delete(self, project_id: str) -> None:
        self._projects.delete_one({"_id": project_id})

    def hand_over(self, project_id: str, owner_id: str) -> None:
        """Makes it somebody else's, with all that belongs to it. What belongs to it first: cut off, it is done again."""
        for group in self._belongings[0].find({"project_id": project_id}, {"_id": 1}):
            self._assets.update_many({"focus_group_id": group["_id"]}, {"$set": {"owner_id": owner_id}})
        for collection in self._belongings:
            collection.update_many({"project_id": project_id}, {"$set": {"owner_id": owner_id}})
        self._projects.update_one({"_id": project_id}, {"$set": {"owner_id": owner_id}})

    def give_back(self, user_id: str) -> None:
        """Gives what is a user's in others' projects to the projects' owners."""
        for collection in self._belongings:
            for project_id in collection.distinct("project_id", {"owner_id": user_id}):
                project = self._projects.find_one({"_id": project_id}, {"owner_id": 1})
                if project and project["owner_id"] != user_id:
                    theirs = {"project_id": project_id, "owner_id": user_id}
                    collection.update_many(theirs, {"$set": {"owner_id": project["owner_id"]}})
        for group_id in self._assets.distinct("focus_group_id", {"owner_id": user_id}):
            if group := self._belongings[0].find_one({"_id": group_id}, {"owner_id": 1}):
                self._assets.update_many({"focus_group_id": group_id}, {"$set": {"owner_id": group["owner_id"]}})


class Personas:
    """The personas of projects, in the order they came."""

    def __init__(self, database: Database[Document]):
        self._personas = database["personas"]
        self._there = StillThere(database)

    def add(
        self, project_id: str, personas: Sequence[Persona], at: datetime, *, task_id: str | None = None
    ) -> list[Persona]:
        """The personas with the ids they got. task_id: the task that made them; adding its panel again changes nothing.

        Raises `NotFound` where the project is gone.
        """
        named = [
            replace(persona, id=f"{task_id}-{number}" if task_id else new_id(), version=0, edits={})
            for number, persona in enumerate(personas, start=1)
        ]
        place = self._personas.count_documents({"project_id": project_id})
        writes = []
        for offset, persona in enumerate(named):
            document = {**to_document(persona), "project_id": project_id, "created_at": at, "place": place + offset}
            writes.append(UpdateOne({"_id": persona.id}, {"$setOnInsert": document}, upsert=True))
        ids = [persona.id for persona in named]
        with self._there.adding(lambda: self.delete_some(project_id, ids), project_id=project_id):
            if writes:
                self._personas.bulk_write(writes)
        return named

    def get(self, persona_id: str) -> Persona:
        return from_document(Persona, {"version": 0, **self._document(persona_id)})

    def owned(self, persona_id: str) -> Owned[Persona]:
        return owned(self._personas, persona_id, "persona", Persona, version=0)

    def of_project(self, project_id: str) -> Readable[Persona]:
        found = self._personas.find({"project_id": project_id}).sort([("created_at", 1), ("place", 1)])
        return _personas(found)

    def search(self, project_id: str, search: PersonaSearch, skip: int = 0, limit: int = 0) -> Readable[Persona]:
        """Returns the personas that the search finds, in its order, from number `skip` on; limit: 0 for all."""
        found = self._personas.aggregate(pipeline(project_id, search, skip, limit))
        return _personas(found)

    def count(self, project_id: str, search: PersonaSearch) -> int:
        return self._personas.count_documents(conditions(project_id, search))

    def facets(self, project_id: str) -> PersonaFacets:
        """Returns the values that a search can be narrowed to, from a few fields of the project's personas."""
        return facets(list(self._personas.find({"project_id": project_id}, LIGHT)))

    def names(self, project_id: str) -> dict[str, str]:
        """Names by id, in the order of the alphabet."""
        found = self._personas.find({"project_id": project_id}, {"name": 1})
        named = {document["_id"]: str(document.get("name", "")) for document in found}
        return dict(sorted(named.items(), key=lambda item: item[1].casefold()))

    def some(self, project_id: str, persona_ids: Sequence[str]) -> Readable[Persona]:
        """Those of these personas that are the project's, in the order they came."""
        wanted = {"project_id": project_id, "_id": {"$in": list(persona_ids)}}
        found = self._personas.find(wanted).sort([("created_at", 1), ("place", 1)])
        return _personas(found)

    def delete_some(self, project_id: str, persona_ids: Sequence[str]) -> int:
        """Removes those that are the project's; how many these were."""
        wanted = {"project_id": project_id, "_id": {"$in": list(persona_ids)}}
        return self._personas.delete_many(wanted).deleted_count

    def delete_of_project(self, project_id: str) -> None:
        self._personas.delete_many({"project_id": project_id})

    def replace(self, persona: Persona, changed: Collection[str]) -> bool:
        """Writes these fields of a persona as its next version; False where it is another version by now, or gone."""
        here = {"_id": persona.id, **version_before(persona)}
        return self._personas.update_one(here, written(persona, changed)).matched_count == 1

    def delete(self, persona_id: str) -> None:
        self._personas.delete_one({"_id": persona_id})

    def _document(self, persona_id: str) -> Document:
        if found := self._personas.find_one({"_id": persona_id}):
            return found
        raise NotFound("There is no such persona.")


def _personas(documents: Iterable[Document]) -> Readable[Persona]:
    """Those that were stored before there were versions are of version 0."""
    return from_documents(Persona, ({"version": 0, **document} for document in documents))
