"""The circumstances of an invented person: age, work, home and money that go together."""

import random
import re
from dataclasses import dataclass

from semblance_core.requests.recruiting import Cell
from semblance_core.simulator.lexicon import phrases, sections
from semblance_core.simulator.recruit.brief import Brief
from semblance_core.simulator.recruit.places import country
from semblance_core.simulator.words import capitalised, plain

_EDUCATION = {"degree": "university degree", "vocational": "vocational training", "school": "secondary school"}
_LINE = re.compile(r"^(?P<job>[^,]+) in (?P<town>[^,]+), (?P<age>\d{2}), (?P<home>[^.]+)\.")


@dataclass(frozen=True, slots=True)
class Life:
    age: int
    occupation: str
    education: str
    income_band: str
    household: str
    location: str
    tech_comfort: str

    def line(self) -> str:
        """The life as the first sentence of a sketch, which `read_life` understands."""
        return f"{capitalised(self.occupation)} in {self.location.split(',')[0]}, {self.age}, {self.household}."

    def past(self, rng: random.Random) -> str:
        """One sentence about how they got here."""
        if self.occupation.startswith("retired"):
            return rng.choice(phrases("lives", "past.retired"))
        if "student" in self.occupation:
            return rng.choice(phrases("lives", "past.student"))
        return rng.choice(phrases("lives", "past.work")).replace("{education}", self.education)


def draw_life(brief: Brief, cell: Cell, rng: random.Random, taken: set[str]) -> Life:
    """Circumstances for a cell of the brief; occupations in `taken` only when nothing else fits."""
    age = _age(brief, cell, rng)
    fixed_job = plain(cell.value("occupation"), 100)
    job, level, income = _job(brief, age, rng, taken, plain(cell.value("education"), 100))
    bands = country(brief.home, "money")
    town = rng.choice(brief.towns)
    return Life(
        age,
        fixed_job or job,
        plain(cell.value("education"), 100) or ("currently at university" if "student" in job else _EDUCATION[level]),
        plain(cell.value("income_band"), 100) or bands[max(0, min(len(bands) - 1, income - 1))],
        plain(cell.value("household"), 100) or _household(age, brief.life, rng),
        plain(cell.value("location"), 100) or f"{town}, {brief.land}",
        _tech(age, job, rng),
    )


def read_life(sketch: str, brief: Brief, cell: Cell, rng: random.Random) -> Life:
    """The life that a sketch describes; drawn anew where it was not written by this simulator. The cell wins."""
    match = _LINE.match(sketch)
    drawn = draw_life(brief, cell, rng, set())
    if not match:
        return drawn
    low, high = _bounds(brief, cell)
    age = min(max(int(match["age"]), low), high)
    job = plain(cell.value("occupation"), 100) or match["job"][:1].lower() + match["job"][1:]
    job = match["job"] if match["job"][:2].isupper() else job
    level, income = _terms_of(job, brief)
    bands = country(brief.home, "money")
    return Life(
        age,
        job,
        plain(cell.value("education"), 100) or ("currently at university" if "student" in job else _EDUCATION[level]),
        plain(cell.value("income_band"), 100) or bands[max(0, min(len(bands) - 1, income - 1))],
        plain(cell.value("household"), 100) or match["home"],
        plain(cell.value("location"), 100) or f"{match['town']}, {brief.land}",
        _tech(age, job, rng),
    )


def _bounds(brief: Brief, cell: Cell) -> tuple[int, int]:
    least, most = cell.ages or (brief.youngest, max(brief.oldest, brief.youngest))
    if "biz" in brief.subject.kinds and not cell.ages and least < 64 and brief.life != "retired":
        most = min(most, 63)
    least = min(least, most)
    return max(16, least), max(16, min(most, 110))


def _age(brief: Brief, cell: Cell, rng: random.Random) -> int:
    low, high = _bounds(brief, cell)
    return rng.randint(low, high)


def _jobs(section: str) -> list[list[str]]:
    return [frame.text.split("|") for frame in sections("jobs")[section]]


def _job(brief: Brief, age: int, rng: random.Random, taken: set[str], education: str) -> tuple[str, str, int]:
    if brief.job:
        names = [name for name in brief.job.jobs if name not in taken] or list(brief.job.jobs)
        return rng.choice(names), brief.job.education, brief.job.income
    section = "business" if "biz" in brief.subject.kinds else "jobs"
    if section == "jobs" and (brief.life == "retired" or age >= 67):
        section = "retired"
    elif section == "jobs" and (brief.life == "student" or age < 20):
        section = "student"
    rows = [row for row in _jobs(section) if len(row) < 5 or int(row[3]) <= age <= int(row[4])] or _jobs(section)
    wanted = (
        "degree"
        if re.search(r"degree|universit|bachelor|master|graduate", education, re.I)
        else "school"
        if education
        else ""
    )
    fitting = [row for row in rows if not wanted or (row[1] == "degree") == (wanted == "degree")] or rows
    fresh = [row for row in fitting if row[0] not in taken] or fitting
    row = rng.choice(fresh)
    return row[0], row[1], int(row[2])


def _terms_of(job: str, brief: Brief) -> tuple[str, int]:
    """The education and the income level, 1 to 5, that go with an occupation."""
    for group in brief.groups:
        if job.lower() in (name.lower() for name in group.jobs):
            return group.education, group.income
    for section in ("jobs", "retired", "student", "business"):
        for row in _jobs(section):
            if row[0].lower() == job.lower():
                return row[1], int(row[2])
    return "vocational", 2


def _household(age: int, life: str, rng: random.Random) -> str:
    part = life if life in ("single", "parent") else "young" if age < 26 else "middle" if age < 52 else "old"
    return rng.choice(phrases("lives", f"household.{part}"))


def _tech(age: int, job: str, rng: random.Random) -> str:
    part = "young" if "software" in job or age < 32 else "middle" if age < 60 else "old"
    return rng.choice(phrases("lives", f"tech.{part}"))
