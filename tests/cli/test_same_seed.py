"""The command twice, with one seed and two data folders."""

from pathlib import Path

from tests.cli.test_cli import read, shell


def test_the_same_seed_gives_the_same_session_in_another_data_folder(folder: Path) -> None:
    runs = []
    for name in ("one", "two"):
        done = shell(
            folder,
            {"SEMBLANCE_DATA_DIR": str(folder / name), "SEMBLANCE_SIMULATOR_DELAY_S": "0"},
            *("run", "--brief", "brief.txt", "--size", "4", "--guide", "guide.md", "--turns", "14", "--seed", "7"),
            *("--out", f"{name}.out"),
        )
        assert done.returncode == 0, done.stderr
        messages, themes, _, _ = read(folder / f"{name}.out")
        said = [(each["seq"], each["role"], each["speaker"], each["text"]) for each in messages]
        runs.append((said, [(each["name"], each["summary"]) for each in themes]))
    assert runs[0] == runs[1]
    assert len(runs[0][0]) >= 10
