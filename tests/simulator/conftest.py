"""One simulated talk a brief."""

import pytest

from tests.simulator.simulated_talk import HELD_OUT, TOPICS, Said, session


@pytest.fixture(scope="module", params=[*TOPICS, *HELD_OUT])
def talk(request: pytest.FixtureRequest) -> tuple[str, list[Said]]:
    """A topic and a discussion of it; of the topics that were held out too."""
    return (TOPICS | HELD_OUT)[request.param][0], session(request.param)
