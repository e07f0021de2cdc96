"""Made-up answers of a scripted model: talk, and JSON that meets a schema."""

import random
from typing import Any


def chatter(seed: int, words: int = 60) -> str:
    """So many made-up words, different for every seed."""
    rng = random.Random(seed)
    syllables = ["ba", "ko", "mi", "ren", "ta", "lu", "so", "vi", "den", "par", "ol", "fe", "gri", "mo", "nek", "sha"]
    spoken = ["".join(rng.choices(syllables, k=rng.randint(1, 2))) for _ in range(words)]
    return " ".join(spoken).capitalize() + "."


def instance(schema: dict[str, Any], rng: random.Random) -> Any:
    """Some value that meets a JSON schema."""
    if "anyOf" in schema:
        return instance(schema["anyOf"][0], rng)
    if "enum" in schema:
        return rng.choice(schema["enum"])
    kind = schema.get("type")
    if kind == "object":
        return {name: instance(part, rng) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [instance(schema["items"], rng) for _ in range(schema.get("minItems", 3))]
    if kind == "integer":
        return rng.randint(20, 60)
    return chatter(rng.randrange(10**9), words=6)
