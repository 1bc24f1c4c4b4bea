"""The file of the worst landlord of the demo: a case, its workbook, two letters in concept, and the bundle."""

from datetime import date
from pathlib import Path
from typing import Final

from registry import clock
from registry.cases.file import read_case_file
from registry.cases.fines import calculate_for
from registry.cases.kinds import Richting, StukSoort
from registry.cases.letters import Brief, LetterInput, letter_context
from registry.cases.register import Paper, add_paper, open_case
from registry.cases.subject import OBJECT, latest_signals, subject_of_case
from registry.exports.bundle import write_bundle
from registry.exports.dossier import DossierMaker, write_dossier
from registry.exports.letters import find_template, write_letter
from registry.exports.release import Release, record_release
from registry.ownership.portfolios import read_portfolios
from registry.privacy.access import AccessLog, Gebruiker, GebruikerSoort
from registry.signals.run import known_run
from registry.store.engine import ReadConnection, Store

DOSSIER_NAME: Final = "dossier.xlsx"
BUNDLE_NAME: Final = "bundel.zip"
_LETTERS: Final = {
    Brief.INFORMATIEBRIEF: StukSoort.INFORMATIEBRIEF,
    Brief.VOORAANKONDIGING: StukSoort.VOORAANKONDIGING,
}
_AUTHOR: Final = "demo"


def write_worst_landlord(store: Store, folder: Path, day: date) -> str | None:
    """Open a case about the owner with the most signals and write its file; the reference, or None without one.

    Args:
        store: the registry of the demo.
        folder: where the files go.
        day: the peildatum.

    Raises:
        ExportError: a file cannot be written.
        StoreError: the database failed.
    """
    with store.read() as connection:
        known = known_run(connection, None)
        owner, pairs = _worst(connection, day, known)
    if owner is None:
        return None
    with store.write_transaction() as connection:
        zaak = open_case(
            connection,
            aanleiding="de eigenaar met de meeste signalen in de verzonnen gemeente",
            author=_AUTHOR,
            moment=clock.now(),
            rechthebbende=owner,
            signals=pairs,
        )
    with store.read() as connection:
        subject = subject_of_case(connection, zaak, day=day, known=known)
        file = read_case_file(connection, subject, peildatum=day, known=known)
        calculation = calculate_for(connection, file)
    log = AccessLog(store)
    record_release(log, file, Release(Gebruiker(_AUTHOR, GebruikerSoort.SYSTEEM), "dossier, brieven en bundel", "demo"))
    for letter, soort in _LETTERS.items():
        path = folder / f"{letter}.docx"
        write_letter(path, find_template(letter), letter_context(letter, file, LetterInput(), calculation=calculation))
        paper = Paper(soort, Richting.INTERN, day, f"{soort.value} in concept", path.name, path.read_bytes())
        with store.write_transaction() as connection:
            add_paper(connection, zaak, paper, author=_AUTHOR, moment=clock.now())
    maker = DossierMaker("woonregister demo", clock.local_now())
    with store.read() as connection:
        file = read_case_file(connection, subject, peildatum=day, known=known)
        write_dossier(folder / DOSSIER_NAME, file, maker)
        write_bundle(connection, folder / BUNDLE_NAME, file, maker)
    return zaak


def _worst(connection: ReadConnection, day: date, known: int) -> tuple[str | None, list[tuple[str, str]]]:
    """The owner with the most signals, and those signals (receipt, dwelling)."""
    book = read_portfolios(connection, op=day, known=known)
    signals = latest_signals(connection).filter(uitkomst="signaal").select("bewijs", OBJECT)
    owned = signals.join(book.held.filter("certain").select("owner", OBJECT).unique(), on=OBJECT)
    if owned.is_empty():
        return None, []
    [owner] = owned.group_by("owner").len().sort("len", "owner", descending=[True, False])["owner"].head(1).to_list()
    return owner, list(owned.filter(owner=owner).select("bewijs", OBJECT).sort(OBJECT, "bewijs").iter_rows())
