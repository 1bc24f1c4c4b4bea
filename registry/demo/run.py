"""The whole way in one go: generate, import, judge, write the worklist, and set expected beside found."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

import polars as pl

from registry import clock
from registry.crypto import BsnCipher
from registry.demo.compare import PROPERTY_RULES, RULES, Found, compare
from registry.demo.field_work import play_field_work
from registry.demo.generate import make_municipality
from registry.demo.manifest import Manifest
from registry.demo.town import GEMEENTE
from registry.domain.value_lists import WONINGVOORRAAD_STATUSSEN
from registry.errors import UsageError
from registry.exports.notes import source_notes
from registry.exports.take_along import write_take_along
from registry.exports.worklist import write_worklist
from registry.intake.run import ImportRequest, run_import
from registry.keys import DEMO_KEYS, create_keys, open_cipher
from registry.ownership.tenure import read_tenure
from registry.privacy.purposes import decide_purpose, purpose_of
from registry.signals.run import run_evaluations
from registry.stock.composition import read_composition
from registry.store.engine import ReadConnection, Store, open_store
from registry.store.queries.meldingen import read_meldingen
from registry.store.queries.records import read_record_frames
from registry.store.queries.runs import last_run
from registry.store.queries.signals import read_signals
from registry.worklists.lists import make_worklist
from registry.worklists.opened import open_list
from registry.worklists.planning import WorklistFilters
from rules.catalogue import RULES as CATALOGUE
from rules.catalogue import find_rule
from rules.facts import RecordFrames
from rules.parameters import shipped_law

DATABASE_NAME: Final = "woonregister.db"
KEYS_NAME: Final = "woonregister.sleutels"
WORKLIST_NAME: Final = "werklijst.xlsx"

Show = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """What the demo made and found.

    Attributes:
        rows: expected beside found, for a table (``compare.compare``).
        worklist: the Excel file with the overcrowded dwellings, and ``worklist_rows`` dwellings in it.
    """

    manifest: Manifest
    rows: list[dict[str, str]]
    worklist: Path
    worklist_rows: int

    @property
    def as_expected(self) -> bool:
        """Whether every number and every object is what the manifest says."""
        return all(row["klopt"] == "ja" for row in self.rows)


def run_demo(
    folder: Path,
    *,
    woningen: int = 5400,
    seed: int = 606,
    peildatum: date | None = None,
    database_url: str | None = None,
    show: Show = lambda _text: None,
) -> DemoOutcome:
    """Fill ``folder`` with a synthetic municipality, its registry and its worklist.

    Args:
        folder: is made when it does not exist; what an earlier demo left in it is replaced.
        woningen: dwellings in the stock.
        seed: another number gives another municipality.
        peildatum: the day on which it is judged; null is today.
        database_url: an empty database; null makes ``woonregister.db`` in the folder anew.
        show: is told what is going on, in Dutch.

    Raises:
        UsageError: the size or the day is impossible, the folder holds other files, or the database is in use.
        ExportError: a file cannot be written.
        StoreError: the database failed.
    """
    show("de gemeente verzinnen")
    day = peildatum or clock.today()
    manifest = make_municipality(folder, woningen=woningen, seed=seed, peildatum=day)
    store = open_store(database_url or _new_database(folder))
    try:
        with store.read() as connection:
            if last_run(connection):
                raise UsageError(
                    "In deze database staat al iets. Een demo begint met een lege database: kies een andere."
                )
        uitval = _import_all(store, folder, manifest, show)
        _allow_zelfbewoning(store, day)
        show("toetsen")
        rules = [find_rule(rule) for rule in (*RULES, *PROPERTY_RULES) if rule in CATALOGUE]
        evaluations = run_evaluations(store, rules, shipped_law(), peildatum=day)
        show("de werklijst maken")
        with store.read() as connection:
            found = _found(connection, {result.regel: result.evaluatie_id for result in evaluations}, day, uitval)
            rows = _write_worklist(connection, folder / WORKLIST_NAME, day)
        show("een dag op pad")
        work = play_field_work(store, open_cipher(folder / KEYS_NAME), day)
        if work.lijst_morgen is not None:
            with store.read() as connection:
                opened = open_list(connection, work.lijst_morgen)
                write_take_along(folder, connection, opened, made_by="woonregister demo", made_at=clock.local_now())
    finally:
        store.close()
    return DemoOutcome(manifest, compare(manifest, found), folder / WORKLIST_NAME, rows)


def _allow_zelfbewoning(store: Store, day: date) -> None:
    """The municipality of the demo decided that registers may be matched to see whether buyers live there."""
    verwerking = purpose_of(find_rule("zelfbewoningsplicht"), day)
    if verwerking is None:
        return
    decide_purpose(
        store,
        verwerking,
        verwerking.bronnen_na_besluit,
        grondslag="verzonnen besluit van de demogemeente",
        auteur="woonregister demo",
        reden="om de regel te laten zien",
    )


def _new_database(folder: Path) -> str:
    """The address of a database of its own; the one of an earlier demo goes."""
    for suffix in ("", "-wal", "-shm"):
        (folder / f"{DATABASE_NAME}{suffix}").unlink(missing_ok=True)
    return f"sqlite:///{(folder / DATABASE_NAME).resolve()}"


def _import_all(store: Store, folder: Path, manifest: Manifest, show: Show) -> dict[str, int]:
    """Import every source through its importer; the number of rows set aside, per source."""
    if not (folder / KEYS_NAME).exists():
        create_keys(folder / KEYS_NAME, DEMO_KEYS)
    cipher: BsnCipher = open_cipher(folder / KEYS_NAME)
    uitval = {}
    for bron, name in manifest.bestanden.items():
        show(f"{name} inlezen")
        leverdatum = None if bron == "bag" else manifest.peildatum  # the extract says its own
        request = ImportRequest(bron, folder / name, leverdatum=leverdatum)
        uitval[bron] = run_import(store, request, cipher=cipher).uitval
    return uitval


def _found(connection: ReadConnection, evaluations: dict[str, int], day: date, uitval: dict[str, int]) -> Found:
    """What the registry holds, read back from it."""
    known = last_run(connection)
    present = pl.col("valid_until").is_null() | (pl.col("valid_until") > day)
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
    frames = read_record_frames(connection, peildatum=day, known=known)
    return Found(
        woningvoorraad=read_composition(connection, per=(), op=day, known=known).total,
        # People whose previous address lies elsewhere have stays there too, but none of those is in this municipality.
        inwoners=frames.bewoning.filter(begun & present, zekerheid="zeker")
        .filter(pl.col("adresseerbaar_object_id").str.starts_with(GEMEENTE))["persoon"]
        .n_unique(),
        uitkomsten={
            rule: dict(read_signals(connection, number).select("adresseerbaar_object_id", "uitkomst").iter_rows())
            for rule, number in evaluations.items()
        },
        uitval=uitval,
        eigendom=_tenures(connection, frames, known),
        aantallen={
            "overdrachten": frames.overdrachten.height,
            "woz_waarden": frames.woz_waarden.height,
            "vergunningen": frames.vergunningen.height,
            "bedingen": frames.bedingen.height,
            "ontheffingen": frames.ontheffingen.height,
            "meldingen": read_meldingen(connection, known=known, until=day).height,
        },
    )


def _tenures(connection: ReadConnection, frames: RecordFrames, known: int) -> dict[str, int]:
    """Dwellings of the stock per tenure."""
    stock = frames.adresseerbare_objecten.filter(
        pl.col("status").is_in(list(WONINGVOORRAAD_STATUSSEN)) & pl.col("gebruiksdoelen").list.contains("woonfunctie")
    )
    tenure = read_tenure(connection, op=frames.peildatum, known=known, objects=stock)
    return dict(tenure.group_by("eigendom").len().iter_rows())


def _write_worklist(connection: ReadConnection, path: Path, day: date) -> int:
    """The worklist of overcrowded dwellings; the number of rows."""
    filters = WorklistFilters(regels=("overbewoning",), uitkomsten=("signaal",))
    made = make_worklist(connection, filters=filters, peildatum=day)
    written = write_worklist(
        path,
        made.rows,
        filters=filters,
        sources=source_notes(made.sources),
        made_by="woonregister demo",
        made_at=clock.local_now(),
    )
    return written.rows
