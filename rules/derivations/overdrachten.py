"""Every fact of a transfer of a dwelling, one row per transfer and day on which it may have been inscribed."""

from collections.abc import Callable, Sequence
from datetime import date

import polars as pl

from rules.derivations.dagen import possible_days
from rules.derivations.eigenaren import (
    CASE,
    MOMENT,
    acquirers,
    contradictory_ownership,
    kind_of_acquirers,
    owners_before,
)
from rules.derivations.gebruikers import own_residence, people_of
from rules.derivations.inspecties import newest_count
from rules.derivations.objecten import has_woonfunctie, places
from rules.derivations.relaties import relations_of
from rules.derivations.staat import derived_state
from rules.derivations.vaststellingen import OBJECT, established, established_between
from rules.derivations.vergunningen import covering_permit, pending_request, permits_of, permitted_days
from rules.derivations.woz import woz_on
from rules.fact_list import TRANSFER_FACTS, complete
from rules.frames import RecordFrames

_NO = pl.lit(value=False)
# Facts of the deed, the dwelling and its value: known before anybody is looked up.
DEED_FACTS = frozenset(
    {
        "gemeente", "peildatum", "woonfunctie", "inschrijving", "inschrijving_dag", "inschrijving_eerste",
        "inschrijving_laatste", "aard", "koopovereenkomst", "opgevolgd", "opgevolgd_op", "gebieden", "gebieden_bekend",
        "woz_laag", "woz_hoog", "woz_waardepeildatum", "woz_bezwaar", "woz_tegenstrijdig", "bestaand", "bewoond_sinds",
        "alleen_woonfunctie", "eigendom_tegenstrijdig",
    }
)  # fmt: skip
# Of a table of facts, the rows of which more has to be known.
Matters = Callable[[pl.DataFrame], pl.Series]


def derive_overdracht_facts(
    frames: RecordFrames, law_days: Sequence[date] = (), matters: Matters | None = None
) -> pl.DataFrame:
    """Every transfer of a dwelling that exists on the peildatum, sorted by its key.

    A transfer of which the day is known gives one row; one of which only the year or the month is known gives a row
    for each day on which its facts or the law may differ.

    Args:
        frames: what is known.
        law_days: days on which the law changes.
        matters: which rows of facts about deed and dwelling ask for more; the facts about people (and permits) of
            other dwellings stay null. None = all do.
    """
    cases = _cases(frames)
    worlds = _worlds(cases, frames, law_days).join(cases.select(CASE, OBJECT), on=CASE).with_row_index(MOMENT)
    table = worlds.join(cases.drop(OBJECT), on=CASE).with_columns(**_of_deed(frames))
    worth = woz_on(_known(frames.woz_waarden, "woz", frames), worlds.select(OBJECT, "dag"))
    table = table.join(worth, on=[OBJECT, "dag"], how="left")
    for part in (_succession(cases, worlds, frames.peildatum), _existing(worlds, frames)):
        table = table.join(part, on=MOMENT, how="left")
    if matters is not None:
        # With every transfer of the same dwelling: one tells who owned it before another.
        asked = table.filter(matters(complete(table, TRANSFER_FACTS, CASE))).select(OBJECT).unique()
        cases, worlds = (part.join(asked, on=OBJECT, how="semi") for part in (cases, worlds))
    table = _with_people(table, cases, worlds, frames)
    return (
        complete(table, TRANSFER_FACTS, CASE, OBJECT, "overdracht")
        .drop(CASE)
        .rename({"overdracht": CASE})
        .select(CASE, OBJECT, *TRANSFER_FACTS)
        .sort(CASE, "inschrijving_dag", nulls_last=False)
    )


def _with_people(table: pl.DataFrame, cases: pl.DataFrame, worlds: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """Who bought, sold, lives and lived there, and the permits, of some of the cases."""
    people = people_of(cases, frames)
    for part in (people, kind_of_acquirers(cases, frames), _counts(cases, frames)):
        table = table.join(part, on=CASE, how="left")
    for part in (
        _state(cases, worlds, frames),
        own_residence(cases, worlds, frames),
        *_permits(cases, worlds, people, frames),
    ):
        table = table.join(part, on=MOMENT, how="left")
    return table.with_columns(**_settled(frames))


def _known(frame: pl.DataFrame, bron: str, frames: RecordFrames) -> pl.DataFrame:
    """The rows of a source that was imported; none of one that was not."""
    return frame if bron in frames.bronnen else frame.clear()


def _cases(frames: RecordFrames) -> pl.DataFrame:
    """The transfers, named by a number: joins on numbers take less than half the time of joins on text."""
    transfers = _known(frames.overdrachten, "brk", frames)
    objects = frames.adresseerbare_objecten.join(transfers, on=OBJECT, how="semi").select(
        OBJECT,
        "gemeente",
        woonfunctie=has_woonfunctie(),
        alleen_woonfunctie=pl.col("gebruiksdoelen").list.unique().list.len() <= 1,
        gebieden=places(known="gebieden" in frames.bronnen),
    )
    if "bag" not in frames.bronnen:
        unknown = pl.lit(None, dtype=pl.Boolean)
        objects = objects.with_columns(woonfunctie=unknown, alleen_woonfunctie=unknown)
    objects = objects.with_columns(
        gebieden_bekend=pl.lit("gebieden" in frames.bronnen), peildatum=pl.lit(frames.peildatum)
    )
    cases = (
        transfers.rename({"staat": "staat_bron", "inschrijving_eerste": "eerste", "inschrijving_laatste": "laatste"})
        .join(objects, on=OBJECT)
        .with_row_index(CASE)
    )
    return _with_purchase(cases, frames)


def _with_purchase(cases: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """An established date of purchase belongs to the first transfer that may have been inscribed on or after it."""
    said = established(frames.vaststellingen, "koopovereenkomst", frames.peildatum)
    bought = said.select(OBJECT, gekocht=pl.col("waarde").str.to_date("%Y-%m-%d", strict=False)).drop_nulls()
    own = cases.join(bought, on=OBJECT).filter(pl.col("laatste") >= pl.col("gekocht"))
    first = own.filter(pl.col("laatste") == pl.col("laatste").min().over(OBJECT)).select(CASE, "gekocht")
    joined = cases.join(first, on=CASE, how="left")
    return joined.with_columns(koopovereenkomst=pl.coalesce("gekocht", "koopovereenkomst")).drop("gekocht")


def _worlds(cases: pl.DataFrame, frames: RecordFrames, law_days: Sequence[date]) -> pl.DataFrame:
    vague = cases.filter(pl.col("eerste") != pl.col("laatste")).select(CASE, OBJECT)
    dated: list[pl.DataFrame] = []
    if not vague.is_empty():
        for frame, columns in (
            (frames.bewoning, ("valid_from", "valid_until")),
            (frames.woz_waarden, ("ingangsdatum",)),
            (frames.vergunningen, ("valid_from", "valid_until", "aangevraagd_op")),
            (frames.inspecties, ("datum",)),
            (frames.overdrachten, ("inschrijving_eerste", "inschrijving_laatste")),
            (frames.eigendom, ("valid_from_eerste", "valid_until_laatste")),
            (frames.vaststellingen, ("valid_from", "valid_until")),
        ):
            own = frame.join(vague, on=OBJECT)
            dated += [own.select(CASE, dag=column) for column in columns]
        first_use = established(frames.vaststellingen, "bewoond_sinds", frames.peildatum).join(vague, on=OBJECT)
        dated.append(first_use.select(CASE, dag=pl.col("waarde").str.to_date("%Y-%m-%d", strict=False)))
    none = cases.select(CASE, dag="eerste").clear()
    events = pl.concat([none, *dated]).drop_nulls().unique()
    return possible_days(cases, CASE, events, law_days, frames.peildatum)


def _counts(cases: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """The newest count of people by an inspector."""
    counted = newest_count(_known(frames.inspecties, "inspecties", frames), frames.peildatum)
    found = cases.select(CASE, OBJECT).join(counted, on=OBJECT, how="left")
    geteld = (
        pl.col("inspectie_datum").is_not_null() if "inspecties" in frames.bronnen else pl.lit(None, dtype=pl.Boolean)
    )
    return found.select(CASE, "inspectie_datum", "inspectie_personen", geteld=geteld)


def _succession(cases: pl.DataFrame, worlds: pl.DataFrame, peildatum: date) -> pl.DataFrame:
    """Whether a later delivery closed the case: ``opgevolgd`` (null = may be), ``opgevolgd_op``."""
    next_one = cases.select(OBJECT, volgende=CASE, van="eerste", tot="laatste", soort="aard")
    delivery = pl.col("soort") == "levering"
    never = ~delivery | (pl.col("tot") < pl.col("dag")) | (pl.col("van") > pl.lit(peildatum))
    pairs = (
        worlds.join(next_one, on=OBJECT)
        .filter(pl.col("volgende") != pl.col(CASE))
        .filter(~never.fill_null(value=False))
    )
    pairs = pairs.join(_same_deed(cases, pairs), on=[MOMENT, "volgende"], how="anti")
    sure = (delivery & (pl.col("van") > pl.col("dag")) & (pl.col("tot") <= pl.lit(peildatum))).fill_null(value=False)
    found = pairs.group_by(MOMENT).agg(zeker=sure.any(), opgevolgd_op=pl.col("tot").filter(sure).min())
    return (
        worlds.select(MOMENT)
        .join(found, on=MOMENT, how="left")
        .select(
            MOMENT,
            "opgevolgd_op",
            opgevolgd=pl.when(pl.col("zeker")).then(pl.lit(value=True)).when(pl.col("zeker").is_null()).then(_NO),
        )
    )


def _same_deed(cases: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs (``moment``, ``volgende``) of one day and the same acquirers: a deed that was inscribed twice."""
    gained = cases.select(CASE, wie=pl.col("verkrijgers").list.sort())
    return (
        pairs.filter(pl.col("van") == pl.col("dag"), pl.col("tot") == pl.col("dag"))
        .join(gained, on=CASE)
        .join(gained.rename({CASE: "volgende", "wie": "ander"}), on="volgende")
        .filter(pl.col("wie") == pl.col("ander"))
        .select(MOMENT, "volgende")
    )


def _state(cases: pl.DataFrame, worlds: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    moments = worlds.drop_nulls("dag")
    said = established_between(frames.vaststellingen, "staat_bij_overdracht", moments)
    table = worlds.join(said, on=[OBJECT, "dag"], how="left", nulls_equal=True).join(
        cases.select(CASE, "staat_bron"), on=CASE
    )
    if "brp" in frames.bronnen:
        permits = permits_of(frames.vergunningen, "opkoopbescherming")
        sellers = owners_before(cases, moments, frames.eigendom)
        living = sellers.get_column("persoon")
        related = (
            relations_of(frames.relaties, living)
            .filter(pl.col("relatie") != "geen")
            .select("persoon", "andere_persoon")
        )
        derived = derived_state(
            moments,
            frames.bewoning,
            sellers,
            acquirers(cases),
            related=related.unique(),
            permitted=permitted_days(moments, permits) if "vergunningen" in frames.bronnen else None,
        )
        table = table.join(derived, on=MOMENT, how="left")
    else:
        table = table.with_columns(staat=pl.lit(None, dtype=pl.String))
    vast = pl.col("vast").fill_null(value=False)
    return table.select(
        MOMENT,
        staat_bij_overdracht=pl.when(vast).then("waarde").otherwise(pl.coalesce("staat_bron", "staat")),
        staat_herkomst=pl.when(vast)
        .then(pl.lit("vaststelling"))
        .when(pl.col("staat_bron").is_not_null())
        .then(pl.lit("akte"))
        .when(pl.col("staat").is_not_null())
        .then(pl.lit("BRP")),
    )


def _existing(worlds: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """Whether the dwelling was lived in before the transfer; without any sign of the contrary it was."""
    said = established(frames.vaststellingen, "bewoond_sinds", frames.peildatum)
    table = worlds.join(said.with_columns(vast=pl.lit(value=True)), on=OBJECT, how="left").with_columns(
        bewoond_sinds=pl.col("waarde").str.to_date("%Y-%m-%d", strict=False)
    )
    return table.select(
        MOMENT,
        "bewoond_sinds",
        bestaand=pl.when(pl.col("vast")).then(pl.col("bewoond_sinds") < pl.col("dag")).otherwise(pl.lit(value=True)),
    )


def _permits(
    cases: pl.DataFrame, worlds: pl.DataFrame, people: pl.DataFrame, frames: RecordFrames
) -> tuple[pl.DataFrame, ...]:
    permits = permits_of(_known(frames.vergunningen, "vergunningen", frames), "opkoopbescherming")
    # A permit names its transfer as the source does.
    permits = permits.join(cases.select("overdracht", zaak=CASE), on="overdracht", how="left")
    if "familie_bewezen" not in people.columns:
        people = people.with_columns(familie_bewezen=pl.lit(None, dtype=pl.Boolean))
    described = worlds.join(people.select(CASE, "familie_bewezen"), on=CASE, how="left")
    return (
        covering_permit(described, permits, frames.peildatum),
        pending_request(worlds, permits, frames.peildatum),
    )


def _of_deed(frames: RecordFrames) -> dict[str, pl.Expr]:
    wrong = contradictory_ownership(frames.eigendom, frames.peildatum).get_column(OBJECT)
    return {
        "inschrijving_dag": pl.col("dag"),
        "inschrijving_eerste": pl.col("eerste"),
        "inschrijving_laatste": pl.col("laatste"),
        "eigendom_tegenstrijdig": pl.col(OBJECT).is_in(wrong.implode()),
    }


def _settled(frames: RecordFrames) -> dict[str, pl.Expr]:
    known = "vergunningen" in frames.bronnen
    return {
        "vergunning_dekt": pl.col("vergunning_dekt").fill_null(value=False) if known else pl.lit(None, pl.Boolean),
        "aanvraag": pl.col("aanvraag").fill_null(value=False) if known else pl.lit(None, pl.Boolean),
    }
