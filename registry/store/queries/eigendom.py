"""Who owned which dwelling when, by which transfer, and what kind of person that is: the frames of ownership."""

from datetime import date

import polars as pl
import sqlalchemy as sa

from registry.store.engine import ReadConnection, read_frame
from registry.store.history import known_at
from registry.store.queries.eigendom_periods import of_dwelling, of_one_dwelling, partial_days, read_dated_rights
from registry.store.queries.spans import Only, is_in_frame, is_of
from registry.store.queries.versions import read_versions
from registry.store.tables import registers
from registry.store.tables.runs import runs
from rules import frames

OWNER_RIGHTS = ("eigenaar", "erfpachter", "opstalhouder", "erfpachter_opstalhouder")
_OBJECT, _DWELLING = "kadastraal_object", "adresseerbaar_object_id"

# A right on a dwelling as EIGENDOM has it, with what tenure and portfolios need besides.
RIGHTS = pl.Schema(
    {_DWELLING: pl.String(), _OBJECT: pl.String(), "rechthebbende": pl.String()}
    | {name: dtype for name, dtype in frames.EIGENDOM.items() if name != _DWELLING}
    | {"vlaggen": pl.List(pl.String())}  # of the object
)
HOLDERS = pl.Schema(
    {"rechthebbende": pl.String()}
    | dict(frames.PERSONEN)
    | {
        "bsn_hash": pl.String(),
        "statutaire_naam": pl.String(),
        "naam": pl.String(),
        "naam_sleutel": pl.String(),
        "adres_sleutel": pl.String(),
        "vlaggen": pl.List(pl.String()),
    }
)


def eigendom_of(rights: pl.DataFrame) -> pl.DataFrame:
    """Rights (schema ``RIGHTS``) as rules see them (schema ``frames.EIGENDOM``)."""
    return rights.select(list(frames.EIGENDOM)).unique().sort(_DWELLING, "valid_from_eerste", "persoon", "aard_recht")


def read_rights(
    connection: ReadConnection, *, known: int, only: Only | None = None, persons: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The rights on every dwelling, or only on one, once per kadastraal object (schema ``RIGHTS``).

    ``persons`` is what ``find_persoonslijsten`` gives, for who read it already.
    """
    links = _wanted(_links(connection, known=known, only=only), only)
    rights = read_dated_rights(connection, known=known, only=only)
    if persons is None:
        persons = find_persoonslijsten(connection, known=known, only=only)
    share = pl.col("aandeel_teller") / pl.col("aandeel_noemer")
    return (
        links.join(rights, on=_OBJECT)
        .join(persons, on="rechthebbende", how="left")
        .with_columns(aandeel=share, persoon=pl.coalesce("persoon", "rechthebbende"))
        .select(RIGHTS.names())
        .cast(RIGHTS)
        .sort(_DWELLING, _OBJECT, "valid_from_eerste", "rechthebbende", "aard_recht")
    )


def read_personen(
    connection: ReadConnection, rights: pl.DataFrame, *, peildatum: date, known: int, only: Only | None = None
) -> pl.DataFrame:
    """Every rechthebbende as a person on a day (schema ``frames.PERSONEN``), or only who holds one of ``rights``."""
    holders = read_holders(connection, peildatum=peildatum, known=known, only=only)
    if only is not None:
        holders = holders.join(rights.select("rechthebbende").unique(), on="rechthebbende", how="semi")
    # A person may have been delivered under more than one key: what one of them says, all say.
    told = [pl.col(name).drop_nulls().first() for name in frames.PERSONEN if name != "persoon"]
    return holders.group_by("persoon").agg(told).select(list(frames.PERSONEN)).sort("persoon")


def read_holders(
    connection: ReadConnection,
    *,
    peildatum: date,
    known: int,
    only: Only | None = None,
    persons: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Every rechthebbende, with whether he was a corporatie on the day (schema ``HOLDERS``).

    ``only`` limits it to who ever held a right on an object of one dwelling; ``persons`` is what
    ``find_persoonslijsten`` gives, for who asked already.
    """
    columns = (
        "rechthebbende", "type", "rsin", "kvk", "bsn_hash", "statutaire_naam", "naam", "rechtsvorm_code",
        "naam_sleutel", "adres_sleutel", "vlaggen",
    )  # fmt: skip
    where = None if only is None else registers.rechthebbenden.c.rechthebbende.in_(_holders_of(only))
    rows = read_versions(connection, registers.rechthebbenden, columns, known=known, where=where)
    if persons is None:
        persons = find_persoonslijsten(connection, known=known, only=only)
    natural = pl.col("type") == "natuurlijk_persoon"
    form = pl.col("rechtsvorm_code")
    return (
        rows.join(persons, on="rechthebbende", how="left")
        .with_columns(
            persoon=pl.coalesce("persoon", "rechthebbende"),
            corporatie=_is_corporatie(connection, peildatum=peildatum, known=known),
            vve=pl.when(natural).then(pl.lit(False)).otherwise(form == "21"),
        )
        .select(HOLDERS.names())
        .cast(HOLDERS)
        .sort("rechthebbende")
    )


def read_bewoners(connection: ReadConnection, *, op: date, known: int, only: Only | None = None) -> pl.DataFrame:
    """Who lives where on a day: adresseerbaar_object_id, persoon, zekerheid."""
    bewoning = registers.bewoning
    where = None if only is None else is_of(bewoning.c[_DWELLING], only)
    columns = (_DWELLING, "persoonslijst", "zekerheid")
    return read_versions(connection, bewoning, columns, known=known, on=op, where=where).rename(
        {"persoonslijst": "persoon"}
    )


def _is_corporatie(connection: ReadConnection, *, peildatum: date, known: int) -> pl.Expr:
    """Whether a rechthebbende is on the list of a day, by number; null where that cannot be told."""
    was_imported = sa.select(sa.func.count()).where(
        runs.c.bron == "corporaties", runs.c.status == "gelukt", runs.c.run_id <= known
    )
    if not connection.execute(was_imported).scalar():
        return pl.lit(None, pl.Boolean)
    table = registers.corporaties
    listed = read_versions(
        connection, table, ("rsin", "kvk"), known=known,
        where=sa.and_(
            sa.or_(table.c.valid_from.is_(None), table.c.valid_from <= peildatum),
            sa.or_(table.c.valid_until.is_(None), table.c.valid_until > peildatum),
            table.c.gone_since_run_id.is_(None),
        ),
    )  # fmt: skip
    matches = [
        pl.col(name).is_in(listed[name].drop_nulls().to_list()).fill_null(value=False) for name in ("rsin", "kvk")
    ]
    # Not being on the list tells only something when the list gives the number for every corporatie.
    comparable = [pl.col(name).is_not_null() & pl.lit(listed[name].null_count() == 0) for name in ("rsin", "kvk")]
    return (
        pl.when(pl.any_horizontal(matches))
        .then(pl.lit(True))
        .when((pl.col("type") == "natuurlijk_persoon") | pl.any_horizontal(comparable))
        .then(pl.lit(False))
    )


def read_overdrachten(connection: ReadConnection, *, known: int, only: Only | None = None) -> pl.DataFrame:
    """The transfers of every dwelling, or only of one (schema ``frames.OVERDRACHTEN``).

    Transfers of the bare ground (of a leasehold, or under apartments) are no transfer of the dwelling. One deed for a
    dwelling that has more than one kadastraal object is one transfer.
    """
    columns = ("overdracht", _OBJECT, "inschrijving", "aard", "koopovereenkomst", "stukdeel", "stuk", "vlaggen")
    where = of_dwelling(registers.overdrachten, only)
    rows = read_versions(connection, registers.overdrachten, columns, known=known, where=where)
    acquired = _acquired(connection, known=known, only=only)
    links = _links(connection, known=known, only=only)
    credible = ~pl.col("vlaggen").list.contains("in_de_toekomst")
    part = pl.coalesce("stukdeel", "stuk", pl.concat_str("inschrijving", "aard", ignore_nulls=True))
    joined = (
        rows.join(acquired, on="overdracht")
        .join(links.drop("vlaggen"), on=_OBJECT)
        .with_columns(pl.when(credible).then("inschrijving").alias("inschrijving"), part=part)
        .sort("overdracht", _DWELLING)
    )
    dwellings = pl.col(_DWELLING).n_unique().over("overdracht")
    joined = joined.with_columns(
        pl.when(dwellings > 1)
        .then(pl.concat_str("overdracht", _DWELLING, separator="/"))
        .otherwise("overdracht")
        .alias("overdracht")
    )
    joined = _wanted(joined, only)
    known_part = joined.filter(pl.col("part").is_not_null())
    merged = known_part.group_by(_DWELLING, "part", maintain_order=True).agg(
        pl.col("overdracht").first(),
        *(pl.col(name).drop_nulls().first() for name in ("inschrijving", "aard", "koopovereenkomst")),
        pl.col("verkrijgers").explode().unique().sort(),
    )
    apart = joined.filter(pl.col("part").is_null()).select(merged.columns)
    first, last = partial_days("inschrijving")
    return (
        pl.concat([merged, apart])
        .with_columns(inschrijving_eerste=first, inschrijving_laatste=last, staat=pl.lit(None, pl.String))
        .select(list(frames.OVERDRACHTEN))
        .cast(frames.OVERDRACHTEN)
        .sort("overdracht")
    )


def _acquired(connection: ReadConnection, *, known: int, only: Only | None) -> pl.DataFrame:
    """Per transfer the persons who acquired a right of ownership by it: overdracht, verkrijgers."""
    table = registers.tenaamstellingen
    columns = (_OBJECT, "overdracht", "rechthebbende", "aard_recht")
    rows = read_versions(connection, table, columns, known=known, where=of_dwelling(table, only))
    leased = rows.filter(pl.col("aard_recht").is_in(OWNER_RIGHTS[1:])).select(_OBJECT).unique()
    bare = pl.col("aard_recht") == "eigenaar"
    return (
        rows.filter(pl.col("overdracht").is_not_null() & pl.col("aard_recht").is_in(OWNER_RIGHTS))
        .join(leased.with_columns(leased=pl.lit(True)), on=_OBJECT, how="left")
        .filter(~(bare & pl.col("leased").fill_null(value=False)))
        .join(find_persoonslijsten(connection, known=known, only=only), on="rechthebbende", how="left")
        .group_by("overdracht")
        .agg(verkrijgers=pl.coalesce("persoon", "rechthebbende").unique().sort())
    )


def _wanted(rows: pl.DataFrame, only: Only | None) -> pl.DataFrame:
    return rows if only is None else rows.filter(is_in_frame(pl.col(_DWELLING), only))


def _links(connection: ReadConnection, *, known: int, only: Only | None) -> pl.DataFrame:
    """Which kadastraal object holds which dwelling, with the flags of the object; also the neighbours in one object.

    A parcel whose right was divided into apartment rights holds none: who owns a flat owns an apartment right.
    """
    objecten = registers.kadastrale_objecten
    links = _read_links(connection, known=known, only=only)
    objects = read_versions(
        connection,
        objecten,
        (_OBJECT, "adressen", "gesplitst_zakelijk_recht", "vlaggen"),
        known=known,
        where=of_dwelling(objecten, only),
    )
    still = pl.col("adressen").is_null() | pl.col("adressen").list.contains(pl.col("adres_sleutel"))
    return (
        links.filter(pl.col(_DWELLING).is_not_null())
        .join(objects, on=_OBJECT)
        .filter(still & pl.col("gesplitst_zakelijk_recht").is_null())
        .select(_OBJECT, _DWELLING, "vlaggen")
        .unique([_OBJECT, _DWELLING], maintain_order=True)
    )


def _read_links(connection: ReadConnection, *, known: int, only: Only | None) -> pl.DataFrame:
    table, columns = registers.kadastrale_adressen, (_OBJECT, "adres_sleutel", _DWELLING)
    if only is None:
        return read_versions(connection, table, columns, known=known)
    # Asked apart: only what is believed now has an index by kadastraal object, and of the rest there is little.
    replaced = table.c.superseded_run_id
    parts = [
        sa.select(*(table.c[name] for name in columns)).where(
            table.c.recorded_run_id <= known, of_one_dwelling(table, only), when
        )
        for when in (replaced.is_(None), replaced > known)
    ]
    question = sa.select(sa.union_all(*parts).subquery())
    return read_frame(connection, question, dict.fromkeys(columns, pl.String()))


def _holders_of(dwelling: Only) -> sa.Select[tuple[str]]:
    """The keys of who ever held a right on an object of a dwelling."""
    table = registers.tenaamstellingen
    return sa.select(table.c.rechthebbende).where(of_one_dwelling(table, dwelling))


def find_persoonslijsten(connection: ReadConnection, *, known: int, only: Only | None) -> pl.DataFrame:
    """The persoonslijst of each rechthebbende (of one dwelling) whom the BRP knows: rechthebbende, persoon."""
    rechthebbenden, persoonslijsten = registers.rechthebbenden, registers.persoonslijsten
    query = (
        sa.select(rechthebbenden.c.rechthebbende, sa.func.min(persoonslijsten.c.persoonslijst))
        .join(persoonslijsten, persoonslijsten.c.bsn_hash == rechthebbenden.c.bsn_hash)
        .where(known_at(rechthebbenden, known), known_at(persoonslijsten, known))
        .group_by(rechthebbenden.c.rechthebbende)
    )
    if only is not None:
        query = query.where(rechthebbenden.c.rechthebbende.in_(_holders_of(only)))
    return read_frame(connection, query, {"rechthebbende": pl.String(), "persoon": pl.String()})
