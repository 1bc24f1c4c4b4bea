"""Who lives where and when: bewoning out of persoonslijsten and verblijven, by the rules of the Bewoning API.

The twelve rules are those of the BRP programme (BRP-API/Haal-Centraal-BRP-bewoning), explained in ``docs/bewoning.md``
together with the choices made where they are silent. The derivation is set-based: every verblijf becomes one row of
day numbers, and a verblijf gives at most three pieces:

    possible_from ... certain_from ======== certain_until ... possible_until
           mogelijk              zeker                mogelijk

Within one persoonslijst the order of the file counts (``volgnummer``, descending), not the dates. Days are counted
as Polars does (days since 1970-01-01, Int32); an unknown bound is ``_NEVER`` or ``_FOREVER``.
"""

from datetime import date
from typing import Final

import polars as pl

from importers.partial_dates import first_day, last_day
from registry.intake.occupancy_spans import cut_overlap, merge_neighbours

BEWONING: Final = pl.Schema(
    {
        "persoonslijst": pl.String(),
        "adresseerbaar_object_id": pl.String(),
        "valid_from": pl.Date(),  # null = since always
        "valid_until": pl.Date(),  # exclusive; null = still
        "zekerheid": pl.String(),  # zeker | mogelijk
        "in_onderzoek": pl.Boolean(),
        "volgnummer": pl.Int64(),  # the verblijf it came from; of merged ones the most recent
    }
)

_NEVER: Final = -10_000_000
_FOREVER: Final = 10_000_000
_RNI: Final = "1999"
_NO_ID: Final = "0" * 16
_NEVER_ANYWHERE: Final = ("F", "W")
_NOT_LIVING_THERE: Final = "9999"
# The whole category, group 10 (adreshouding) and 11 (adres), or one of the two elements that bewoning rests on.
_ON_BEWONING: Final = ("0000", "1000", "1030", "1100", "1180", _NOT_LIVING_THERE)


def derive_bewoning(persoonslijsten: pl.DataFrame, verblijven: pl.DataFrame, *, op: date | None = None) -> pl.DataFrame:
    """The periods in which each person is a certain or a possible bewoner of an adresseerbaar object.

    A verblijf whose persoonslijst is not in ``persoonslijsten`` counts as not suspended.

    Args:
        persoonslijsten: rows with the schema of ``importers.records.PERSOONSLIJSTEN``.
        verblijven: rows with the schema of ``importers.records.VERBLIJVEN``, every verblijf of each person.
        op: keep only the periods that hold this day (bounds stay as they are).

    Returns:
        A frame ``BEWONING``: per person and object no overlap, equal neighbours merged, sorted on persoonslijst,
        object and valid_from.
    """
    rows = _end_at_opschorting(_with_ends(_with_starts(_in_file_order(verblijven))), persoonslijsten)
    pieces = merge_neighbours(cut_overlap(_pieces(_with_onderzoek(rows))))
    bewoning = pieces.select(
        "persoonslijst",
        "adresseerbaar_object_id",
        _as_date("from").alias("valid_from"),
        _as_date("until").alias("valid_until"),
        pl.when("zeker").then(pl.lit("zeker")).otherwise(pl.lit("mogelijk")).alias("zekerheid"),
        "in_onderzoek",
        "volgnummer",
    )
    return bewoning if op is None else bewoning.filter(_holds(op))


def count_bewoners(bewoning: pl.DataFrame, op: date) -> pl.DataFrame:
    """Persons per adresseerbaar object on one day.

    Returns:
        ``adresseerbaar_object_id``, ``minimum`` (certain bewoners) and ``maximum`` (possible ones too), sorted;
        objects without anyone are absent.
    """
    person = pl.col("persoonslijst")
    return (
        bewoning.filter(_holds(op))
        .group_by("adresseerbaar_object_id")
        .agg(
            person.filter(pl.col("zekerheid") == "zeker").n_unique().cast(pl.Int64).alias("minimum"),
            person.n_unique().cast(pl.Int64).alias("maximum"),
        )
        .sort("adresseerbaar_object_id")
    )


def _holds(op: date) -> pl.Expr:
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= op)
    return begun & (pl.col("valid_until").is_null() | (pl.col("valid_until") > op))


def _as_date(day: str) -> pl.Expr:
    known = (pl.col(day) > _NEVER) & (pl.col(day) < _FOREVER)
    return pl.when(known).then(pl.col(day)).cast(pl.Date)


def _first(text: str) -> pl.Expr:
    return first_day(pl.col(text)).cast(pl.Int32).fill_null(_NEVER)


def _last(text: str) -> pl.Expr:
    return last_day(pl.col(text)).cast(pl.Int32).fill_null(_FOREVER)


def _day_after(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """From when a date has certainly come: the day itself when it is known, else the day after its uncertainty."""
    return pl.when(first == last).then(first).when(last >= _FOREVER).then(_FOREVER).otherwise(last + 1)


def _in_file_order(verblijven: pl.DataFrame) -> pl.DataFrame:
    """Rules 1, 3 and 9: the rows that are right, oldest first, each with its dates as first and last possible day."""
    abroad = pl.col("datum_aanvang_buitenland").is_not_null()
    object_id = pl.col("adresseerbaar_object_id")
    inhabits = (pl.col("functie_adres") == "W") & (object_id != _NO_ID)
    inhabits = inhabits & pl.col("gemeente_van_inschrijving").ne_missing(_RNI) & ~abroad
    by_event = pl.col("aangifte_adreshouding").is_in(["T", "W"]) & ~abroad
    text = pl.coalesce("datum_aanvang_buitenland", "datum_aanvang_adreshouding")
    return (
        verblijven.filter(pl.col("indicatie_onjuist").is_null())
        .sort("persoonslijst", "volgnummer", descending=[False, True])
        .select(
            "persoonslijst",
            "volgnummer",
            pl.when(inhabits).then(object_id).alias("object"),
            abroad.alias("abroad"),
            text.alias("aanvang"),
            "onderzoek_aanduiding",
            "onderzoek_van",
            "onderzoek_tot",
            pl.when(by_event).then("ingangsdatum_geldigheid").alias("event"),
        )
        .with_columns(
            _first("aanvang").alias("aanvang_first"),
            _last("aanvang").alias("aanvang_last"),
            # An entirely unknown 85.10 tells nothing of the event: then the start of the adreshouding (10.30) counts.
            first_day(pl.col("event")).cast(pl.Int32).alias("event_first"),
            last_day(pl.col("event")).cast(pl.Int32).alias("event_last"),
        )
    )


def _previous(column: str) -> pl.Expr:
    """The value in the row before, null in the first row of a persoonslijst."""
    same_person = pl.col("persoonslijst") == pl.col("persoonslijst").shift()
    return pl.when(same_person).then(pl.col(column).shift())


def _with_starts(rows: pl.DataFrame) -> pl.DataFrame:
    """Rules 2, 4 and 11: ``start_*``, when the row begins, and ``moved_*``, when it ended the row before it.

    Both differ from the start of the adreshouding after an event (aangifte T or W). A row of the same adreshouding as
    the one before ended that one on the day of the event; a row of another one, when that adreshouding began.
    """
    first, last = pl.col("aanvang_first"), pl.col("aanvang_last")
    continues = pl.col("event_first").is_not_null() & (_previous("abroad") == pl.lit(value=False))
    continues = continues & pl.col("aanvang").eq_missing(_previous("aanvang"))
    same_object = (pl.col("object") == _previous("object")).fill_null(value=False)
    rows = rows.with_columns(
        continues.fill_null(value=False).alias("continues"),
        same_object.alias("same_object"),
        pl.max_horizontal("aanvang_first", "event_first").alias("start_first"),
        pl.max_horizontal("aanvang_last", "event_last").alias("start_last"),
    ).with_columns(
        pl.when("continues").then("event_first").otherwise(first).alias("moved_first"),
        pl.when("continues").then("event_last").otherwise(last).alias("moved_last"),
    )
    # Two rows in a row at one object: on the uncertain days between them the person lives there by either of them, so
    # the move is put on the first of these days on which the earlier row holds for certain.
    uncertain = pl.col("same_object") & (pl.col("moved_first") != pl.col("moved_last"))
    held = pl.max_horizontal("moved_first", _previous("start_last") + 1)
    joint = pl.when(uncertain).then(pl.min_horizontal(held, pl.col("moved_last") + 1)).clip(_NEVER, _FOREVER)
    # Ids were not added to a row of an object that the row before it names already.
    as_moved = pl.col("same_object") & ~pl.col("continues")
    start_first = pl.when(as_moved).then("moved_first").otherwise("start_first")
    start_last = pl.when(as_moved).then("moved_last").otherwise("start_last")
    rows = rows.with_columns(joint.alias("joint"), start_first.alias("start_first"), start_last.alias("start_last"))
    lower = _day_after_start(_previous("start_first"), _previous("start_last"))
    return rows.with_columns(
        pl.coalesce("joint", "moved_first").alias("moved_first"),
        pl.coalesce("joint", "moved_last").alias("moved_last"),
        ((pl.col("start_first") == pl.col("start_last")) & pl.col("joint").is_null()).alias("day_known"),
        pl.coalesce("joint", _day_after(pl.col("start_first"), pl.col("start_last"))).alias("certain_from"),
        lower.fill_null(_NEVER).alias("lower"),
    ).with_columns(_possible_from().alias("possible_from"))


def _day_after_start(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Rule 4: the first possible day after a previous start: the next day if that is known, else its first day."""
    return pl.when(first == last).then(first + 1).otherwise(first)


def _possible_from() -> pl.Expr:
    exact = pl.col("day_known") | pl.col("joint").is_not_null()
    possible = pl.min_horizontal(pl.max_horizontal("start_first", "lower"), "certain_from")
    return pl.when(exact).then("certain_from").otherwise(possible)


def _with_ends(rows: pl.DataFrame) -> pl.DataFrame:
    """Rules 2, 5 and 6: ``certain_until`` and ``possible_until`` from the starts of all later rows."""
    gone = _day_after(pl.col("moved_first"), pl.col("moved_last"))
    last_row = pl.col("persoonslijst") != pl.col("persoonslijst").shift(-1)
    last_row = last_row.fill_null(value=True)
    # Nobody is still in a row when any later one has certainly begun; for known dates in order that is the next start.
    return (
        rows.with_columns(gone.alias("gone"), last_row.alias("last_row"))
        .with_columns(pl.col("gone").cum_min(reverse=True).over("persoonslijst").alias("gone"))
        .with_columns(
            *(
                pl.when("last_row").then(_FOREVER).otherwise(pl.col(column).shift(-1)).alias(alias)
                for column, alias in (("moved_first", "next_first"), ("gone", "possible_until"))
            ),
            (pl.col("same_object") & pl.col("continues")).shift(-1, fill_value=False).alias("goes_on"),
        )
        .with_columns(pl.col("next_first").alias("certain_until"))
    )


def _end_at_opschorting(rows: pl.DataFrame, persoonslijsten: pl.DataFrame) -> pl.DataFrame:
    """Rule 7, and after it the last part of rule 5: a fully known first day is certain if it is a day at all."""
    reason, day = pl.col("reden_opschorting"), pl.col("datum_opschorting")
    suspended = persoonslijsten.filter(reason.is_not_null() | day.is_not_null()).select(
        "persoonslijst",
        reason.is_in(_NEVER_ANYWHERE).fill_null(value=False).alias("never"),
        _first("datum_opschorting").alias("opschorting_first"),
        _last("datum_opschorting").alias("opschorting_last"),
    )
    # Who moved house within the Netherlands had not been suspended yet: this bounds an incomplete date from below.
    living = rows.filter(~pl.col("abroad")).group_by("persoonslijst").agg(pl.col("start_first").last().alias("alive"))
    suspended = suspended.join(living, on="persoonslijst", how="left").with_columns(
        pl.when(pl.col("alive") <= pl.col("opschorting_last"))
        .then(pl.max_horizontal("opschorting_first", "alive"))
        .otherwise("opschorting_first")
        .alias("opschorting_first"),
        _day_after(pl.col("opschorting_first"), pl.col("opschorting_last")).alias("opschorting_past"),
    )
    first_certain_day = pl.when(pl.col("day_known") & (pl.col("possible_until") > pl.col("certain_from"))).then(
        pl.col("certain_from") + 1
    )
    return (
        rows.filter(pl.col("object").is_not_null())
        .join(suspended, on="persoonslijst", how="left", maintain_order="left")
        .filter(pl.col("never").ne_missing(other=True))
        .with_columns(
            pl.min_horizontal("certain_until", "opschorting_first").alias("certain_until"),
            pl.min_horizontal("possible_until", "opschorting_past").alias("possible_until"),
        )
        .with_columns(pl.max_horizontal("certain_until", first_certain_day).alias("certain_until"))
    )


def _with_onderzoek(rows: pl.DataFrame) -> pl.DataFrame:
    """Rules 8 and 12: who was found not to live at the address, and what is under open investigation."""
    code = pl.col("onderzoek_aanduiding").str.slice(2)
    ended = pl.col("onderzoek_tot").is_not_null()
    absent = (code == _NOT_LIVING_THERE).fill_null(value=False)
    in_time = pl.col("last_row") | pl.col("goes_on") | (_last("onderzoek_tot") < pl.col("next_first"))
    doubted = absent & ~(ended & in_time)
    past = _day_after(_first("onderzoek_van"), _last("onderzoek_van"))
    return rows.with_columns(
        pl.when(doubted).then(_first("onderzoek_van")).alias("doubt_from"),
        pl.when(absent & ~ended).then(past).alias("absent_from"),
        (code.is_in(_ON_BEWONING).fill_null(value=False) & ~ended).alias("in_onderzoek"),
    ).with_columns(
        pl.min_horizontal("certain_until", "doubt_from").alias("certain_until"),
        pl.min_horizontal("possible_until", "absent_from").alias("possible_until"),
    )


def _pieces(rows: pl.DataFrame) -> pl.DataFrame:
    """The up to three non-empty pieces of every row: ``from``, ``until`` (days) and ``zeker``."""
    until = pl.col("possible_until")
    certain_from = pl.min_horizontal("certain_from", until)
    certain_until = pl.min_horizontal(pl.max_horizontal("certain_until", certain_from), until)
    certain = certain_from < certain_until
    spans = (
        (pl.col("possible_from"), pl.when(certain).then(certain_from).otherwise(until), False),
        (certain_from, certain_until, True),
        (pl.when(certain).then(certain_until).otherwise(until), until, False),
    )
    return pl.concat(
        rows.select(
            "persoonslijst",
            pl.col("object").alias("adresseerbaar_object_id"),
            begin.alias("from"),
            end.alias("until"),
            pl.lit(zeker).alias("zeker"),
            "in_onderzoek",
            "volgnummer",
        ).filter(pl.col("from") < pl.col("until"))
        for begin, end, zeker in spans
    ).sort("persoonslijst", "adresseerbaar_object_id", "from", "until", "volgnummer")
