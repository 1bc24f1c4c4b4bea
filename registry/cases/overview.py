"""The sheet Overzicht: one row per dwelling with what the registers say of it, and from which import that came."""

from datetime import date

import polars as pl

from registry.cases.subject import OBJECT, Subject
from registry.ownership.tenure import read_tenure
from registry.store.engine import ReadConnection
from registry.store.queries.adressen import adresregel, read_adressen
from registry.store.queries.case_facts import read_case_values
from registry.store.queries.eigendom import read_bewoners, read_holders
from registry.store.queries.records import read_objecten
from registry.store.queries.stock import read_area_names
from rules.catalogue import find_rule

_URGENCIES = ("hoog", "midden", "laag")


def read_overview(
    connection: ReadConnection,
    subject: Subject,
    lines: pl.DataFrame,
    *,
    visits: pl.DataFrame,
    runs: pl.DataFrame,
    peildatum: date,
    known: int,
    with_names: bool,
) -> pl.DataFrame:
    """One row per dwelling, in the order of the subject (keys of the sheet Overzicht).

    Args:
        connection: where to read.
        subject: what the file is about.
        lines: schema ``case_facts.LINES`` of its dwellings.
        visits: their inspections, latest first.
        runs: schema ``case_facts.RUNS``.
        peildatum: the day.
        known: a run number.
        with_names: whether names of natural persons may be shown.
    """
    wanted = pl.DataFrame({OBJECT: list(subject.objects)}, schema={OBJECT: pl.String()})
    only = subject.objects[0] if len(subject.objects) == 1 else None
    objects = read_objecten(connection, peildatum=peildatum, known=known, only=only)
    tenure = read_tenure(connection, op=peildatum, known=known, objects=wanted)
    last_brk = runs.filter(bron="brk")["run_id"].max()
    parts = (
        read_adres(connection, wanted, peildatum=peildatum, known=known),
        objects.select(OBJECT, "status", "oppervlakte", "gemeente", pl.col("gebruiksdoelen").list.join(", ")),
        read_area_names(connection, op=peildatum, known=known),
        _residents(read_bewoners(connection, op=peildatum, known=known, only=only)),
        _owners(connection, tenure, peildatum=peildatum, known=known, with_names=with_names),
        _value(connection, subject, peildatum=peildatum, known=known),
        _permits(lines),
        summarise_signals(subject.signals),
        _visits(visits),
        _run_of(lines, "BAG", "run_bag", peildatum),
        _run_of(lines, "bewoning", "run_brp", peildatum),
    )
    rows = wanted
    for part in parts:
        rows = rows.join(part, on=OBJECT, how="left", maintain_order="left")
    registered = pl.col("bewoners_min", "bewoners_max")
    imported = "brp" in runs["bron"].to_list()
    return rows.with_columns(
        registered.fill_null(0) if imported else registered,
        pl.col("signalen_aantal").fill_null(0),
        zaak=pl.lit(None if subject.zaak is None else subject.zaak["zaak"], pl.String),
        run_brk=pl.lit(last_brk, pl.Int64),
    )


def read_adres(connection: ReadConnection, wanted: pl.DataFrame, *, peildatum: date, known: int) -> pl.DataFrame:
    """The address of each dwelling on a day: adresseerbaar_object_id, adres, postcode, woonplaats."""
    only = wanted[OBJECT][0] if wanted.height == 1 else None
    adressen = read_adressen(connection, known=known, on=peildatum, only=only).filter("is_hoofdadres")
    return (
        adressen.select(OBJECT, "postcode", "woonplaats", adres=adresregel())
        .unique(OBJECT, keep="first", maintain_order=True)
        .join(wanted.select(OBJECT), on=OBJECT, how="semi")
    )


def summarise_signals(signals: pl.DataFrame) -> pl.DataFrame:
    """Per dwelling: how many signals, of which rules, with which outcomes, and what is unknown."""
    outcome = pl.format("{}: {}", _words("regel"), _words("uitkomst"))
    unknown = _needed(signals)
    ranked = [pl.when((pl.col("urgentie") == one).any()).then(pl.lit(one)) for one in _URGENCIES]
    summary = (
        signals.with_columns(outcome=outcome, needed=unknown)
        .group_by(OBJECT, maintain_order=True)
        .agg(
            signalen_aantal=(pl.col("uitkomst") == "signaal").sum(),
            regels=_words("regel").unique(maintain_order=True).str.join(", "),
            uitkomsten=pl.col("outcome").unique(maintain_order=True).str.join("; "),
            urgentie=pl.coalesce(*ranked),
            onbekend=pl.col("needed").drop_nulls().unique(maintain_order=True).str.join("; "),
            termijn_tot=pl.col("tot").min(),
        )
    )
    return summary.with_columns(pl.when(pl.col("onbekend") != "").then("onbekend").alias("onbekend"))


def _needed(signals: pl.DataFrame) -> pl.Series:
    """What each outcome still needs, in Dutch; null when nothing."""
    told = {}
    for regel in signals["regel"].unique().to_list():
        told[regel] = find_rule(regel).needed
    texts = [
        "; ".join(told[regel].get(name, name) for name in names or ()) or None
        for regel, names in signals.select("regel", "onbekende_feiten").iter_rows()
    ]
    return pl.Series("onbekend", texts, dtype=pl.String)


def with_needed(signals: pl.DataFrame) -> pl.DataFrame:
    """The signals with a column ``onbekend``: what each still needs, in Dutch."""
    return signals.with_columns(_needed(signals))


def _words(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all("_", " ", literal=True)


def _residents(bewoners: pl.DataFrame) -> pl.DataFrame:
    certain = pl.col("persoon").filter(pl.col("zekerheid") == "zeker").n_unique()
    return bewoners.group_by(OBJECT).agg(
        bewoners_min=certain.cast(pl.Int64), bewoners_max=pl.col("persoon").n_unique().cast(pl.Int64)
    )


def _owners(
    connection: ReadConnection, tenure: pl.DataFrame, *, peildatum: date, known: int, with_names: bool
) -> pl.DataFrame:
    """Per dwelling the tenure, how many own it, and their names as far as they may be shown."""
    holders = read_holders(connection, peildatum=peildatum, known=known)
    name = pl.coalesce("statutaire_naam", "naam") if with_names else pl.col("statutaire_naam")
    named = holders.select("rechthebbende", naam=name)
    owners = tenure.select(OBJECT, rechthebbende="eigenaren").explode("rechthebbende").join(named, on="rechthebbende")
    names = owners.group_by(OBJECT).agg(eigenaar=pl.col("naam").drop_nulls().sort().str.join("; "))
    return tenure.select(
        OBJECT, _words("eigendom"), eigenaren_aantal=pl.col("eigenaren").list.len().cast(pl.Int64)
    ).join(names.with_columns(pl.when(pl.col("eigenaar") != "").then("eigenaar")), on=OBJECT, how="left")


def _value(connection: ReadConnection, subject: Subject, *, peildatum: date, known: int) -> pl.DataFrame:
    """The value that counts on the day: latest waardepeildatum, then latest ingangsdatum, annulled ones skipped."""
    values = read_case_values(connection, subject.objects, known=known)
    counting = values.filter(~pl.col("vernietigd"), pl.col("ingangsdatum") <= peildatum)
    latest = counting.sort("waardepeildatum", "ingangsdatum").unique(OBJECT, keep="last", maintain_order=True)
    return latest.select(OBJECT, woz_waarde="waarde", woz_peildatum="waardepeildatum", run_woz="run_id")


def _permits(lines: pl.DataFrame) -> pl.DataFrame:
    return (
        lines.filter(soort="vergunning")
        .group_by(OBJECT, maintain_order=True)
        .agg(vergunningen=pl.col("omschrijving").str.join("; "))
    )


def _visits(visits: pl.DataFrame) -> pl.DataFrame:
    latest = visits.unique(OBJECT, keep="first", maintain_order=True)
    return latest.select(OBJECT, inspectie_op="datum", inspectie_resultaat=_words("resultaat"))


def _run_of(lines: pl.DataFrame, soort: str, name: str, peildatum: date) -> pl.DataFrame:
    """The run of the last line of a kind that had begun on the day."""
    begun = lines.filter(pl.col("soort") == soort, pl.col("datum").is_null() | (pl.col("datum") <= peildatum))
    return begun.unique(OBJECT, keep="last", maintain_order=True).select(OBJECT, pl.col("run_id").alias(name))
