"""The review list: set-aside rows whose address a person must decide, what was decided, and how that is taken back.

A decision is about an address form of one source. It is stored with its author, used for every later row with the same
form that no rule links, and never removed: another decision or a revocation supersedes it.
"""

import csv
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from importers.corrections import MASK
from importers.headers import UITVAL
from importers.records.field import address_columns
from registry import clock
from registry.crypto import BsnCipher
from registry.errors import UsageError
from registry.intake.address_decisions import BESLUIT, BESLUITEN, TYPED, address_form
from registry.intake.corrections import open_row
from registry.intake.run import ImportRequest, run_import
from registry.store.engine import ReadConnection, Store, WriteConnection
from registry.store.queries.adressen import read_adressen
from registry.store.queries.review import (
    read_besluiten,
    read_open,
    record_besluit,
    reopen_decided,
    supersede_besluit,
    supersede_decided_rows,
)
from registry.store.queries.runs import NewRun, finish_run, get_run, last_run, start_run

INVOER = "invoer.csv"
"""The name under which rows come in after a decision."""

# Sources whose rows come only as part of a whole delivery: a decision about them counts from the next one on.
_ONLY_WHOLE = ("brk",)
_REVOKED = "adres_herroepen"
_ADDRESS = {name: column.dtype for name, column in address_columns().items()}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a decision did: its number, the run, and how many set-aside rows came in."""

    besluit_id: int
    run_id: int
    rijen: int


@dataclass(frozen=True, slots=True)
class Revoked:
    """What a revocation did: the run, rows that hold no longer, and rows that wait for a decision again."""

    run_id: int
    vervallen: int
    heropend: int


def list_open(connection: ReadConnection, *, bron: str | None = None) -> pl.DataFrame:
    """The rows that wait for a person's choice, oldest first.

    Returns:
        issue_id, run_id, bron, bestand, leverdatum, source_file, source_row, adresvorm, adres, reden, kandidaten (List
        of texts, 'id: adres (status, periode)') and besluit: the object that was chosen already, for a row that comes
        in with the next delivery. A row that was delivered more than once is listed once.
    """
    rows = read_open(connection, bron=bron).drop("row")
    kept = pl.col("kandidaten").str.json_decode(pl.Struct({"kandidaten": pl.List(pl.String)}))
    rows = rows.with_columns(kandidaten=kept.struct.field("kandidaten").fill_null([]))
    taken = list_decisions(connection, bron=bron).select("bron", "adresvorm", besluit="adresseerbaar_object_id")
    rows = rows.unique(["bron", "source_file", "source_row", "adresvorm"], keep="last", maintain_order=True)
    return rows.join(taken, on=["bron", "adresvorm"], how="left", maintain_order="left")


def list_decisions(connection: ReadConnection, *, bron: str | None = None) -> pl.DataFrame:
    """The decisions that hold now (schema ``address_decisions.BESLUITEN``)."""
    return read_besluiten(connection, BESLUITEN, bron=bron)


def choose(
    store: Store,
    issue_id: int,
    adresseerbaar_object_id: str,
    *,
    author: str,
    reason: str,
    cipher: BsnCipher,
    keep_names: bool = False,
    indeling: Path | None = None,
) -> Chosen:
    """Decide which object an address means; the waiting rows with that address come in, as a run of their own.

    Args:
        store: the registry.
        issue_id: number of a row of ``list_open``.
        adresseerbaar_object_id: any object that the BAG knows on the day of the row, candidate or not.
        author: who decides.
        reason: why.
        cipher: makes pseudonyms and encrypts BSNs.
        keep_names: whether the municipality keeps the names of residents.
        indeling: the column names of the file from which the row came, when it has its own.

    Raises:
        UsageError: there is no such waiting row, or no such object.
        SourceRefusedError: a row cannot come in yet; the decision is then not kept.
        StoreError: the database failed.
    """
    _require(author, "wie het besluit neemt")
    _require(reason, "de reden")
    with store.read() as connection:
        waiting = read_open(connection)
        chosen = waiting.filter(issue_id=issue_id)
        if chosen.is_empty():
            raise UsageError(
                f"Rij {issue_id} wacht niet op een keuze. 'woonregister review lijst' geeft de rijen die dat wel doen."
            )
        row = chosen.row(0, named=True)
        known = read_adressen(connection, known=last_run(connection), only=adresseerbaar_object_id)
    if known.is_empty():
        raise UsageError(f"Het object {adresseerbaar_object_id} komt in de geleverde BAG niet voor.")
    decided: list[int] = []

    def decide(connection: WriteConnection, run_id: int) -> int:
        decided[:] = [_record(connection, run_id, row, adresseerbaar_object_id, author=author, reason=reason)]
        return rows.height

    if row["bron"] in _ONLY_WHOLE:
        rows = waiting.clear()
        with store.write_transaction() as connection:
            run_id = _start(connection, row["bron"], "besluit")
            decide(connection, run_id)
            _finish(connection, run_id, row, f"Besluit over '{row['adres']}' door {author}: {reason}")
        return Chosen(decided[0], run_id, 0)
    same = (pl.col("bron") == row["bron"]) & (pl.col("adresvorm") == row["adresvorm"])
    rows = _alike(waiting.filter(same), issue_id, cipher)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / INVOER
        _write_masked(path, rows)
        result = run_import(
            store,
            ImportRequest(row["bron"], path, levering="deel", indeling=indeling),
            cipher=cipher,
            keep_names=keep_names,
            decide=decide,
        )
    return Chosen(decided[0], result.run_id, result.hersteld)


def revoke(store: Store, besluit_id: int, *, author: str, reason: str) -> Revoked:
    """Take a decision back: the rows that it linked hold no longer, and wait for a choice again.

    Raises:
        UsageError: there is no such decision, or it does not hold any more.
        StoreError: the database failed.
    """
    _require(author, "wie herroept")
    _require(reason, "de reden")
    with store.write_transaction() as connection:
        found = list_decisions(connection).filter(besluit_id=besluit_id)
        if found.is_empty():
            raise UsageError(
                f"Besluit {besluit_id} geldt niet (meer). 'woonregister review lijst --besluiten' geeft de besluiten."
            )
        besluit = found.row(0, named=True)
        bron, form = besluit["bron"], besluit["adresvorm"]
        run_id = _start(connection, bron, f"besluit {besluit_id} herroepen")
        supersede_besluit(connection, besluit_id, run_id)
        lapsed = supersede_decided_rows(
            connection,
            run_id,
            bron=bron,
            level=BESLUIT,
            adresseerbaar_object_id=besluit["adresseerbaar_object_id"],
            columns=_ADDRESS,
            which=_has_form(form),
        )
        text = f"Het besluit over dit adres is herroepen: {reason}. Kies opnieuw of verbeter het adres."
        reopened = reopen_decided(
            connection, run_id, bron=bron, adresvorm=form, code=f"adres_{BESLUIT}", new_code=_REVOKED, text=text
        )
        origin = get_run(connection, besluit["recorded_run_id"])
        _finish(
            connection,
            run_id,
            {"leverdatum": None} | origin,
            f"Besluit {besluit_id} over '{besluit['adres']}' herroepen door {author}: {reason}",
            uitval=reopened,
        )
    return Revoked(run_id, lapsed, reopened)


def _has_form(form: str) -> pl.Expr:
    """Whether a stored row has an address form; its ids are those of the link, so of an address by id only no more."""
    if form.startswith("id|"):
        return pl.all_horizontal(pl.col(name).is_null() for name in TYPED)
    return address_form() == form


def _require(text: str, what: str) -> None:
    if not text.strip():
        raise UsageError(f"Vermeld {what}: een besluit zonder is later niet te verantwoorden.")


def _record(
    connection: WriteConnection, run_id: int, row: Mapping[str, Any], object_id: str, *, author: str, reason: str
) -> int:
    return record_besluit(
        connection,
        run_id,
        bron=row["bron"],
        adresvorm=row["adresvorm"],
        adres=row["adres"],
        adresseerbaar_object_id=object_id,
        auteur=author,
        reden=reason,
        besloten_op=clock.now(),
    )


def _start(connection: WriteConnection, bron: str, what: str) -> int:
    new = NewRun(
        bron=bron, bestand=what, levering="deel", sha256=None, software=version("woonregister"), gestart=clock.now()
    )
    return start_run(connection, new)


def _finish(connection: WriteConnection, run_id: int, origin: Mapping[str, Any], note: str, *, uitval: int = 0) -> None:
    leverdatum = origin["leverdatum"]
    if isinstance(leverdatum, str):
        leverdatum = pl.Series([leverdatum]).str.to_date()[0]
    values = {"leverdatum": leverdatum, "uitval": uitval, "toelichting": note}
    finish_run(connection, run_id, status="gelukt", klaar=clock.now(), values=values)


def _alike(waiting: pl.DataFrame, issue_id: int, cipher: BsnCipher) -> pl.DataFrame:
    """The waiting rows that can come in with the chosen one in one file: those with the same columns."""
    texts = [open_row(text, cipher) for text in waiting["row"].to_list()]
    kept = waiting.with_columns(row=pl.Series(texts, dtype=pl.String))
    headers = {number: tuple(json.loads(text or "{}")) for number, text in kept.select("issue_id", "row").iter_rows()}
    return kept.filter(pl.col("issue_id").is_in([n for n, names in headers.items() if names == headers[issue_id]]))


def _write_masked(path: Path, rows: pl.DataFrame) -> None:
    """The rows as a corrected export of which every cell stands for what was kept: nothing of them is on disk."""
    kept = [(number, json.loads(text)) for number, text in rows.select("issue_id", "row").iter_rows()]
    names = list(kept[0][1])
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow([UITVAL, *names])
        for number, values in kept:
            writer.writerow([number, *("" if values[name] in (None, "") else MASK for name in names)])
