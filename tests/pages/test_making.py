"""The forms that make a survey and interviews: empty at first, with an example to fill in on request."""

import pytest

from semblance_core.bootstrap import Semblance
from tests.pages.conftest import Visit
from tests.pages.test_personas import press, texts
from tests.surveys import project_with


@pytest.mark.parametrize(
    ("page", "label", "example", "read"),
    [
        ("surveys", "Questionnaire, as Markdown", "Use an example questionnaire", "As it will be asked: 4 questions"),
        ("interviews", "Guide", "Use an example guide", "As it will be asked: 3 questions"),
    ],
)
def test_a_form_begins_empty_and_an_example_is_put_in_on_request(
    visit: Visit, semblance: Semblance, page: str, label: str, example: str, read: str
) -> None:
    project = project_with(semblance.workspace("user"), 2)
    shown = visit("user", page, new="1", project_id=project)
    (field,) = (each for each in shown.text_area if each.label == label)
    assert field.value == ""
    assert "No question yet" in texts(shown)
    assert "mended" not in texts(shown)
    shown = press(shown, example)
    assert not shown.exception
    assert read in texts(shown)
    assert example not in [each.label for each in shown.button]
