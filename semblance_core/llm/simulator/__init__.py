"""The keyless demonstration model: text by rule from a request's context, the same for the same arguments.

It knows no topic beforehand. A question is read for its kind and its focus, a persona for what they care about and how
they speak, a transcript for what was said; sentences are then chosen that nobody has used. No network, no library beyond
the standard one.
"""

from typing import Any

from semblance_core.llm.simulator.codes import code_transcript
from semblance_core.llm.simulator.moderate import moderate
from semblance_core.llm.simulator.people import recruit_persona, recruit_sketch
from semblance_core.llm.simulator.reply import reply
from semblance_core.llm.simulator.summaries import summarise_session, summarise_window
from semblance_core.llm.simulator.themes import build_themes

__all__ = ["answer"]


def answer(feature: str, context: dict[str, Any], max_tokens: int, seed: int) -> str:
    """The simulator's answer: plain text, or JSON for the features that have a schema. ValueError for an unknown feature.

    >>> asked = {"persona": {"name": "Maya"}, "topic": "Oat milk", "question": "Do you like it?", "words": 12}
    >>> answer("reply", asked, 100, 1) == answer("reply", asked, 100, 1)
    True
    """
    match feature:
        case "reply":
            return reply(context, max_tokens, seed)
        case "moderate":
            return moderate(context, max_tokens, seed)
        case "recruit_sketch":
            return recruit_sketch(context, seed)
        case "recruit_persona":
            return recruit_persona(context, seed)
        case "summarise_window":
            return summarise_window(context, max_tokens)
        case "code_transcript":
            return code_transcript(context)
        case "build_themes":
            return build_themes(context)
        case "summarise_session":
            return summarise_session(context, max_tokens)
    raise ValueError(f"The simulator has no answer for {feature!r}.")
