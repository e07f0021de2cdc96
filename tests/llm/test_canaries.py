"""A prompt holds its own session and nothing else: canaries of everybody and everything else are in none."""

from dataclasses import replace

from semblance_core.bootstrap import Semblance
from semblance_core.domain.personas.persona import Persona
from semblance_core.workspace import SessionConfig, Workspace, config_of
from tests.scripted_server import Reply, ScriptedServer, sensible
from tests.studies import asked_round, discussed, finished, panel, session

OTHERS = 50


def marked(persona: Persona, mark: str) -> Persona:
    return replace(persona, backstory=f"canary-{mark}-backstory", quote=f"canary-{mark}-quote", id="")


def test_no_prompt_holds_anything_of_another_session_persona_or_document(
    semblance: Semblance, workspace: Workspace, model_server: ScriptedServer
) -> None:
    semblance.workspace("admin").models.set_provider(
        "mistral", "canary-typed-key", "https://canary-address.example.org"
    )
    own = session(workspace, size=3, turn_limit=12)
    template = config_of(own)
    for number in range(OTHERS):
        whose = semblance.workspace("other" if number % 2 else "user")
        project_id = own.project_id if number % 4 == 0 else whose.projects.create(f"canary-{number}-project").id
        people = tuple(marked(person, str(number)) for person in panel(2))
        whose.personas.add(project_id, replace(people[0], name=f"canary-{number}-name"))
        topic = f"canary-{number}-topic"
        other = whose.sessions.create(
            project_id, SessionConfig(f"canary-{number}-title", topic, template.guide, people)
        )
        if number % 10 == 0:
            whose.stimuli.attach(other.id, f"canary-{number}.txt", f"canary-{number}-document".encode())
            asked_round(
                semblance,
                whose,
                other.id,
                f"canary-{number}-question",
                to=[whose.sessions.get(other.id).participants[0].id],
            )
    model_server.forget()
    model_server.script = lambda asked: sensible(asked) if asked.schema else Reply("canary-free words, once more.")

    workspace.stimuli.attach(own.id, "own.txt", b"Own words of the leaflet.")
    asked_round(semblance, workspace, own.id, "What do you make of it?")
    discussed(semblance, workspace, own.id)
    finished(semblance, workspace, workspace.findings.analyse(own.id))
    prompts = [asked.prompt for asked in model_server.asked]
    assert len(prompts) > 8
    assert any("Own words of the leaflet." in prompt for prompt in prompts)
    assert [prompt for prompt in prompts if "canary-" in prompt.replace("canary-free words", "")] == []
