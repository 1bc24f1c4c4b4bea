"""Which known street a typed name means: its full or short name, a reduced form, a shortening, or a typing error.

Each way is tried only where the ones before it know no street at all. Shortenings and typing errors are looked for only
among the streets that have the huisnummer (and the postcode, when one is given), and decide nothing unless the next
best street is clearly further away.
"""

from datetime import date

import numpy as np
import polars as pl
from rapidfuzz.distance import OSA, LCSseq
from rapidfuzz.process import cdist

from registry.domain.straatnaam import shortening_starts, shortens

EXACT, REDUCED, SHORTENED, MISSPELLED, RENAMED = 0, 2, 4, 6, 8
"""How a street was recognised; the numbers between are for a suffix in another spelling."""

_ALWAYS = date(1, 1, 1)
_MARGIN = 2  # the next best street must be this many typing errors further away
_FAR = 3  # one error is believed in any name, two in a long one: no further distance needs to be known
_SHORTEST, _LONG = 4, 14  # letters
_ROWS_PER_MATRIX = 4_000
_KEY = ["straat_key", "woonplaats_key"]


def find_streets(readings: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """The streets that each reading may mean.

    Args:
        readings: outcome of ``address_hits.read_addresses``, all with a huisnummer.
        forms: outcome of ``address_hits.prepare_forms``.

    Returns:
        The readings with the columns ``straat_key`` and ``woonplaats_key`` of the street, ``reduced`` (``EXACT`` to
        ``MISSPELLED``) and ``several_streets`` (the name alone does not say which one).
    """
    typed = readings.rename({"straat_key": "typed_key", "straat_variant": "typed_variant", "woonplaats_key": "place"})
    typed = _correct_places(typed.with_row_index("reading"), forms)
    by_name = _by_name(typed, forms, "typed_key", ("straat_key", "kort_key"), EXACT)
    rest = typed.join(by_name.select("reading").unique(), on="reading", how="anti")
    by_name = pl.concat([by_name, _by_name(rest, forms, "typed_variant", ("straat_variant", "kort_variant"), REDUCED)])
    unknown = typed.join(by_name.select("row_nr").unique(), on="row_nr", how="anti")
    streets = by_name.filter(pl.col("place").is_null() | pl.col("place").eq_missing(pl.col("woonplaats_key")))
    there = contains("op")
    present = streets.filter(there | there.any().over("reading").not_())
    several = present.group_by("reading").len().select("reading", (pl.col("len") > 1).alias("several_streets"))
    same = _same_streets(forms)
    guessed = _guess(unknown, forms, same)
    gone = streets.filter(there.any().over("reading").not_())
    found = pl.concat(
        [
            streets.join(several, on="reading").select(guessed.columns),
            guessed,
            _renamed(gone, forms, same).select(guessed.columns),
        ]
    )
    misplaced = pl.when(pl.col("misplaced")).then(pl.lit(MISSPELLED, pl.Int8))
    return found.with_columns(misplaced.otherwise("reduced").alias("reduced"))


def contains(day: str) -> pl.Expr:
    """Whether the half-open period of the row holds the day in column ``day``."""
    return (pl.col("valid_from").is_null() | (pl.col("valid_from") <= pl.col(day))) & (
        pl.col("valid_until").is_null() | (pl.col("valid_until") > pl.col(day))
    )


def _by_name(typed: pl.DataFrame, forms: pl.DataFrame, on: str, names: tuple[str, ...], reduced: int) -> pl.DataFrame:
    period = (
        pl.col("valid_from").fill_null(_ALWAYS).min(),
        pl.when(pl.col("valid_until").is_not_null().all()).then(pl.col("valid_until").max()).alias("valid_until"),
    )
    known = pl.concat([forms.select(pl.col(name).alias(on), *_KEY, "valid_from", "valid_until") for name in names])
    known = known.drop_nulls(on).group_by(on, *_KEY).agg(*period)
    return (
        typed.join(known, on=on)
        .with_columns(pl.lit(reduced, pl.Int8).alias("reduced"))
        .select(*typed.columns, *_KEY, "valid_from", "valid_until", "reduced")
    )


def _correct_places(typed: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """A woonplaats that is unknown and one typing error away from exactly one known one is read as that one."""
    known = forms["woonplaats_key"].drop_nulls().unique().sort()
    places = typed["place"].drop_nulls().unique().sort()
    unknown = places.filter(~places.is_in(known.implode()) & (places.str.len_chars() >= _SHORTEST))
    near = _distances(unknown, known, "place", "meant").filter(pl.col("distance") == 1)
    single = near.filter(pl.len().over("place") == 1).select("place", "meant")
    return (
        typed.join(single, on="place", how="left", maintain_order="left")
        .with_columns(pl.coalesce("meant", "place").alias("place"), pl.col("meant").is_not_null().alias("misplaced"))
        .drop("meant")
    )


def _guess(typed: pl.DataFrame, forms: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
    """Shortened and misspelled street names, for readings whose name is no known street."""
    wanted = typed.filter(pl.col("straat").is_not_null())
    there = forms.select(*_KEY, "huisnummer", "postcode_key").drop_nulls("straat_key").unique()
    pairs = _similar(wanted.select("straat", "typed_key", "typed_variant").unique("straat"), forms)
    given, own = pl.col("postcode_key"), pl.col("postcode_key_right")
    possible = (
        wanted.join(pairs, on="straat")
        .join(there, on=["straat_key", "huisnummer"])
        .filter(pl.col("place").is_null() | pl.col("place").eq_missing(pl.col("woonplaats_key")))
        .filter((pl.col("reduced") == SHORTENED) | given.is_null() | own.is_null() | (given == own))
        .drop("postcode_key_right")
        .unique()
        .join(same, on=_KEY, nulls_equal=True)
    )
    best, length = pl.col("distance").min().over("reading"), pl.col("typed_key").str.len_chars()
    believed = (best <= 1) & (length >= _SHORTEST) | (best == 2) & (length >= _LONG)
    rivals = possible.filter(believed & (pl.col("distance") < best + _MARGIN))
    several = pl.col("same_street").n_unique().over("reading") > 1
    return rivals.with_columns(several.alias("several_streets")).select(
        "row_nr", "op", "huisnummer", "suffix_key", "suffix_variant", "postcode_key", "misplaced", *_KEY, "reduced",
        "several_streets",
    )  # fmt: skip


def _same_streets(forms: pl.DataFrame) -> pl.DataFrame:
    """Every street with a mark that it shares with the names that its nummeraanduidingen had before and after."""
    streets = forms.select("nummeraanduiding_id", *_KEY).unique()
    streets = streets.with_columns(pl.struct(_KEY).rank("dense").alias("same_street"))
    for _ in range(3):
        for group in (["nummeraanduiding_id"], _KEY):
            streets = streets.with_columns(pl.col("same_street").min().over(group))
    return streets.select(*_KEY, "same_street").unique()


def _renamed(gone: pl.DataFrame, forms: pl.DataFrame, same: pl.DataFrame) -> pl.DataFrame:
    """The street that bears another name on the day: for a number that it got after its name had changed."""
    later = forms.select(*_KEY, "valid_from", "valid_until").unique().join(same, on=_KEY, nulls_equal=True)
    found = (
        gone.drop("valid_from", "valid_until")
        .join(same, on=_KEY, nulls_equal=True)
        .drop(_KEY)
        .join(later, on="same_street")
        .filter(contains("op"))
        .with_columns(pl.lit(RENAMED, pl.Int8).alias("reduced"))
        .drop("valid_from", "valid_until")
        .unique()
    )
    return found.with_columns((pl.struct(_KEY).n_unique().over("reading") > 1).alias("several_streets"))


def _similar(typed: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """Pairs of a typed name and a known street: straat, straat_key, distance (a shortening is 1) and reduced."""
    names = pl.concat(
        [
            forms.select("straat_key", pl.col(f"{name}_key").alias("key"), pl.col(f"{name}_variant").alias("variant"))
            for name in ("straat", "kort")
        ]
    )
    names = names.drop_nulls().unique()
    reducible = typed.filter(pl.col("typed_key") != pl.col("typed_variant"))
    parts = []
    for texts, mine, other in ((typed, "typed_key", "key"), (reducible, "typed_variant", "variant")):
        near = _distances(texts[mine].unique(), names[other].unique(), mine, other)
        # Numbers in a name tell streets apart ('1e' and '2e Dwarsstraat'); they are not mistyped letters.
        near = near.filter(_digits(mine) == _digits(other))
        parts.append(
            near.join(texts.select("straat", mine), on=mine)
            .join(names.select("straat_key", other).unique(), on=other)
            .select("straat", "straat_key", "distance", pl.lit(MISSPELLED, pl.Int8).alias("reduced"))
        )
    pairs = pl.concat([*parts, _shortened(typed, forms)])
    return pairs.group_by("straat", "straat_key").agg(pl.col("distance").min(), pl.col("reduced").min())


def _digits(column: str) -> pl.Expr:
    return pl.col(column).str.replace_all(r"\D", "")


def _shortened(typed: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """The typed names that may be a shortening: all their letters stand in the street name in the same order."""
    known = forms.select("straat_key", naam="straat").drop_nulls().unique("straat_key")
    starts = [(straat, *start) for straat, naam in known.iter_rows() for start in shortening_starts(naam)]
    schema = {"straat_key": pl.String, "initial": pl.String, "reduced_name": pl.String}
    names = pl.DataFrame(starts, schema=schema, orient="row")
    texts = typed.with_columns(initial=pl.col("typed_variant").str.slice(0, 1))
    parts = [pl.DataFrame(schema={"typed_variant": pl.String, "straat_key": pl.String})]
    for (initial,), same in texts.group_by("initial", maintain_order=True):
        mine, others = same["typed_variant"].unique(), names.filter(initial=initial)
        if others.is_empty():
            continue
        lengths = mine.str.len_chars().to_numpy()[:, None]
        shared = cdist(mine.to_list(), others["reduced_name"].to_list(), scorer=LCSseq.similarity, dtype=np.uint8)
        rows, columns = np.nonzero(shared == lengths)
        parts.append(
            pl.DataFrame({"typed_variant": mine.gather(rows), "straat_key": others["straat_key"].gather(columns)})
        )
    pairs = pl.concat(parts).unique().join(typed.select("straat", "typed_variant"), on="typed_variant")
    pairs = pairs.join(known, on="straat_key")
    fits = [shortens(short, full) for short, full in pairs.select("straat", "naam").iter_rows()]
    return pairs.filter(pl.Series(fits, dtype=pl.Boolean)).select(
        "straat",
        "straat_key",
        pl.lit(1, pl.UInt8).alias("distance"),
        pl.lit(SHORTENED, pl.Int8).alias("reduced"),
    )


def _distances(mine: pl.Series, known: pl.Series, left: str, right: str) -> pl.DataFrame:
    """The pairs at most ``_FAR`` typing errors apart (optimal string alignment): the two texts and ``distance``."""
    parts = [pl.DataFrame(schema={left: pl.String, right: pl.String, "distance": pl.UInt8})]
    texts = known.to_list()
    for part in mine.to_frame(left).iter_slices(_ROWS_PER_MATRIX):
        matrix = cdist(part[left].to_list(), texts, scorer=OSA.distance, score_cutoff=_FAR, dtype=np.uint8)
        rows, columns = np.nonzero(matrix <= _FAR)
        parts.append(
            pl.DataFrame(
                {left: part[left].gather(rows), right: known.gather(columns), "distance": matrix[rows, columns]}
            )
        )
    return pl.concat(parts)
