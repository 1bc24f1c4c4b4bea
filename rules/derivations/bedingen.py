"""Every fact of a clause in a deed, one row per clause and day on which its term may have begun."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from rules.derivations.aanwezigen import present_people
from rules.derivations.bewoning import stays_of
from rules.derivations.dagen import possible_days
from rules.derivations.relaties import family_of, relations_of, strangers_of
from rules.derivations.vaststellingen import OBJECT, established_flag
from rules.fact_list import CLAUSE_FACTS, complete
from rules.frames import RecordFrames

CLAUSE = "beding_id"
_WORLD = [CLAUSE, "dag"]


def derive_beding_facts(frames: RecordFrames, law_days: Sequence[date] = ()) -> pl.DataFrame:
    """Every clause about a dwelling that exists on the peildatum, sorted by its key.

    Args:
        frames: what is known.
        law_days: days on which the law changes.
    """
    cases = _with_start(_cases(frames), frames)
    worlds = possible_days(
        cases.select(CLAUSE, "eerste", "laatste"), CLAUSE, _events(cases, frames), law_days, frames.peildatum
    )
    table = worlds.join(cases, on=CLAUSE)
    for part in (_residents(cases, frames), _exemptions(cases, frames)):
        table = table.join(part, on=CLAUSE, how="left")
    table = table.join(_transfers(table, frames), on=_WORLD, how="left", nulls_equal=True)
    table = table.join(_breaks(table, frames), on=_WORLD, how="left", nulls_equal=True)
    table = table.with_columns(
        beding_soort=pl.col("soort"),
        aanvang_dag=pl.col("dag"),
        debiteur_bekend=pl.col("debiteur").is_not_null(),
        ontheffing=pl.col("ontheffing").fill_null(value=False),
    )
    return complete(table, CLAUSE_FACTS, CLAUSE, OBJECT).sort(CLAUSE, "aanvang_dag", nulls_last=False)


def _cases(frames: RecordFrames) -> pl.DataFrame:
    known = "bedingen" in frames.bronnen
    objects = frames.adresseerbare_objecten.select(OBJECT, "gemeente")
    clauses = frames.bedingen if known else frames.bedingen.clear()
    return clauses.rename({"beding": CLAUSE}).join(objects, on=OBJECT).with_columns(peildatum=pl.lit(frames.peildatum))


def _with_start(cases: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """The first and last possible day of the start: as recorded, else by the delivery or the registration.

    A clause that runs from the delivery starts with the deed of the debtor; one that runs from the registration with
    his first stay. Nothing tells when a building was completed.
    """
    delivered = (
        cases.select(CLAUSE, OBJECT, "debiteur")
        .join(frames.overdrachten.explode("verkrijgers").rename({"verkrijgers": "debiteur"}), on=[OBJECT, "debiteur"])
        .group_by(CLAUSE)
        .agg(
            geleverd_eerste=pl.col("inschrijving_eerste").min(),
            geleverd_laatste=pl.col("inschrijving_laatste").min(),
        )
    )
    registered = (
        stays_of(cases.select(CLAUSE, OBJECT, wie="debiteur"), frames.bewoning)
        .group_by(CLAUSE)
        .agg(ingeschreven=pl.col("valid_from").min())
    )
    by_event = {
        "eerste": pl.when(pl.col("aanvang") == "levering")
        .then("geleverd_eerste")
        .when(pl.col("aanvang") == "brp_inschrijving")
        .then("ingeschreven"),
        "laatste": pl.when(pl.col("aanvang") == "levering")
        .then("geleverd_laatste")
        .when(pl.col("aanvang") == "brp_inschrijving")
        .then("ingeschreven"),
    }
    return (
        cases.join(delivered, on=CLAUSE, how="left")
        .join(registered, on=CLAUSE, how="left")
        .with_columns(pl.coalesce("aanvang_datum", expression).alias(name) for name, expression in by_event.items())
    )


def _events(cases: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """The days on which an answer about a clause may change, for those of which the start is not exactly known."""
    vague = cases.filter(pl.col("eerste") != pl.col("laatste")).select(CLAUSE, OBJECT, "maanden")
    own = frames.overdrachten.join(vague, on=OBJECT)
    term = pl.format("-{}mo", pl.col("maanden").fill_null(0))
    moments = [own.select(CLAUSE, "maanden", dag=column) for column in ("inschrijving_eerste", "inschrijving_laatste")]
    moments.append(vague.select(CLAUSE, "maanden", dag=pl.lit(frames.peildatum)))
    days = pl.concat(moments).drop_nulls("dag")
    ends = days.select(CLAUSE, dag=pl.col("dag").dt.offset_by(term))
    return pl.concat([days.select(CLAUSE, "dag"), ends]).unique()


def _residents(cases: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """The debtor and others in the dwelling on the peildatum, and what is known between them."""
    objects = cases.select(CLAUSE, OBJECT, "debiteur")
    if "brp" not in frames.bronnen:
        empty = dict.fromkeys(("debiteur_woont", "anderen_verwant", "anderen_vreemd"), pl.lit(None, pl.Boolean))
        counts = dict.fromkeys(("overigen_min", "overigen_max"), pl.lit(None, pl.Int64))
        return objects.select(CLAUSE, **empty, **counts)
    present = present_people(frames, cases.get_column(OBJECT))
    there = objects.join(present, on=OBJECT).with_columns(zelf=(pl.col("persoon") == pl.col("debiteur")))
    there = _with_relations(there, frames.relaties)
    other = ~pl.col("zelf").fill_null(value=False)
    sure = other & pl.col("zeker")
    counted = there.group_by(CLAUSE).agg(
        zelf_zeker=(pl.col("zelf") & pl.col("zeker")).any(),
        zelf_mogelijk=pl.col("zelf").any(),
        inschrijving_tegenstrijdig=pl.col("tegenstrijdig").any(),
        overigen_min=sure.sum().cast(pl.Int64),
        overigen_max=other.sum().cast(pl.Int64),
        anderen_verwant=(~other | pl.col("verwant").fill_null(value=False)).all(),
        anderen_vreemd=(sure & pl.col("vreemd").fill_null(value=False)).any(),
    )
    together = established_flag(frames.vaststellingen, "gezamenlijk_huishouden", frames.peildatum, "samen")
    filled = objects.join(counted, on=CLAUSE, how="left").join(together, on=OBJECT, how="left")
    several = pl.col("overigen_max").fill_null(0) > 0
    return filled.select(
        CLAUSE,
        pl.col("overigen_min", "overigen_max").fill_null(0),
        pl.col("inschrijving_tegenstrijdig").fill_null(value=False),
        debiteur_woont=pl.when(pl.col("debiteur").is_not_null()).then(
            pl.when(pl.col("zelf_zeker").fill_null(value=False))
            .then(pl.lit(value=True))
            .when(~pl.col("zelf_mogelijk").fill_null(value=False))
            .then(pl.lit(value=False))
        ),
        anderen_verwant=pl.when(pl.col("samen").is_not_null() & several)
        .then("samen")
        .otherwise(pl.col("anderen_verwant").fill_null(value=True)),
        anderen_vreemd=(pl.col("anderen_vreemd") | ~pl.col("samen").fill_null(value=True)).fill_null(value=False),
    )


def _with_relations(there: pl.DataFrame, relaties: pl.DataFrame) -> pl.DataFrame:
    """``verwant`` and ``vreemd`` of each resident to the debtor, true where that is proven or established."""
    debtors = there.get_column("debiteur")
    related = pl.concat(
        [
            family_of(relaties, debtors),
            relations_of(relaties.filter(pl.col("relatie") == "huishouden"), debtors).select(
                "persoon", "andere_persoon"
            ),
        ]
    ).unique()
    strangers = strangers_of(relaties, debtors)
    names = {"persoon": "debiteur", "andere_persoon": "persoon"}
    return there.join(
        related.rename(names).with_columns(verwant=pl.lit(value=True)), on=["debiteur", "persoon"], how="left"
    ).join(strangers.rename(names).with_columns(vreemd=pl.lit(value=True)), on=["debiteur", "persoon"], how="left")


def _exemptions(cases: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    day = pl.lit(frames.peildatum)
    held = frames.ontheffingen.rename({"beding": CLAUSE}).filter(
        pl.col("valid_from").is_null() | (pl.col("valid_from") <= day),
        pl.col("valid_until").is_null() | (pl.col("valid_until") > day),
    )
    found = held.group_by(CLAUSE).agg(ontheffing_reden=pl.col("reden").drop_nulls().sort().first())
    return cases.select(CLAUSE).join(found.with_columns(ontheffing=pl.lit(value=True)), on=CLAUSE, how="left")


def _transfers(table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """The first transfer away from the debtor after the start, on or before the peildatum.

    ``doorverkocht`` (a delivery; null = may be), ``doorverkocht_op``, ``anders_over`` (succession or division), and
    ``beding_doorgegeven``: a clause of the new owner is known.
    """
    if "brk" not in frames.bronnen:
        unknown = pl.lit(None, dtype=pl.Boolean)
        return table.select(*_WORLD, doorverkocht=unknown, anders_over=unknown, beding_doorgegeven=unknown,
                            doorverkocht_op=pl.lit(None, dtype=pl.Date))  # fmt: skip
    own = table.select(*_WORLD, OBJECT, "debiteur", "peildatum")
    gone = own.join(frames.overdrachten, on=OBJECT).filter(
        ~pl.col("verkrijgers").list.contains(pl.col("debiteur")).fill_null(value=False),
        (pl.col("inschrijving_laatste") > pl.col("dag")).fill_null(value=True),
        (pl.col("inschrijving_eerste") <= pl.col("peildatum")).fill_null(value=True),
        ~(pl.col("aard") == "correctie").fill_null(value=False),
    )
    surely = (pl.col("inschrijving_eerste") > pl.col("dag")) & (pl.col("inschrijving_laatste") <= pl.col("peildatum"))
    sold = pl.col("aard") == "levering"
    clauses = frames.bedingen.select(OBJECT, "debiteur").drop_nulls()
    passed = gone.explode("verkrijgers").join(
        clauses.rename({"debiteur": "verkrijgers"}), on=[OBJECT, "verkrijgers"], how="semi"
    )
    found = gone.group_by(_WORLD).agg(
        zeker=(sold & surely).fill_null(value=False).any(),
        mogelijk=sold.fill_null(value=True).any(),
        anders_over=(~sold & surely).fill_null(value=False).any(),
        doorverkocht_op=pl.col("inschrijving_laatste").filter((sold & surely).fill_null(value=False)).min(),
    )
    chained = passed.select(_WORLD).unique().with_columns(beding_doorgegeven=pl.lit(value=True))
    joined = own.select(_WORLD).join(found, on=_WORLD, how="left", nulls_equal=True)
    return joined.join(chained, on=_WORLD, how="left", nulls_equal=True).select(
        *_WORLD,
        "doorverkocht_op",
        doorverkocht=pl.when(pl.col("zeker"))
        .then(pl.lit(value=True))
        .when(~pl.col("mogelijk").fill_null(value=False))
        .then(pl.lit(value=False)),
        anders_over=pl.col("anders_over").fill_null(value=False),
        beding_doorgegeven=pl.col("beding_doorgegeven").fill_null(value=False),
    )


def _breaks(table: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """The days since the start on which the debtor was not registered there, up to the peildatum or the end."""
    if "brp" not in frames.bronnen:
        return table.select(*_WORLD, dagen_niet_bewoond=pl.lit(None, dtype=pl.Int64))
    end = pl.col("dag").dt.offset_by(pl.format("{}mo", pl.col("maanden")))
    window = table.select(
        *_WORLD, OBJECT, wie="debiteur", begin="dag",
        end=pl.min_horizontal(end.fill_null(date.max), pl.col("peildatum")),
    )  # fmt: skip
    lived = (
        stays_of(window, frames.bewoning)
        .with_columns(
            van=pl.max_horizontal("valid_from", "begin"),
            tot=pl.min_horizontal(pl.col("valid_until").fill_null(date.max), "end"),
        )
        .filter(pl.col("van") < pl.col("tot"))
        .sort(*_WORLD, "van")
        .with_columns(van=pl.max_horizontal("van", pl.col("tot").cum_max().shift(1).over(_WORLD)))
        .filter(pl.col("van") < pl.col("tot"))
        .group_by(_WORLD)
        .agg(dagen=(pl.col("tot") - pl.col("van")).dt.total_days().sum())
    )
    total = (pl.col("end") - pl.col("begin")).dt.total_days().clip(lower_bound=0)
    return window.join(lived, on=_WORLD, how="left", nulls_equal=True).select(
        *_WORLD, dagen_niet_bewoond=total - pl.col("dagen").fill_null(0)
    )
