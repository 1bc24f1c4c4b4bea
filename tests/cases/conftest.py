"""The small municipality of ``case_town``, made once for all tests that only read it."""

from collections.abc import Iterator

import pytest
from case_town import PEILDATUM, Town, make_town

from registry.cases.file import CaseFile, read_case_file
from registry.cases.subject import subject_of_case
from registry.signals.run import known_run


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A registry with one case; do not write to it."""
    made = make_town(tmp_path_factory.mktemp("zaak"))
    yield made
    made.store.close()


@pytest.fixture(scope="session")
def case_file(town: Town) -> CaseFile:
    """The file of that case."""
    with town.store.read() as connection:
        known = known_run(connection, None)
        subject = subject_of_case(connection, town.zaak, day=PEILDATUM, known=known)
        return read_case_file(connection, subject, peildatum=PEILDATUM, known=known)
