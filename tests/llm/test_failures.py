"""What a provider's error becomes: words, without anybody's key."""

from collections.abc import Sequence

import pytest

from semblance_core.llm.providers.failures import explain, scrubbed


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("wrong key tok_0123456789", ["tok_0123456789"]),
        ("wrong key sk-proj-abcdef0123", []),
        ("wrong key AIzaSyA0123456789", []),
        ("header Authorization: Bearer abcdef.0123456", []),
        ("GET /v1?key=abcdef0123", []),
    ],
)
def test_a_key_is_taken_out_of_an_error(text: str, secrets: Sequence[str]) -> None:
    clean = scrubbed(text, secrets)
    assert "[key]" in clean
    assert "0123" not in clean


def test_an_error_is_one_line_of_bounded_length() -> None:
    clean = scrubbed("line\n" * 1_000)
    assert "\n" not in clean
    assert len(clean) == 300


def test_a_wait_that_no_calendar_holds_is_no_wait() -> None:
    class Response:
        headers = {"retry-after": "Fri, 31 Dec 9999 23:59:59 -1200"}

    failed = ValueError("slow down")
    failed.response = Response()  # type: ignore[attr-defined]
    assert explain(failed, []).retry_after_s is None


def test_an_error_that_nobody_foresaw_is_still_a_sentence_and_worth_another_try() -> None:
    failed = explain(ZeroDivisionError("by zero"), [])
    assert (str(failed), failed.kind, failed.transient) == ("The model call failed.", "connection", True)
    assert failed.provider_said == "ZeroDivisionError: by zero"


def test_a_cause_that_causes_itself_is_read_once() -> None:
    one, other = ValueError("one"), ValueError("other")
    one.__cause__, other.__cause__ = other, one
    assert explain(one, []).kind == "connection"
