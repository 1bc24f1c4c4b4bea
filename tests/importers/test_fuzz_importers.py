"""Whatever a file holds, an importer takes it or refuses it in Dutch: never a fault of the program."""

from pathlib import Path
from random import Random

import pytest
from hostile_files import read_hostile, spoil, targets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importers.source import load_source
from registry.errors import SourceRefusedError
from registry.intake.run import IMPORTERS

TARGETS = {one.title: one for one in targets()}
SETTINGS = {"suppress_health_check": [HealthCheck.function_scoped_fixture], "deadline": None}


def spoil_and_read(title: str, seed: int, folder: Path) -> None:
    target = TARGETS[title]
    read_hostile(target, spoil(target, target.seed, Random(seed)), folder)  # noqa: S311 - makes files, no secrets


@pytest.mark.parametrize("title", TARGETS)
def test_the_good_file_is_taken(title: str, tmp_path: Path) -> None:
    assert read_hostile(TARGETS[title], TARGETS[title].seed, tmp_path)


@pytest.mark.parametrize("title", TARGETS)
@settings(max_examples=6, **SETTINGS)
@given(seed=st.integers(0, 2**32))
def test_a_spoilt_file_is_taken_or_refused(title: str, tmp_path: Path, seed: int) -> None:
    spoil_and_read(title, seed, tmp_path)


@pytest.mark.proof
@pytest.mark.parametrize("title", TARGETS)
@settings(max_examples=2000, **SETTINGS)
@given(seed=st.integers(0, 2**32))
def test_thousands_of_spoilt_files_are_taken_or_refused(title: str, tmp_path: Path, seed: int) -> None:
    spoil_and_read(title, seed, tmp_path)


@pytest.mark.parametrize("title", [one for one in TARGETS if one.endswith(".csv")])
def test_a_file_without_its_headers_is_refused_without_a_word_of_its_rows(title: str, tmp_path: Path) -> None:
    """A row that was taken for headers would be repeated in a message, and so be kept with the run."""
    target = TARGETS[title]
    for row in target.seed.splitlines()[1:]:
        path = tmp_path / target.name
        path.write_bytes(row + b"\r\n" + row)
        with pytest.raises(SourceRefusedError) as refused:
            list(IMPORTERS[target.bron](path, source=load_source(target.bron)).batches)
        cells = {cell for cell in row.decode().split(";") if len(cell) > 8}
        assert not [cell for cell in cells if cell in str(refused.value)]
