"""The parts that one turn of a session works with."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from semblance_core.conversation.speech.own_words import Spoken, plain_words
from semblance_core.domain.discussion.asset import Stimulus
from semblance_core.domain.discussion.focus_group import FocusGroup
from semblance_core.flows.discussion.stimuli import stimuli_at_hand
from semblance_core.flows.requests.fitting import Room
from semblance_core.llm.gateway import Caller, CheckedCompletion, Gateway
from semblance_core.llm.request import CompletionRequest
from semblance_core.llm.structured import Shape
from semblance_core.store.sessions.focus_groups import FocusGroups


@dataclass(frozen=True, slots=True)
class TurnContext:
    """caller: the account that the turn's calls count on, and the check that ends them once nobody wants them."""

    groups: FocusGroups
    gateway: Gateway
    clock: Callable[[], datetime]
    caller: Caller

    @classmethod
    def of(
        cls, group: FocusGroup, groups: FocusGroups, gateway: Gateway, clock: Callable[[], datetime]
    ) -> "TurnContext":
        """The context of a session's turns under the epoch that it was claimed with."""

        def check(is_again: bool) -> None:
            # The first call of an autonomous turn follows the claim or the last commit at once, which both prove that
            # the session is still ours. A round's replies may have waited for a slot since the claim.
            if is_again or group.pending:
                groups.check_wanted(group)

        return cls(groups, gateway, clock, Caller(group.owner_id, group.project_id, group.id, check=check))

    def shown(self, group: FocusGroup) -> tuple[Stimulus, ...]:
        """The stimuli at hand, as a moderator's request holds them."""
        return stimuli_at_hand(group, self.groups.assets, sees=self.gateway.may_see(group.model))

    def room(self, group: FocusGroup) -> Room:
        """Tokens that a prompt to the session's model may have besides an answer of so many."""
        return partial(self.gateway.prompt_room, group.model)

    def text(
        self,
        request: CompletionRequest,
        group: FocusGroup,
        *,
        seq: int | None = None,
        hear: Callable[[str], Spoken] = plain_words,
        speaker: str = "",
    ) -> CheckedCompletion[str]:
        """A plain answer of the session's model; raises what `Gateway.text` raises.

        Args:
            seq: The message that the call is made for, None for a summary.
            hear: Takes what was asked for out of the answer.
            speaker: The participant whose words are shown while they are written, where somebody watches; empty for none.
        """
        caller = replace(self.caller, seq=seq)
        if seq is None or not speaker:
            return self.gateway.text(request, group.model, caller, hear)
        with self.gateway.writing.of_reply(group.id, seq, speaker, hear) as show:
            return self.gateway.text(request, group.model, replace(caller, show=show), hear)

    def structured(
        self, request: CompletionRequest, shape: type[Shape], group: FocusGroup, *, seq: int
    ) -> CheckedCompletion[Shape]:
        """An answer of the session's model in a form; raises what `Gateway.structured` raises."""
        return self.gateway.structured(request, shape, group.model, replace(self.caller, seq=seq))
