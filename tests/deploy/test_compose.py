"""Claims on compose.yaml and .env.example: what is reachable, what is secret, what every service has."""

import re
import shlex
from typing import Any

import pytest
import yaml

from semblance_core.settings import Settings
from tests.studies import REPOSITORY

TEXT = (REPOSITORY / "compose.yaml").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("app", "worker")
ONCE = "mongo-setup"
EXAMPLE = (REPOSITORY / ".env.example").read_text()
SETTINGS = {str(field.alias): field for field in Settings.model_fields.values()}
OF_COMPOSE = {
    *("MONGO_ROOT_PASSWORD", "MONGO_APP_PASSWORD", "MONGO_KEYFILE", "RABBITMQ_PASSWORD"),
    *("BASE_PATH", "APP_PORT", "WORKERS", "BASE_IMAGE"),
}
REQUIRED = re.findall(r"^REQUIRED=\((.*)\)$", (REPOSITORY / "deploy.sh").read_text(), re.MULTILINE)[0].split()
NOT_HANDED_ON = {"SEMBLANCE_DATA_DIR", "SEMBLANCE_MONGODB_PORT"}
"""The image sets the one; the other is of the embedded database, which runs in no container."""


def listed() -> dict[str, str]:
    """Each variable of .env.example and what it shows, whether as a line or as a remark."""
    return dict(re.findall(r"^(?:# )?([A-Z][A-Z0-9_]*)=(.*)$", EXAMPLE, re.MULTILINE))


def each_service() -> list[Any]:
    return [pytest.param(service, id=name) for name, service in SERVICES.items()]


def used_variables() -> set[str]:
    """What compose.yaml takes from .env: by ${NAME}, or as a name without a value."""
    named = set(re.findall(r"\$\{([A-Z_0-9]+)", TEXT))
    return named | {name for name in OURS for name, value in SERVICES[name]["environment"].items() if value is None}


def test_the_example_lists_every_setting_and_no_other_name_but_those_of_compose() -> None:
    assert set(listed()) == set(SETTINGS) | OF_COMPOSE
    assert len(re.findall(r"^(?:# )?[A-Z][A-Z0-9_]*=", EXAMPLE, re.MULTILINE)) == len(listed())


def test_the_example_says_a_line_on_every_variable() -> None:
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if found := re.match(r"(?:# )?([A-Z][A-Z0-9_]*)=", line):
            before = lines[number - 1]
            if found[1].startswith("OPENAI_"):
                before = lines[number - 2]  # one remark for both providers
            assert re.match(r"# [A-Za-z0-9][^=]* \w", before), line


def test_the_example_shows_the_defaults_that_hold() -> None:
    for name, shown in listed().items():
        if name in SETTINGS and name not in REQUIRED and shown:
            assert Settings(**{name: shown}) == Settings(), f"{name}={shown} is not the default"


def test_what_the_example_sets_is_a_placeholder_or_empty() -> None:
    lines = dict(re.findall(r"^([A-Z][A-Z0-9_]*)=(.*)$", EXAMPLE, re.MULTILINE))
    assert {name for name, value in lines.items() if value == "change-me"} == set(REQUIRED)
    assert {value for name, value in lines.items() if name not in REQUIRED} == {""}


def test_every_variable_that_compose_uses_is_in_the_example_and_deploy_asks_for_those_without_a_default() -> None:
    assert used_variables() <= set(listed())
    assert set(re.findall(r"\$\{([A-Z_0-9]+):\?", TEXT)) == set(REQUIRED)
    assert used_variables() >= OF_COMPOSE


@pytest.mark.parametrize("name", OURS)
def test_the_app_and_its_workers_get_every_setting(name: str) -> None:
    given = set(SERVICES[name]["environment"])
    assert given >= set(SETTINGS) - NOT_HANDED_ON
    assert given - set(SETTINGS) == {"STREAMLIT_SERVER_BASE_URL_PATH", "FORWARDED_ALLOW_IPS"}


@pytest.mark.parametrize("name", OURS)
def test_the_app_and_its_workers_do_not_know_the_administrators_secrets(name: str) -> None:
    assert "MONGO_ROOT_PASSWORD" not in str(SERVICES[name])
    assert "MONGO_KEYFILE" not in str(SERVICES[name])
    assert "env_file" not in SERVICES[name]


def test_ports_are_published_on_this_machine_only() -> None:
    published = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:${APP_PORT:-8501}:8501"]
    assert not [service for service in SERVICES.values() if "network_mode" in service]


def test_the_database_and_the_broker_reach_nothing_outside() -> None:
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert {name for name, service in SERVICES.items() if "outside" in service["networks"]} == set(OURS)


def test_no_secret_stands_in_the_file() -> None:
    secret = re.compile(r"(?i)(password|pass|key|keyfile|secret|token)$")
    for service in SERVICES.values():
        for name, value in service.get("environment", {}).items():
            if value and secret.search(name):
                assert re.fullmatch(r"\$\{[A-Z_]+:\?set [A-Z_]+ in \.env\}", value), name
    assert not re.search(r"://[^$\s]*:[^$\s/][^@\s]*@", TEXT)


@pytest.mark.parametrize("service", each_service())
def test_every_service_is_held_in_bounds(service: dict[str, Any]) -> None:
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["cap_drop"] == ["ALL"]
    assert not {"cap_add", "privileged", "container_name"} & set(service)
    assert service["mem_limit"]
    assert service["pids_limit"]
    assert service["logging"]["options"]["max-size"]


def test_every_service_that_stays_has_a_health_check_starts_again_and_has_time_to_end() -> None:
    assert set(SERVICES) == {"app", "worker", "mongo", "rabbitmq", ONCE}
    for name, service in SERVICES.items():
        if name != ONCE:
            assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
            assert service["restart"] == "unless-stopped"
            assert int(service["stop_grace_period"].removesuffix("s")) >= 15
    assert SERVICES[ONCE]["restart"] == "no"


@pytest.mark.parametrize("name", OURS)
def test_the_app_and_its_workers_wait_for_what_they_need(name: str) -> None:
    assert {other: how["condition"] for other, how in SERVICES[name]["depends_on"].items()} == {
        "mongo": "service_healthy",
        "mongo-setup": "service_completed_successfully",
        "rabbitmq": "service_healthy",
    }
    assert SERVICES[name]["read_only"] is True


def test_data_lies_in_named_volumes() -> None:
    places = {"app": ["data:/data"], "mongo": ["mongo:/data/db", "mongo_config:/data/configdb"]}
    places["rabbitmq"] = ["rabbitmq:/var/lib/rabbitmq"]
    for name, wanted in places.items():
        assert set(wanted) <= set(SERVICES[name]["volumes"])
    named = {volume.partition(":")[0] for volumes in places.values() for volume in volumes}
    assert set(COMPOSE["volumes"]) == named


def test_files_that_compose_mounts_exist_and_can_be_read_by_any_account() -> None:
    mounted = set(re.findall(r"- \./([^:\s]+):", TEXT))
    assert mounted
    for part in mounted:
        path = REPOSITORY / part
        assert path.exists(), part
        for file in [path, *path.rglob("*")]:
            assert file.stat().st_mode & 0o004, f"{file} cannot be read by the services' accounts"


def test_commands_of_the_app_and_the_worker_exist() -> None:
    from semblance_core.cli import _parser

    for words in (SERVICES["worker"]["command"], shlex.split(SERVICES["worker"]["healthcheck"]["test"][1])[:4]):
        assert words[:3] == ["python", "-m", "semblance_core"]
        assert _parser().parse_args(words[3:]).command
