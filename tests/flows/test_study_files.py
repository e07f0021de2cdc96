"""Study files: read, written, read again; mistakes with their line; nothing but plain values is read."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from semblance_core.domain.designs.study_file import Arm, People, ShownFile, StudyFile, TargetShares
from semblance_core.domain.discussion.guide import parse_guide
from semblance_core.domain.discussion.probing import Probing
from semblance_core.domain.errors import InvalidInput
from semblance_core.domain.instruments.answers import RatingMethod
from semblance_core.domain.instruments.markdown import parse_questionnaire
from semblance_core.flows.importing.studies.reading import parse_study, read_study
from semblance_core.flows.importing.studies.writing import study_text
from tests.surveys import SHORT

WHOLE = """---
title: Two texts for an oat milk
brief: UK shoppers who buy milk
size: 6
margins:
  gender: {women: 50%, men: 50}
stimuli: pack.png
runs: 3
people: new
arms:
  - name: Plain
    text: |
      Oat milk, 1.80.

      Nothing else: nothing.
    model: openai/gpt-4o-mini
  - name: NO
    stimuli: [{file: pack.png, words: A blue carton.}, other/warm.png]
    probing: deep
    size: 7
budget: $2.50
scales: [similarity, direct]
---
Why this study is held.

```guide
## Habits
- Why do you buy it?
  show: pack.png
```

````survey before
# Buying

## How likely are you to buy it?
type: scale
low: never
high: today
````

More for readers, with code that is none of ours:

```sh
semblance run study.md
```
"""


def test_a_study_reads_as_it_is_written() -> None:
    read = parse_study(WHOLE)
    assert read.title == "Two texts for an oat milk"
    assert read.margins == (TargetShares("gender", (("women", 50.0), ("men", 50.0))),)
    assert (read.people, read.runs, read.budget) == (People.NEW, 3, Decimal("2.50"))
    assert read.scales == (RatingMethod.DIRECT, RatingMethod.SIMILARITY)
    assert read.guide == parse_guide("## Habits\n- Why do you buy it?\n  show: pack.png")
    assert read.before
    assert read.before.title == "Buying"
    assert read.arms == (
        Arm("Plain", text="Oat milk, 1.80.\n\nNothing else: nothing.", model="openai/gpt-4o-mini"),
        Arm(
            "NO",
            stimuli=(ShownFile("pack.png", "A blue carton."), ShownFile("other/warm.png")),
            probing=Probing.DEEP,
            size=7,
        ),
    )
    assert read.notes.startswith("Why this study is held.\n\nMore for readers")
    assert "```sh\nsemblance run study.md\n```" in read.notes
    assert parse_study(study_text(read)) == read


def test_each_arm_is_a_study_of_its_own() -> None:
    plain, other = parse_study(WHOLE).planned
    assert (plain.size, plain.stimuli, plain.text[:8]) == (6, (ShownFile("pack.png"),), "Oat milk")
    assert (other.size, len(other.stimuli), other.text, other.probing) == (7, 2, "", Probing.DEEP)
    assert parse_study(WHOLE).paths == ("pack.png", "other/warm.png")


def test_yaml_alone_says_the_same() -> None:
    guide = "guide: |\n  ## Habits\n  - Why?\nafter: |\n" + "".join(f"  {line}\n" for line in SHORT.splitlines())
    read = parse_study(f"title: No 1\npersonas: people.csv\nseed: 7\n{guide}")
    assert read == StudyFile(
        "No 1", personas="people.csv", guide=parse_guide("## Habits\n- Why?"), after=parse_questionnaire(SHORT), seed=7
    )
    assert parse_study(study_text(read)) == read


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("size: 6", "sizes: 6", "Line 4: the study has no field “sizes”. Did you mean “size”?"),
        ("size: 6", "size: many", "Line 4: “size”: a whole number is wanted, not “many”."),
        ("size: 6", "size: 6\nsize: 7", "Line 5: “size” stands there twice."),
        ("    probing: deep", "    probes: deep", "arm 2 has no field “probes”. Did you mean “probing”?"),
        ("probing: deep", "probing: wild", "“probing”: there is no “wild”; it is one of none, light, deep."),
        ("type: scale", "type: slider", "Line 36: there is no type “slider”"),
        ("stimuli: pack.png", "stimuli: ../pack.png", "Line 7: “stimuli”: “../pack.png” is no path"),
        ("stimuli: pack.png", "stimuli: C:\\pack.png", "Line 7: “stimuli”"),
        ("budget: $2.50", "budget: cheap", "“budget”: US dollars are wanted, as in 2.50, not “cheap”."),
        ("budget: $2.50", "budget: 0", "A budget is more than 0 US dollars."),
        ("people: new", "people: same", "Arms differ in size, so they have people of their own"),
        ("people: new", "people: within", "Arms differ in size"),
        ("brief: UK shoppers who buy milk", "", "either “brief” or “personas”"),
        ("gender: {women", "sign: {women", "Line 5: “margins”: A panel has no margin for sign"),
        ("title: Two", "title: &a Two", "Line 2: write it out; names with & and * are not read."),
        (
            "title: Two",
            "title: !!python/object:os.system Two",
            "Line 2: “tag:yaml.org,2002:python/object:os.system” is not",
        ),
        ("size: 6", "size: [6", "this is no YAML"),
        ("````survey before", "```guide", "“guide” stands there twice."),
        ("\n```sh\nsemblance run study.md\n```\n", "\n```survey\n# T", "is not closed by"),
    ],
)
def test_mistakes_are_said_with_their_line(before: str, after: str, told: str) -> None:
    assert before in WHOLE
    with pytest.raises(InvalidInput) as refused:
        parse_study(WHOLE.replace(before, after, 1))
    assert told in str(refused.value)


def test_what_could_not_be_run_is_refused() -> None:
    asked = parse_questionnaire(SHORT)
    within = StudyFile(
        "T", personas="p.csv", after=asked, arms=(Arm("A", text="a"), Arm("B", text="b")), people=People.WITHIN
    )
    assert parse_study(study_text(within)) == within
    with pytest.raises(InvalidInput, match="Within people, arms are compared by surveys"):
        StudyFile("T", personas="p.csv", guide=parse_guide("- Why?"), arms=within.arms, people=People.WITHIN)
    with pytest.raises(InvalidInput, match="do not differ"):
        StudyFile("T", personas="p.csv", after=asked, arms=(Arm("A"), Arm("B")))
    with pytest.raises(InvalidInput, match="Say what is asked"):
        StudyFile("T", personas="p.csv")


@given(st.text(max_size=300) | st.text("---\n:[]{}&*!|>- `guide\t\"'", max_size=200))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    reading = read_study(text)
    assert (reading.study is None) == bool(reading.mistakes)
    assert all(1 <= mistake.line <= len(text.splitlines()) + 2 for mistake in reading.mistakes)
