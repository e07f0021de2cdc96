"""The package as others install it: built from here, put into an empty environment elsewhere, and used as the README shows."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from tests.studies import REPOSITORY, process_environment
from tests.test_readme import blocks


def run(*command: str | Path, folder: Path, **settings: str | Path) -> subprocess.CompletedProcess[str]:
    environment = process_environment(settings)
    environment.pop("PYTHONPATH", None)
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_notebook_and_the_command_work_outside_the_checkout(tmp_path: Path) -> None:
    wheels, elsewhere = tmp_path / "wheels", tmp_path / "elsewhere"
    run(
        *(sys.executable, "-m", "uv", "build", "--wheel", "--quiet", "--offline", "--no-build-isolation"),
        *("--out-dir", wheels, REPOSITORY),
        folder=tmp_path,
    )
    (wheel,) = wheels.glob("semblance-*.whl")
    venv.create(elsewhere, symlinks=True)
    python = elsewhere / "bin" / "python"
    run(
        *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--offline", "--no-deps"),
        *("--python", python, wheel),
        folder=tmp_path,
    )
    # What it depends on comes from the tests' environment: nothing is downloaded in a test.
    (site,) = (elsewhere / "lib").glob("python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    where = run(python, "-c", "import semblance_core; print(semblance_core.__file__)", folder=tmp_path).stdout
    assert where.startswith(str(site))

    (notebook,) = blocks("python")
    settings = {"SEMBLANCE_DATA_DIR": tmp_path / "data", "SEMBLANCE_SIMULATOR_DELAY_S": "0"}
    assert "simulated" in run(python, "-c", notebook, folder=tmp_path, **settings).stdout
    assert (tmp_path / "out" / "report.md").is_file()
    assert "usage: semblance " in run(elsewhere / "bin" / "semblance", "--help", folder=tmp_path).stdout


def test_what_pip_and_the_image_install_is_what_the_lock_says() -> None:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    run("tools/lock.sh", "--check", "--offline", folder=REPOSITORY, PATH=path)
