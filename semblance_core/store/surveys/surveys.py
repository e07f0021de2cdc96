"""Surveys: `surveys`, their respondents as they were asked (`survey_respondents`), and one document an answer (`survey_answers`)."""

from collections.abc import Sequence

from pymongo.database import Database

from semblance_core.domain.errors import NotFound, NotWanted
from semblance_core.domain.instruments.answers import Answer, AnswerState, RatingMethod
from semblance_core.domain.instruments.survey import Given, Respondent, Survey
from semblance_core.domain.readable import Readable
from semblance_core.store.codec import from_document, from_documents, readable, to_document
from semblance_core.store.server.document import Document
from semblance_core.store.server.failures import patiently
from semblance_core.store.sessions.owners import Owned, owned
from semblance_core.store.sessions.still_there import StillThere


class Surveys:
    def __init__(self, database: Database[Document]):
        self._surveys = database["surveys"]
        self._respondents = database["survey_respondents"]
        self._answers = database["survey_answers"]
        self._there = StillThere(database)

    def add(self, survey: Survey, respondents: Sequence[Respondent]) -> None:
        """Adds a survey with its respondents; raises `NotFound` where its project is gone."""
        of_it = {"survey_id": survey.id, "project_id": survey.project_id}
        with self._there.adding(lambda: self.delete(survey.id), project_id=survey.project_id):
            self._respondents.insert_many(
                [{"_id": f"{survey.id}/{each.number}", **of_it, **to_document(each)} for each in respondents]
            )
            self._surveys.insert_one(to_document(survey))

    def get(self, survey_id: str) -> Survey:
        if found := self._surveys.find_one({"_id": survey_id}):
            return from_document(Survey, found)
        raise NotFound("There is no such survey.")

    def title(self, survey_id: str) -> str:
        """A survey's title; empty where it is gone."""
        found = self._surveys.find_one({"_id": survey_id}, {"title": 1})
        return str(found["title"]) if found else ""

    def owned(self, survey_id: str) -> Owned[Survey]:
        """The survey and its project's owner."""
        return owned(self._surveys, survey_id, "survey", Survey)

    def of_project(self, project_id: str) -> Readable[Survey]:
        """A project's surveys, newest first."""
        return from_documents(Survey, self._surveys.find({"project_id": project_id}).sort("created_at", -1))

    def respondents(self, survey_id: str) -> Readable[Respondent]:
        """The respondents of a survey by their numbers."""
        return from_documents(Respondent, self._respondents.find({"survey_id": survey_id}).sort("number", 1))

    def answers(self, survey_id: str) -> Readable[Given]:
        """The answers so far, by respondent and question."""
        found = self._answers.find({"survey_id": survey_id}).sort([("respondent", 1), ("question", 1), ("method", 1)])
        return readable(found, lambda document: Given(int(document["respondent"]), from_document(Answer, document)))

    def keys(self, survey_id: str) -> frozenset[tuple[int, int, RatingMethod]]:
        """The keys of answers: a respondent's number, a question's place, and how it was asked."""
        wanted = {"respondent": 1, "question": 1, "method": 1}
        found = self._answers.find({"survey_id": survey_id}, wanted)
        return frozenset((each["respondent"], each["question"], RatingMethod(each["method"])) for each in found)

    def states(self, survey_id: str) -> dict[AnswerState, int]:
        """Numbers of answers by their states."""
        group: list[Document] = [
            {"$match": {"survey_id": survey_id}},
            {"$group": {"_id": "$state", "number": {"$sum": 1}}},
        ]
        return {AnswerState(each["_id"]): int(each["number"]) for each in self._answers.aggregate(group)}

    @patiently
    def keep(self, survey: Survey, given: Given) -> None:
        """Stores an answer; of two to the same question the first one stays. Raises `NotWanted` where the survey is gone."""
        answer = given.answer
        answer_id = f"{survey.id}/{given.respondent}/{answer.question}/{answer.method}"
        of_it = {"survey_id": survey.id, "project_id": survey.project_id, "respondent": given.respondent}
        document = {**of_it, **to_document(answer)}
        self._answers.update_one({"_id": answer_id}, {"$setOnInsert": document}, upsert=True)
        if not self._surveys.find_one({"_id": survey.id}, {"_id": 1}):
            self._answers.delete_one({"_id": answer_id})
            raise NotWanted("The survey was deleted meanwhile.")

    @patiently
    def stop_after(self, survey_id: str, people: int) -> None:
        """Notes that the survey stopped early, after so many people."""
        self._surveys.update_one({"_id": survey_id}, {"$set": {"stopped_after": people}})

    def delete(self, survey_id: str) -> None:
        """Removes a survey, itself first, with its respondents and answers."""
        self._surveys.delete_one({"_id": survey_id})
        self._respondents.delete_many({"survey_id": survey_id})
        self._answers.delete_many({"survey_id": survey_id})

    def delete_of_project(self, project_id: str) -> None:
        """Removes all surveys of a project with what belongs to them."""
        for collection in (self._surveys, self._respondents, self._answers):
            collection.delete_many({"project_id": project_id})
