"""Overbewoning in bulk, beside OpenFisca core on the same rows and rule; and all rules together.

Both start from person and dwelling rows in memory (text ids) and end at an outcome per dwelling; OpenFisca's includes
building its population from the same rows. ``run()`` gives seconds (median of three).
"""

import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from rules.catalogue import RULES
from rules.engine import evaluate, with_receipts
from rules.explain import sentences
from rules.frames import (
    ADRESSEERBARE_OBJECTEN,
    BEDINGEN,
    BEWONING,
    OVERDRACHTEN,
    RELATIES,
    VERGUNNINGEN,
    WOZ_WAARDEN,
    RecordFrames,
)
from rules.overbewoning import OVERBEWONING
from rules.parameters import load_law

PEILDATUM = date(2026, 11, 1)
_AREA_UNKNOWN = -1.0
_OBJECT = "adresseerbaar_object_id"


def make_frames(dwellings: int, residents: int, *, seed: int = 7) -> RecordFrames:
    """Synthetic rows: residents spread unevenly, dwellings that mostly fit them, a few without area."""
    random = np.random.default_rng(seed)
    ids = [f"0606010{number:09d}" for number in range(dwellings)]
    # OpenFisca's join of people and homes cannot hold a home without people, so each home gets one.
    spread = (dwellings * random.random(residents - dwellings) ** 1.15).astype(np.int64)
    where = np.concatenate([np.arange(dwellings), spread])
    # Larger households live in larger homes; about one home in thirty is too small.
    area = np.rint(np.bincount(where) * 12 * (0.6 + random.gamma(3.0, 0.4, dwellings))).astype(np.int64)
    area[random.random(dwellings) < 0.002] = 999_999
    homes = pl.DataFrame(
        {
            "adresseerbaar_object_id": ids,
            "objecttype": "verblijfsobject",
            "gemeente": "GM0606",
            "status": "Verblijfsobject in gebruik",
            "gebruiksdoelen": [["woonfunctie"]] * dwellings,
            "oppervlakte": area,
            "gebieden": [["BU06060101"]] * dwellings,
            "in_onderzoek": [[]] * dwellings,
        },
        schema=ADRESSEERBARE_OBJECTEN,
    )
    start = pl.Series(random.integers(3_000, 20_000, residents)).cast(pl.Int32).cast(pl.Date)
    stays = pl.DataFrame(
        {
            "adresseerbaar_object_id": pl.Series(ids).gather(where),
            "persoon": [f"persoon-{number:08d}" for number in range(residents)],
            "valid_from": start,
            "valid_until": pl.Series([None] * residents, dtype=pl.Date),
            "zekerheid": pl.Series(np.where(random.random(residents) < 0.99, "zeker", "mogelijk")),
            "in_onderzoek": pl.Series(random.random(residents) < 0.01),
            "geboortedatum": pl.Series([None] * residents, dtype=pl.String),
        },
        schema=BEWONING,
    )
    return RecordFrames(PEILDATUM, homes, stays, bronnen=frozenset({"bag", "brp", "coa"}))


def add_ownership(frames: RecordFrames, *, seed: int = 11) -> RecordFrames:
    """The same dwellings with ten years of transfers, owners, values, permits, clauses and relations."""
    random = np.random.default_rng(seed)
    homes = frames.adresseerbare_objecten.with_columns(gebieden=pl.lit(["WK060601", "BU06060101"]))
    ids = homes.get_column(_OBJECT)
    years = range(PEILDATUM.year - 9, PEILDATUM.year + 1)
    sold = [ids.sample(fraction=0.045, seed=seed + year) for year in years]
    days = [pl.date(year, 1, 1) + pl.duration(days=pl.int_range(pl.len()) * 7 % 300) for year in years]
    transfers = pl.concat(
        [part.to_frame(_OBJECT).with_columns(dag=day.cast(pl.Date)) for part, day in zip(sold, days, strict=True)]
    ).with_row_index("nummer")
    # One transfer in a hundred is known by its year only.
    vague = pl.col("nummer") % 100 == 0
    elsewhere = pl.format("persoon-{}", (pl.col("nummer") * 37 % frames.bewoning.height).cast(pl.String).str.zfill(8))
    resident = frames.bewoning.group_by(_OBJECT).agg(bewoner=pl.col("persoon").first())
    transfers = transfers.join(resident, on=_OBJECT, how="left", maintain_order="left")
    # Three buyers in five live in what they bought.
    buyer = pl.when(pl.col("nummer") % 5 < 3).then("bewoner").otherwise(elsewhere)
    overdrachten = transfers.select(
        _OBJECT,
        overdracht=pl.format("o{}", "nummer"),
        inschrijving_eerste=pl.when(vague).then(pl.col("dag").dt.truncate("1y")).otherwise("dag"),
        inschrijving_laatste=pl.when(vague).then(pl.date(pl.col("dag").dt.year(), 12, 31)).otherwise("dag"),
        inschrijving=pl.col("dag").cast(pl.String),
        aard=pl.lit("levering"),
        verkrijgers=pl.concat_list(buyer),
        koopovereenkomst=pl.lit(None, dtype=pl.Date),
        staat=pl.lit(None, dtype=pl.String),
    )
    values = pl.concat(
        [
            ids.to_frame(_OBJECT).with_columns(
                woz_object=pl.col(_OBJECT),
                waardepeildatum=pl.date(year - 1, 1, 1),
                ingangsdatum=pl.date(year, 1, 1),
                waarde=pl.Series(random.integers(150_000, 600_000, len(ids))),
                bezwaar=pl.lit(value=False),
                aantal_objecten=pl.lit(1, dtype=pl.Int64),
                aantal_woz=pl.lit(1, dtype=pl.Int64),
            )
            for year in years
        ]
    )
    people = frames.bewoning.get_column("persoon")
    relaties = pl.DataFrame({"persoon": people[:-1], "andere_persoon": people[1:], "relatie": "partner"})
    permits = overdrachten.filter(pl.int_range(pl.len()) % 200 == 0).select(
        _OBJECT, vergunning="overdracht", soort=pl.lit("opkoopbescherming"), grond=pl.lit("lokaal"),
        status=pl.lit("verleend"), valid_from="inschrijving_laatste",
    )  # fmt: skip
    clauses = overdrachten.filter(pl.int_range(pl.len()) % 30 == 0).select(
        _OBJECT, beding="overdracht", soort=pl.lit("zelfbewoning"), debiteur=pl.col("verkrijgers").list.first(),
        aanvang=pl.lit("levering"), maanden=pl.lit(36, dtype=pl.Int64),
    )  # fmt: skip
    return replace(
        frames,
        adresseerbare_objecten=homes,
        relaties=relaties.select(list(RELATIES)),
        overdrachten=overdrachten.select(list(OVERDRACHTEN)),
        woz_waarden=values.select(list(WOZ_WAARDEN)),
        vergunningen=_filled(permits, VERGUNNINGEN),
        bedingen=_filled(clauses, BEDINGEN),
        bronnen=frames.bronnen | {"brk", "woz", "gebieden", "vergunningen", "bedingen"},
        derived={},
    )


def _filled(rows: pl.DataFrame, schema: pl.Schema) -> pl.DataFrame:
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in schema.items() if name not in rows.columns]
    return rows.with_columns(absent).select(list(schema))


def run_all(dwellings: int = 300_000, residents: int = 1_200_000) -> dict[str, float | int]:
    """Seconds of all rules together, from record frames to outcomes, and of each alone; peak memory in MB."""
    frames, law = add_ownership(make_frames(dwellings, residents)), load_law()

    def every() -> dict[str, pl.DataFrame]:
        fresh = replace(frames, derived={})
        return {rule.id: evaluate(rule, fresh, law, lean=True) for rule in RULES.values()}

    begun = time.process_time()
    seconds, outcomes = _timed(every)
    processor = (time.process_time() - begun) / 3
    spent = {}
    for rule in RULES.values():
        spent[f"{rule.id}_s"] = round(
            _timed(lambda rule=rule: evaluate(rule, replace(frames, derived={}), law, lean=True), 1)[0], 3
        )
    kept = sum(found.filter(pl.col("uitkomst") == "signaal").height for found in outcomes.values())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    counts = {"overdrachten": frames.overdrachten.height, "bedingen": frames.bedingen.height, "signalen": kept}
    return {
        "alle_regels_s": round(seconds, 3),
        "alle_regels_cpu_s": round(processor, 3),
        **spent,
        **counts,
        "peak_mb": peak,
    }


def _openfisca_system() -> Any:
    from openfisca_core import periods  # noqa: PLC0415 (a library of the benchmark only)
    from openfisca_core.entities import build_entity  # noqa: PLC0415
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem  # noqa: PLC0415
    from openfisca_core.variables import Variable  # noqa: PLC0415

    person = build_entity(key="person", plural="persons", label="", is_person=True)
    home = build_entity(key="home", plural="homes", label="", roles=[{"key": "resident", "label": ""}])
    day = periods.DateUnit.DAY

    def variable(name: str, entity: Any, kind: type, formula: Callable[..., Any] | None = None) -> type:
        body: dict[str, Any] = {"value_type": kind, "entity": entity, "definition_period": day, "label": name}
        if formula is not None:
            body["formula"] = formula
        return type(name, (Variable,), body)

    def certain(homes: Any, period: Any) -> Any:
        return homes.sum(homes.members("present", period) * homes.members("certain", period))

    def everyone(homes: Any, period: Any) -> Any:
        return homes.sum(homes.members("present", period) * 1)

    def present(people: Any, period: Any) -> Any:
        on = np.datetime64(str(period.start), "D")
        return (people("since", period) <= on) & (people("until", period) > on)

    def outcome(homes: Any, period: Any) -> Any:
        area = homes("area", period)
        lowest, highest = homes("certain_residents", period), homes("all_residents", period)
        known = (area > 1) & (area < 9_999)
        reached = homes("woonfunctie", period) & homes("in_use", period) & ~homes("coa", period)
        return np.select(
            [~reached, highest == 0, known & (highest * 12 <= area), known & (lowest * 12 > area)], [0, 1, 1, 4], 3
        )

    system = TaxBenefitSystem([person, home])
    system.add_variables(
        variable("since", person, date),
        variable("until", person, date),
        variable("certain", person, bool),
        variable("present", person, bool, present),
        variable("area", home, float),
        variable("woonfunctie", home, bool),
        variable("in_use", home, bool),
        variable("coa", home, bool),
        variable("certain_residents", home, float, certain),
        variable("all_residents", home, float, everyone),
        variable("outcome", home, int, outcome),
    )
    return system


def run_openfisca(system: Any, frames: RecordFrames, *, helped: bool = False) -> np.ndarray[Any, Any]:
    """OpenFisca's outcome per dwelling (0 not reached, 1 no signal, 3 unknown, 4 signal), from the same rows.

    ``helped``: the number of each person's home is looked up with Polars, instead of by OpenFisca's own join.
    """
    from openfisca_core.simulations import SimulationBuilder  # noqa: PLC0415

    period = str(frames.peildatum)
    homes, stays = frames.adresseerbare_objecten, frames.bewoning
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("person", stays.get_column("persoon").to_numpy())
    declared = builder.declare_entity("home", homes.get_column("adresseerbaar_object_id").to_numpy())
    if helped:
        numbers = stays.join(homes.with_row_index("number"), on="adresseerbaar_object_id", maintain_order="left")
        declared.members_entity_id = numbers.get_column("number").to_numpy().astype(np.int64)
        declared.members_role = np.full(stays.height, declared.entity.flattened_roles[0])
    else:
        residences = stays.get_column("adresseerbaar_object_id").to_numpy()
        builder.join_with_persons(declared, residences, np.full(stays.height, "resident"))
    simulation = builder.build(system)
    open_end = stays.get_column("valid_until").fill_null(date(9999, 12, 31)).to_numpy()
    inputs = {
        "since": stays.get_column("valid_from").to_numpy(),
        "until": open_end.astype("datetime64[D]"),
        "certain": (stays.get_column("zekerheid") == "zeker").to_numpy(),
        "area": homes.get_column("oppervlakte").fill_null(_AREA_UNKNOWN).to_numpy(),
        "woonfunctie": homes.get_column("gebruiksdoelen").list.contains("woonfunctie").to_numpy(),
        "in_use": (homes.get_column("status") == "Verblijfsobject in gebruik").to_numpy(),
        "coa": np.zeros(homes.height, dtype=bool),
    }
    for name, values in inputs.items():
        simulation.set_input(name, period, values)
    result: np.ndarray[Any, Any] = simulation.calculate("outcome", period)
    return result


def _timed(work: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    spent, result = [], None
    for _ in range(times):
        begin = time.perf_counter()
        result = work()
        spent.append(time.perf_counter() - begin)
    return statistics.median(spent), result


def run(dwellings: int = 300_000, residents: int = 1_200_000) -> dict[str, float | int]:
    """Seconds of both, their ratio, and the number of dwellings with another answer (0 when they agree)."""
    frames, law = make_frames(dwellings, residents), load_law()
    system = _openfisca_system()
    peer, theirs = _timed(lambda: run_openfisca(system, frames))
    helped, _ = _timed(lambda: run_openfisca(system, frames, helped=True))
    own, outcomes = _timed(lambda: evaluate(OVERBEWONING, frames, law))
    receipts, kept = _timed(lambda: with_receipts(OVERBEWONING, outcomes, law))
    rendering, _ = _timed(lambda: sentences(OVERBEWONING, kept))
    return {
        "dwellings": dwellings,
        "residents": residents,
        "evaluate_s": round(own, 3),
        "openfisca_s": round(peer, 3),
        "openfisca_helped_s": round(helped, 3),
        "ratio": round(own / peer, 3),
        "ratio_helped": round(own / helped, 3),
        "stored_outcomes": kept.height,
        "receipts_s": round(receipts, 3),
        "sentences_s": round(rendering, 3),
        "disagreements": _disagreements(outcomes, theirs),
    } | run_all(dwellings, residents)


def _disagreements(outcomes: pl.DataFrame, theirs: np.ndarray[Any, Any]) -> int:
    codes = {"niet_van_toepassing": 0, "geen_signaal": 1, "juridisch_toetsen": 2, "onbekend": 3, "signaal": 4}
    ours = outcomes.get_column("uitkomst").replace_strict(codes, return_dtype=pl.Int64).to_numpy()
    return int((ours != theirs).sum())


if __name__ == "__main__":
    print(run())
