"""Operations on surveys: what one would cost, beginning it, reading its answers and results, deleting it."""

from collections.abc import Sequence
from dataclasses import replace

from semblance_core.analysis.surveys.stopping import counts_shares
from semblance_core.domain.accounts.account import Project
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.markdown import Reading, parse_questionnaire, read_questionnaire, to_markdown
from semblance_core.domain.instruments.questionnaire import Questionnaire
from semblance_core.domain.instruments.survey import LEAST_PRECISION, MOST_PRECISION, MOST_RESPONDENTS, Survey
from semblance_core.domain.personas.persona import Persona
from semblance_core.domain.task import Task
from semblance_core.domain.usage.estimate import Estimate
from semblance_core.engine.tasks.stored import fingerprint_of, to_stored
from semblance_core.engine.tasks.survey import KIND, Request
from semblance_core.flows.delete import delete_survey
from semblance_core.flows.simulated import check_survey
from semblance_core.flows.survey import new_survey, respondents_of
from semblance_core.reports.surveys.answered import AnsweredSurvey
from semblance_core.store.ids import new_id
from semblance_core.workspace.bounds import room_for_task
from semblance_core.workspace.declarations import Operations, changes, reads
from semblance_core.workspace.estimates import survey_estimate
from semblance_core.workspace.subjects import project, signed_in, survey, survey_id

DIRECT = (RatingMethod.DIRECT,)


class Surveys(Operations):
    @reads(signed_in, sums=True)
    def check(self, questionnaire: str) -> Reading:
        """The questionnaire as it would be read, or its mistakes with their lines."""
        return read_questionnaire(questionnaire)

    @reads(project)
    def of_project(self, project: Project) -> list[Survey]:
        """The project's surveys, newest first."""
        return self._store.surveys.of_project(project.id)

    @reads(survey)
    def get(self, survey: Survey) -> Survey:
        """The survey as it was begun; the task with its id tells how far it is."""
        return survey

    @reads(survey)
    def answered(self, survey: Survey) -> AnsweredSurvey:
        """The survey with its respondents and the answers so far, from which all results and files are made."""
        return AnsweredSurvey(
            survey,
            survey.read(),
            tuple(self._store.surveys.respondents(survey.id)),
            tuple(self._store.surveys.answers(survey.id)),
        )

    @reads(project, sums=True)
    def estimate(
        self,
        project: Project,
        questionnaire: str,
        persona_ids: Sequence[str] | None = None,
        *,
        methods: Sequence[RatingMethod] = DIRECT,
        model: str = "",
    ) -> Estimate:
        """Forecasts the use of such a survey.

        Args:
            project: the project; callers hand over its id.
            questionnaire: as Markdown.
            persona_ids: who is asked; None for all of the project's personas.
            methods: how points on scales are asked for.
            model: empty for the platform's default.

        Raises:
            InvalidInput: as `begin` does.
        """
        read, personas = parse_questionnaire(questionnaire), self._asked(project, persona_ids)
        name = self._context.known_model(model)
        return survey_estimate(self._context, read, personas, _distinct(methods), name)

    @changes(project, "Began a survey", action="begin_survey")
    def begin(
        self,
        project: Project,
        questionnaire: str,
        persona_ids: Sequence[str] | None = None,
        *,
        methods: Sequence[RatingMethod] = DIRECT,
        model: str = "",
        seed: int = 0,
        precision_points: int = 0,
    ) -> Survey:
        """Begins to ask each of these personas every question, by itself; its progress is that of the task with its id.

        Where the very same survey is under way, nothing is begun and that one is returned.

        Args:
            project: the project; callers hand over its id.
            questionnaire: as Markdown (docs/instruments.md).
            persona_ids: who is asked; None for all of the project's personas. They are kept with the survey as they are now.
            methods: how points on scales are asked for; a scale is asked once for each that fits it.
            model: empty for the platform's default.
            seed: draws the order of options.
            precision_points: stops once each share's 95% interval, by resampling, is within so many percentage points on either
                side, 1 to 25; looked at after 50 people and each 25 more, who are asked in an order drawn by the seed. 0 asks all.

        Returns:
            The survey.

        Raises:
            InvalidInput: the questionnaire, the personas, the methods or the model cannot be used, or the simulator cannot
                read a question.
            QuotaExceeded: nothing of the project owner's quota is left.
            Conflict: too much of the owner's work is under way.
        """
        read, personas = parse_questionnaire(questionnaire), self._asked(project, persona_ids)
        name, ways = self._context.known_model(model), _distinct(methods)
        check_survey(name, read)
        _check_precision(read, precision_points)
        asked = [
            to_markdown(read),
            [person.id for person in personas],
            list(ways),
            name,
            seed,
            *([precision_points] if precision_points else []),
        ]
        exclusive = f"survey/{project.id}/{fingerprint_of({'asked': asked})}"
        if there := self._store.tasks.doing(exclusive):
            return self._store.surveys.get(there.id)
        estimate = survey_estimate(self._context, read, personas, ways, name)
        self._check_quota(project.owner_id, name)
        of = (project.id, project.owner_id, self._clock())
        begun = new_survey(new_id(), *of, read, len(personas), name, seed, ways, precision_points)
        request = to_stored(Request(begun.id, name))
        task = Task(begun.id, KIND, project.owner_id, project.id, request, begun.created_at, estimate=estimate)
        with room_for_task(self._context, project.owner_id, KIND, exclusive):
            self._store.surveys.add(begun, respondents_of(personas))
            doing = begun.id
            try:
                doing = self._context.begin(replace(task, exclusive=exclusive)).id
            except BaseException:
                self._store.surveys.delete(begun.id)
                raise
            if doing != begun.id:  # another click was quicker
                self._store.surveys.delete(begun.id)
        return self._store.surveys.get(doing)

    @changes(survey_id, "Deleted a survey", action="delete_survey")
    def delete(self, survey_id: str) -> None:
        """Ends a survey and removes it with its answers. What it cost stays on record."""
        delete_survey(self._store, survey_id, self._clock)

    def _asked(self, project: Project, persona_ids: Sequence[str] | None) -> list[Persona]:
        personas = self._store.personas
        found = personas.of_project(project.id) if persona_ids is None else personas.some(project.id, persona_ids)
        if not found:
            raise InvalidInput("Nobody is there to be asked: recruit, write or import personas first.")
        if len(found) > MOST_RESPONDENTS:
            raise InvalidInput(f"A survey asks at most {MOST_RESPONDENTS:,} personas, not {len(found):,}; choose some.")
        return found


def _check_precision(read: Questionnaire, points: int) -> None:
    if not points:
        return
    if not LEAST_PRECISION <= points <= MOST_PRECISION:
        raise InvalidInput(
            f"A survey stops at {LEAST_PRECISION} to {MOST_PRECISION} percentage points, not {points:,}."
        )
    if not any(map(counts_shares, read.questions)):
        raise InvalidInput("Open questions and numbers have no shares to become precise, so everybody has to be asked.")


def _distinct(methods: Sequence[RatingMethod]) -> tuple[RatingMethod, ...]:
    """The methods without repetition, in the order of their list."""
    if not methods:
        raise InvalidInput(f"Choose how scales are answered: {', '.join(RatingMethod)}.")
    return tuple(method for method in RatingMethod if method in methods)
