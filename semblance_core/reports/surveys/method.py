"""The method card of a survey: how its answers came about, and what they must not be taken for. Pure."""

from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.flags import FLAG_WORDS, Flag
from semblance_core.domain.instruments.questions import Rated
from semblance_core.domain.instruments.survey import Survey
from semblance_core.reports.escape import escaped_markdown
from semblance_core.reports.surveys.answered import AnsweredSurvey

LIMITS = (
    "Synthetic answers: a model answered in the place of each persona. Intervals come from resampling these personas; "
    "they say how far a figure would move with other personas of this kind, not how far it is from people's. Models answer "
    "more alike than people do. Use the order of options before the size of shares, and ask people before you decide."
)
METHOD_WORDS = {
    RatingMethod.DIRECT: "direct: the model names a point",
    RatingMethod.SIMILARITY: "similarity: free text, compared with anchored statements",
    RatingMethod.VERBALISED: "verbalised: the model states how likely each point is",
}


def method_rows(answered: AnsweredSurvey) -> list[tuple[str, str]]:
    """Names and values of the card, in order."""
    survey, results = answered.survey, answered.results()
    has_scales = any(isinstance(question, Rated) for question in answered.questionnaire.questions)
    rows = [
        ("Survey", survey.title),
        ("Answers", "synthetic, by the built-in simulator" if answered.simulated else "synthetic, by a language model"),
        ("Asked", f"{_people(survey)}, each question by itself and in private"),
        (
            "Model",
            ", ".join(sorted({each.answer.model for each in answered.given if each.answer.model}) or [survey.model]),
        ),
        ("Begun", f"{survey.created_at:%d %b %Y, %H:%M} UTC"),
        ("Seed", f"{survey.seed}, which draws each person's order of options"),
        ("Prompts", f"version {survey.prompts}"),
    ]
    if has_scales:
        rows.append(("Scales", "; ".join(METHOD_WORDS[method] for method in survey.methods)))
    if survey.rater:
        rows.append(
            ("Similarity", f"{survey.rater}; anchor bank version {survey.anchors}; ε = 0, T = {survey.sharpness:g}")
        )
    if answered.questionnaire.prices:
        rows.append(
            ("Prices", "price sensitivity meter (van Westendorp 1976), over those whose four prices are in order")
        )
    rows.append(("Intervals", "95%, 2,000 resampled panels; of this panel, not of a population"))
    rows.append(("Flags", flag_words({flag for result in results for flag in result.flags})))
    return rows


def _people(survey: Survey) -> str:
    if survey.stopped_after:
        return (
            f"{survey.stopped_after:,} of {survey.size:,} personas, in an order drawn by the seed: it stopped once every share was "
            f"within ±{survey.precision_points} points by resampling"
        )
    until = f", to stop within ±{survey.precision_points} points" if survey.precision_points else ""
    return f"{survey.size:,} personas{until}"


def method_card(answered: AnsweredSurvey) -> str:
    """The card as Markdown."""
    table = "\n".join(
        f"| {name} | {escaped_markdown(' '.join(value.split()))} |" for name, value in method_rows(answered)
    )
    return f"# Method card\n\n| Item | Details |\n|---|---|\n{table}\n\n{LIMITS}\n"


def flag_words(flags: set[Flag]) -> str:
    """The flags with their rules, in the order of the list."""
    return "; ".join(f"{flag} ({FLAG_WORDS[flag]})" for flag in Flag if flag in flags) or "none"
