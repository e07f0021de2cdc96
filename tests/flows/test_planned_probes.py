"""Planned probes of a guide: offered first to the moderator's decision, put once each, and told in the live coverage."""

from semblance_core.bootstrap import Semblance
from semblance_core.conversation.coverage import coverage
from semblance_core.domain.discussion.probing import Probing
from semblance_core.workspace import Workspace
from tests.flows.test_moderator import FIRST, SECOND, asked_by_moderator, goes_on, moderated_by, played
from tests.scripted_server import Asked, ScriptedServer

SHOP, BRANDS = "Where do you buy it?", "which brands"
GUIDE = f"## Habits\n- {FIRST}\n  probe: {SHOP}\n  probe: {BRANDS}\n- {SECOND}\n"


def puts(asked: Asked) -> dict[str, object]:
    if SHOP in asked.prompt.split("Probes that the guide plans")[-1] and '"probe"' in asked.prompt:
        return {"decision": "probe", "to": "", "words": f"Let us stay here. {SHOP}", "planned": 1}
    if f"1. {BRANDS}" in asked.prompt:
        return {"decision": "probe", "to": "Ben", "words": "Ben, and of which makers?", "planned": 1}
    return dict(goes_on(asked))


def test_planned_probes_come_first_in_their_order_and_once(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    model_server.script = moderated_by(puts)  # type: ignore[arg-type]
    _, messages = played(semblance, workspace, Probing.LIGHT, guide=GUIDE)
    assert asked_by_moderator(messages)[:4] == [
        (0, f"Welcome to all. {FIRST}"),
        (0, f"Let us stay here. {SHOP}"),
        (0, "Ben, and of which makers?"),
        (1, f"Thank you. {SECOND}"),
    ], "two planned probes are put where a light moderator follows up once"
    decisions = [asked.prompt for asked in model_server.asked if asked.schema]
    assert f"1. {SHOP}\n2. {BRANDS}" in decisions[0]
    assert f"1. {BRANDS}" in decisions[1]
    assert SHOP not in decisions[1].split("Probes that the guide plans")[1].split("- ")[0]
    later = [prompt for prompt in decisions if f'under discussion:\n"{SECOND}"' in prompt]
    assert later
    assert not any("Probes that the guide plans" in prompt for prompt in later)


def test_a_planned_probe_is_told_by_its_words_where_the_model_gives_no_number(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    def decide(asked: Asked) -> dict[str, str]:
        if f"1. {SHOP}" in asked.prompt:
            return {"decision": "probe", "to": "Ben", "words": f"Ben, {SHOP[0].lower()}{SHOP[1:]}"}
        return goes_on(asked)

    model_server.script = moderated_by(decide)
    _, messages = played(semblance, workspace, Probing.LIGHT, guide=GUIDE)
    assert [text for _, text in asked_by_moderator(messages)].count(f"Ben, {SHOP[0].lower()}{SHOP[1:]}") == 1


def test_coverage_tells_which_planned_probes_were_put(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    seen = []

    def decide(asked: Asked) -> dict[str, object]:
        (group,) = workspace.sessions.of_project(workspace.projects.mine()[0].id)
        if (covers := coverage(group)) and group.course.question == 0:
            seen.append(covers.planned)
        return puts(asked)

    model_server.script = moderated_by(decide)  # type: ignore[arg-type]
    played(semblance, workspace, Probing.LIGHT, guide=GUIDE)
    assert seen == [((SHOP, False), (BRANDS, False)), ((SHOP, True), (BRANDS, False)), ((SHOP, True), (BRANDS, True))]


def test_the_simulator_puts_planned_probes_and_none_without_probing(semblance: Semblance, workspace: Workspace) -> None:
    for probing, expected in ((Probing.LIGHT, True), (Probing.NONE, False)):
        _, messages = played(semblance, workspace, probing, model="simulator/instant", guide=GUIDE)
        said = " ".join(text for _, text in asked_by_moderator(messages))
        assert (SHOP in said, BRANDS in said) == (expected, expected)
