"""Thinking in the answer, in every make that was seen: never a part of what is said."""

from semblance_core.llm.providers.thinking import without_thinking

DEAR = "Too dear."
MAKES = (
    "Okay, I need to answer as this persona.\n</think>\n\nToo dear.",
    "<think>Short.</think>Too dear.",
    "<THINK>Short.</THINK>Too dear.",
    '<think type="deep">Short.</think>Too dear.',
    "<think/>Too dear.",
    "<think><think>Short.</think> They want it so.</think>Too dear.",
    "<think>One.</think><think>Two.</think>Too dear.",
    "<thinking>Short.</thinking>\nToo dear.",
    "<thought>Short.</thought>Too dear.",
    "<thoughts>Short.</thoughts>Too dear.",
    "<reasoning>Short.</reasoning>Too dear.",
    "<reflection>Short.</reflection>Too dear.",
    "<scratchpad>Short.</scratchpad>Too dear.",
    "<inner_monologue>Short.</inner_monologue>Too dear.",
    "<analysis>Short.</analysis>Too dear.",
    "<antThinking>Short.</antThinking>Too dear.",
    "<seed:think>Short.</seed:think>Too dear.",
    "<思考>短く。</思考>Too dear.",
    "[THINK]Short.[/THINK]Too dear.",
    "[REASONING]Short.[/REASONING]\nToo dear.",
    "◁think▷Short.◁/think▷Too dear.",
    "<|START_THINKING|>Short.<|END_THINKING|>Too dear.",
    "<|begin_of_thought|>Short.<|end_of_thought|>\n<|begin_of_solution|>Too dear.<|end_of_solution|>",
    "<unused94>thought\nShort.<unused95>Too dear.",
    "<think>Short.</think><answer>Too dear.</answer>",
    "<thinking>Short.</thinking>\n<response>Too dear.</response>",
    "<|channel|>analysis<|message|>Short.<|end|><|start|>assistant<|channel|>final<|message|>Too dear.<|return|>",
    "<|channel|>commentary<|message|>Short.<|end|><|start|>assistant<|channel|>final <|constrain|>text<|message|>Too dear.",
    "analysisWe need to be short.assistantfinalToo dear.",
    "&lt;think&gt;Short.&lt;/think&gt;Too dear.",
    "```thinking\nShort.\n```\nToo dear.",
    '<details type="reasoning" done="true"><summary>Thought for 3 s</summary>Short.</details>Too dear.',
    "**Thinking Process:**\n1. Short.\n\n**Answer:** Too dear.",
    "Reasoning: they want it short.\nFinal answer: Too dear.",
    "Too dear.<think>Was that short enough",
    "Too dear.\n<think>Was that short?</think>",
)
UNFINISHED = (
    "<think>They want",
    "<reasoning>They want",
    "[THINK]They want",
    "◁think▷They want",
    "<|channel|>analysis<|message|>They want",
    "analysisThey want it short",
    "<think>One.</think><think>They want",
    "```thinking\nThey want",
)
SPEECH = (
    "I think <b>so</b>.",
    "Thoughts on the price: too dear.",
    "Analysis shows nothing.",
    "My reasoning: it is too dear.",
    "I was thinking: [maybe] not.",
    '{"name": "<think>"}',
    "a < b and c > d",
    "Final answer: no.",
)


def test_what_was_thought_is_no_part_of_what_is_said() -> None:
    for text in MAKES:
        assert without_thinking(text)[0] == DEAR, text


def test_thinking_that_does_not_end_leaves_nothing_to_say() -> None:
    for text in UNFINISHED:
        spoken, thought = without_thinking(text)
        assert (spoken, bool(thought)) == ("", True), text


def test_what_only_looks_like_thinking_is_said() -> None:
    for text in SPEECH:
        assert without_thinking(text) == (text, ""), text
