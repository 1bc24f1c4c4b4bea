"""Who lives in a transferred dwelling on the peildatum: the owner, others, and what is proven between them."""

import polars as pl

from rules.derivations.aanwezigen import residents
from rules.derivations.bewoning import stays_of
from rules.derivations.eigenaren import CASE, MOMENT, acquirers, owners_after
from rules.derivations.relaties import family_of, strangers_of
from rules.derivations.vaststellingen import OBJECT
from rules.frames import RecordFrames

_NO = pl.lit(value=False)


def people_of(cases: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """Who lives there on the peildatum: the owner, others, and what is proven between them."""
    objects = cases.select(CASE, OBJECT)
    if "brp" not in frames.bronnen:
        return objects.select(CASE)
    owners = owners_after(cases, frames.eigendom, frames.peildatum)
    there = objects.join(residents(frames), on=OBJECT).join(
        owners.with_columns(eigenaar=pl.lit(value=True)), on=[CASE, "persoon"], how="left"
    )
    is_owner = pl.col("eigenaar").fill_null(value=False)
    counts = there.group_by(CASE).agg(
        eigenaar_zeker=(is_owner & pl.col("zeker")).any(),
        eigenaar_mogelijk=is_owner.any(),
        anderen_min=(~is_owner & pl.col("zeker")).sum().cast(pl.Int64),
        anderen_max=(~is_owner).sum().cast(pl.Int64),
        inschrijving_tegenstrijdig=pl.col("tegenstrijdig").any(),
    )
    has_owner = owners.select(CASE).unique().with_columns(eigenaar_bekend=pl.lit(value=True))
    # Family matters only where no owner lives.
    absent = counts.filter(~pl.col("eigenaar_mogelijk")).select(CASE)
    others = there.filter(~is_owner & pl.col("zeker")).select(CASE, "persoon").join(absent, on=CASE, how="semi")
    filled = (
        objects.select(CASE)
        .join(counts, on=CASE, how="left")
        .with_columns(
            pl.col("anderen_min", "anderen_max").fill_null(0),
            pl.col("eigenaar_zeker", "eigenaar_mogelijk", "inschrijving_tegenstrijdig").fill_null(value=False),
        )
    )
    return (
        filled.join(has_owner, on=CASE, how="left")
        .join(_kinship(others, owners, frames.relaties), on=CASE, how="left")
        .with_columns(
            pl.col("familie_bewezen", "familie_uitgesloten").fill_null(value=False),
            eigenaar_woont=pl.when(pl.col("eigenaar_bekend")).then(
                pl.when(pl.col("eigenaar_zeker")).then(pl.lit(value=True)).when(~pl.col("eigenaar_mogelijk")).then(_NO)
            ),
        )
    )


def _kinship(others: pl.DataFrame, owners: pl.DataFrame, relaties: pl.DataFrame) -> pl.DataFrame:
    """``familie_bewezen``: one resident is proven family and none is established a stranger; ``familie_uitgesloten``.

    Excluded is the ground when every resident is established to be no relation of any owner.
    """
    pairs = others.join(owners.select(CASE, eigenaar="persoon"), on=CASE)
    asked = pairs.get_column("eigenaar")
    family = family_of(relaties, asked).rename({"persoon": "eigenaar", "andere_persoon": "persoon"})
    strangers = strangers_of(relaties, asked).rename({"persoon": "eigenaar", "andere_persoon": "persoon"})
    pairs = pairs.join(family.with_columns(familie=pl.lit(value=True)), on=["eigenaar", "persoon"], how="left").join(
        strangers.with_columns(vreemd=pl.lit(value=True)), on=["eigenaar", "persoon"], how="left"
    )
    familie, vreemd = pl.col("familie").fill_null(value=False), pl.col("vreemd").fill_null(value=False)
    return pairs.group_by(CASE).agg(familie_bewezen=familie.any() & ~vreemd.any(), familie_uitgesloten=vreemd.all())


def own_residence(cases: pl.DataFrame, worlds: pl.DataFrame, frames: RecordFrames) -> pl.DataFrame:
    """The longest stay of an acquirer in the dwelling after the transfer, in whole months."""
    if "brp" not in frames.bronnen:
        return worlds.select(MOMENT)
    day = pl.lit(frames.peildatum)
    gained = worlds.drop_nulls("dag").join(acquirers(cases).rename({"persoon": "wie"}), on=CASE)
    stays = (
        stays_of(gained, frames.bewoning)
        .with_columns(
            begin=pl.max_horizontal("valid_from", "dag"),
            end=pl.min_horizontal(pl.col("valid_until").fill_null(day), day),
        )
        .filter(pl.col("begin") < pl.col("end"))
    )
    begin, end = pl.col("begin").dt, pl.col("end").dt
    months = (end.year() - begin.year()) * 12 + end.month().cast(pl.Int32) - begin.month().cast(pl.Int32)
    whole = months - (end.day() < begin.day()).cast(pl.Int32)
    found = stays.group_by(MOMENT).agg(eigen_bewoning_maanden=whole.max().cast(pl.Int64))
    return (
        worlds.select(MOMENT, "dag")
        .join(found, on=MOMENT, how="left")
        .select(MOMENT, pl.when(pl.col("dag").is_not_null()).then(pl.col("eigen_bewoning_maanden").fill_null(0)))
    )
