"""What is shipped works where nothing else is: the wheel, its requirements, an empty environment, an empty folder."""

import os
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import python_calamine

REPOSITORY = Path(__file__).resolve().parent.parent
# One worker builds the environment, and only once.
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("wheel")]
# An environment takes a minute; that nothing is missing from the requirements, tests/test_repository.py says each time.
in_empty_environment = pytest.mark.proof


def environment() -> dict[str, str]:
    """This environment without what would let the checkout leak into the installed program."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "VIRTUAL_ENV", "WOONREGISTER_"))
    }


def run(*command: object, folder: Path, seconds: int = 240) -> subprocess.CompletedProcess[str]:
    result = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds,
    )
    assert result.returncode in (0, 1), f"{command}: {result.stdout}\n{result.stderr}"
    return result


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = (sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, REPOSITORY)
    assert run(*command, folder=folder).returncode == 0
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def program(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The installed command, in an environment with the requirements and the wheel and nothing else."""
    folder = tmp_path_factory.mktemp("environment")
    assert run(sys.executable, "-m", "venv", folder / "venv", folder=folder).returncode == 0
    pip = (folder / "venv/bin/python", "-m", "pip", "install", "--quiet", "--no-compile", "--no-input")
    requirements = REPOSITORY / "requirements.txt"
    assert run(*pip, "--require-hashes", "-r", requirements, folder=folder).returncode == 0
    assert run(*pip, "--no-deps", wheel, folder=folder).returncode == 0
    return folder / "venv/bin/woonregister"


def test_the_wheel_holds_what_the_program_reads_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"registry", "importers", "rules"}
    expected = {
        path.relative_to(REPOSITORY).as_posix()
        for package in ("registry", "importers", "rules")
        for path in (REPOSITORY / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    migrations = {
        f"registry/store/migrations/{path.relative_to(REPOSITORY / 'alembic').as_posix()}"
        for path in (REPOSITORY / "alembic").rglob("*.py")
    }
    assert expected <= names
    assert migrations <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)


@in_empty_environment
def test_migrate_works_in_an_empty_folder(program: Path, tmp_path: Path) -> None:
    assert run(program, "migrate", folder=tmp_path).returncode == 0
    with sqlite3.connect(tmp_path / "woonregister.db") as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    connection.close()
    assert {"alembic_version", "runs", "verblijfsobjecten"} <= tables


@in_empty_environment
def test_the_demo_leaves_a_worklist_in_an_empty_folder(program: Path, tmp_path: Path) -> None:
    run(program, "demo", "--map", "uit", "--woningen", "60", folder=tmp_path)
    [worklist] = (tmp_path / "uit").glob("werklijst*.xlsx")
    sheets = python_calamine.CalamineWorkbook.from_path(worklist).sheet_names
    assert "Toelichting" in sheets


@in_empty_environment
def test_a_refusal_is_a_dutch_sentence_and_exit_code_2(program: Path, tmp_path: Path) -> None:
    (tmp_path / "leeg.zip").touch()
    command = [program, "import", "bag", "leeg.zip"]
    result = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False, timeout=60
    )
    assert result.returncode == 2
    assert "leeg.zip" in result.stderr
    assert "Traceback" not in result.stderr
