"""Decides whether and when a model is asked again after a failure that may pass."""

from tenacity import RetryCallState, wait_exponential_jitter

from semblance_core.domain.usage.model_failed import ModelFailed

LONGEST_WAIT_S = 30.0
NOT_THE_FORM = ("malformed", "schema", "not_speech")
ASKED_AT_ONCE = (*NOT_THE_FORM, "empty", "truncated")


def is_worth_another(state: RetryCallState) -> bool:
    """Returns whether the same model should be asked again: the failure may pass, and soon enough to be waited for."""
    failed = state.outcome.exception() if state.outcome else None
    if not isinstance(failed, ModelFailed) or not failed.transient:
        return False
    return failed.retry_after_s is None or failed.retry_after_s <= LONGEST_WAIT_S


def wait_s(state: RetryCallState, first_s: float) -> float:
    """As long as the provider asked for, else longer each time; not at all where the model only has to answer better."""
    failed = state.outcome.exception() if state.outcome else None
    if isinstance(failed, ModelFailed) and failed.kind in ASKED_AT_ONCE:
        return 0.0
    if isinstance(failed, ModelFailed) and failed.retry_after_s is not None:
        return failed.retry_after_s
    return float(wait_exponential_jitter(initial=first_s, max=8 * first_s, jitter=first_s)(state))
