"""Which models are the built-in simulator."""


def is_simulated(model: str) -> bool:
    """Whether this model's answers must be marked as simulated wherever they show."""
    return model.startswith("simulator/")
