"""What a delivery is held against: its expectations, the order of deliveries, and its references."""

from datetime import date
from typing import NamedTuple

import polars as pl

from importers.issues import ISSUE, Level
from importers.source import Source
from registry.errors import SourceRefusedError
from registry.store.engine import ReadConnection
from registry.store.queries.runs import PreviousStand
from registry.store.queries.versions import read_versions
from registry.store.tables import metadata


def refuse_older_stand(leverdatum: date, previous: PreviousStand | None) -> None:
    """An older complete delivery would undo a newer one.

    Raises:
        SourceRefusedError: the registry already holds a newer one.
    """
    if previous is not None and previous.leverdatum > leverdatum:
        raise SourceRefusedError(
            f"Deze levering is van {leverdatum:%d-%m-%Y}, maar de registratie bevat al de volledige levering van "
            f"{previous.leverdatum:%d-%m-%Y} ({previous.bestand}, run {previous.run_id}). Een oudere volledige "
            "levering wordt niet over een nieuwere heen gelezen."
        )


def refuse_implausible(
    source: Source, *, read: int, set_aside: int, previous: PreviousStand | None, may_be_empty: bool = False
) -> list[str]:
    """Hold the counts of a delivery against the expectations of its source; what is only odd comes back as a note.

    A day of mutations may be empty.

    Raises:
        SourceRefusedError: too few rows, or too many set aside.
    """
    expected = source.expectations
    if read < expected.min_rows and not may_be_empty:
        raise SourceRefusedError(
            f"De levering telt {read} rijen; van de bron {source.title} worden er ten minste "
            f"{expected.min_rows} verwacht. Controleer of het bestand volledig is."
        )
    share = expected.min_share_of_previous
    if share is not None and previous is not None and read < share * previous.gelezen:
        raise SourceRefusedError(
            f"De levering telt {read} rijen, de vorige volledige levering (run {previous.run_id}) {previous.gelezen}. "
            f"Minder dan {share:.0%} daarvan wordt niet ingelezen: controleer of het bestand volledig is. "
            "Is het een deel, geef dan --levering deel."
        )
    most = expected.max_set_aside_share
    if most is not None and set_aside > most * read:
        raise SourceRefusedError(
            f"Van de {read} rijen passen er {set_aside} niet; meer dan {most:.0%} wordt niet ingelezen. "
            "Met --proef is te zien wat er mis is."
        )
    if expected.max_rows is not None and read > expected.max_rows:
        return [f"De levering telt {read} rijen, meer dan de verwachte {expected.max_rows}."]
    return []


def without_known_defects(issues: pl.DataFrame, source: Source) -> pl.DataFrame:
    """The issues that need attention: a defect that the source is known for does not."""
    known = [
        (pl.col("code") == defect.code) & pl.col("text").str.contains(defect.contains, literal=True)
        for defect in source.known_defects
    ]
    return issues.filter(~pl.any_horizontal(known)) if known else issues


class _Reference(NamedTuple):
    """A column that holds the key of another table."""

    table: str
    column: str
    target: str
    noun: str


_REFERENCES = (
    _Reference("verblijfsobjecten", "pand_ids", "panden", "pand"),
    _Reference("verblijfsobjecten", "hoofdadres_id", "nummeraanduidingen", "hoofdadres"),
    _Reference("ligplaatsen", "hoofdadres_id", "nummeraanduidingen", "hoofdadres"),
    _Reference("standplaatsen", "hoofdadres_id", "nummeraanduidingen", "hoofdadres"),
    _Reference("nummeraanduidingen", "openbare_ruimte_id", "openbare_ruimten", "openbare ruimte"),
    _Reference("openbare_ruimten", "woonplaats_id", "woonplaatsen", "woonplaats"),
)


def missing_references(connection: ReadConnection, run_id: int) -> pl.DataFrame:
    """References of BAG objects that a run wrote to objects that were not delivered, as warnings (schema ``ISSUE``).

    A gemeente extract is not complete in itself: it refers to streets of its neighbours.
    """
    found = []
    for name, column, target_name, noun in _REFERENCES:
        table, target = metadata.tables[name], metadata.tables[target_name]
        key, target_key = table.info["key"][0], target.info["key"][0]
        written = table.c.recorded_run_id == run_id
        rows = read_versions(connection, table, (key, column, "source_file", "source_row"), known=run_id, where=written)
        if isinstance(rows.schema[column], pl.List):
            rows = rows.explode(column)
        targets = read_versions(connection, target, (target_key,), known=run_id).unique()
        missing = rows.filter(pl.col(column).is_not_null()).join(
            targets, left_on=column, right_on=target_key, how="anti"
        )
        found.append(
            missing.unique([key, column], maintain_order=True).select(
                level=pl.lit(Level.WAARSCHUWING.value),
                code=pl.lit("verwijzing_niet_geleverd"),
                text=pl.format(
                    "{} verwijst naar {} {}, die niet is geleverd. Het object is wel ingelezen.",
                    key, pl.lit(noun), column,
                ),
                source_file="source_file",
                source_row="source_row",
                column=pl.lit(column),
                original=pl.col(column),
                row=pl.lit(None, pl.String),
            )
        )  # fmt: skip
    return pl.concat(found).cast(ISSUE)


def refuse_unrepaired(issues: pl.DataFrame, *, repaired: int, wanted: int) -> None:
    """Refuse a run that was to bring set-aside rows in and did not bring in all of them.

    Raises:
        SourceRefusedError: one of them was set aside again.
    """
    if repaired < wanted:
        reasons = issues.filter(level=Level.UITVAL.value)["text"].head(1).to_list()
        raise SourceRefusedError(" ".join(["De rij kan nog niet worden ingelezen.", *reasons]))
