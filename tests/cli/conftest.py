"""The command line as a user runs it, in a folder with a small registry."""

import shutil
import sys
from pathlib import Path

import pytest
from small_registry import DATABASE, KEYS, PEILDATUM, Answer, Cli, Municipality, fill

from registry.cli import main
from registry.demo.generate import make_municipality


@pytest.fixture(scope="session")
def municipality(tmp_path_factory: pytest.TempPathFactory) -> Municipality:
    """Its files, made once."""
    folder = tmp_path_factory.mktemp("gemeente")
    return Municipality(folder, make_municipality(folder, woningen=60, peildatum=PEILDATUM))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, municipality: Municipality, sqlite_template: Path) -> Path:
    """A folder with a registry that holds everything of the municipality, to copy."""
    folder = tmp_path_factory.mktemp("gevuld")
    shutil.copyfile(sqlite_template, folder / DATABASE)
    fill(f"sqlite:///{folder / DATABASE}", folder / KEYS, municipality, *municipality.manifest.bestanden)
    return folder


@pytest.fixture
def here(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder of a user: a filled registry of SQLite, and its keys."""
    shutil.copyfile(filled / DATABASE, tmp_path / DATABASE)
    shutil.copyfile(filled / KEYS, tmp_path / KEYS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def cli(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Run a command, in this process."""

    def run(*arguments: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["woonregister", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main()
        said = capsys.readouterr()
        return Answer(int(left.value.code or 0), said.out, said.err)

    return run
