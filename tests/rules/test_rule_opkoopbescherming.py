"""Opkoopbescherming in bulk equals a plain reading of the law, and a vague day counts as each of its days."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from rule_frames import ALL_BRONNEN, clause, frames, home, inspection, stay, transfer, woz

from rules.derivations.overdrachten import derive_overdracht_facts
from rules.engine import answering_case, evaluate, judge, with_receipts
from rules.explain import explain
from rules.frames import RecordFrames
from rules.opkoopbescherming import OPKOOPBESCHERMING
from rules.parameters import load_law

LAW = load_law()
AREA = ["GM0392"]
P = date(2024, 9, 1)
DAY = timedelta(days=1)


def haarlem(number: int = 1, **changes: Any) -> dict[str, Any]:
    return home(number, 70, gemeente="GM0392", gebieden=AREA, **changes)


def permit(number: int, van: date | None, tot: date | None = None, **changes: Any) -> dict[str, Any]:
    return {
        "vergunning": f"v{number}-{van}-{changes.get('status')}",
        "adresseerbaar_object_id": home(number)["adresseerbaar_object_id"],
        "soort": "opkoopbescherming",
        "grond": "lokaal",
        "status": "verleend",
        "valid_from": van,
        "valid_until": tot,
    } | changes


@dataclass(frozen=True)
class Facts:
    """Everything that decides one transfer of which the day is known."""

    dag: date
    aard: str | None
    waarde: int | None
    staat: str | None
    huurder_van: date | None
    eigenaar_woont: bool
    vergunning_van: date | None
    gekocht: date | None


moments = st.dates(date(2019, 1, 1), date(2024, 12, 31))
cases = st.builds(
    Facts,
    dag=st.one_of(moments, st.sampled_from([date(2022, 1, 31), date(2022, 2, 1), date(2023, 5, 1), date(2020, 9, 1)])),
    aard=st.sampled_from(["levering", "levering", "levering", "vererving", "verdeling", None]),
    waarde=st.sampled_from([None, 388_999, 389_000, 430_000, 451_000, 476_415, 600_000]),
    staat=st.sampled_from(["vrij", "gebruikt_korter_dan_6_maanden", "gebruikt_6_maanden_of_langer"]),
    huurder_van=st.sampled_from([None, date(2024, 2, 1)]),
    eigenaar_woont=st.booleans(),
    vergunning_van=st.sampled_from([None, date(2024, 3, 1)]),
    gekocht=st.sampled_from([None, None, date(2022, 1, 15)]),
)


def limit_on(dag: date) -> int:
    return 389_000 if dag < date(2023, 5, 2) else 451_000 if dag < date(2024, 1, 1) else 476_415


def oracle(one: Facts) -> tuple[str, str]:
    """Outcome and deciding step in Haarlem, read from the law without frames."""
    years = date(one.dag.year + 4, one.dag.month, one.dag.day)
    limit = limit_on(one.dag)
    nothing = "niet_van_toepassing"
    no = [
        (one.dag > P, nothing, "ingeschreven"),
        (one.aard == "vererving", nothing, "levering"),
        (one.dag < date(2022, 2, 1), nothing, "verordening"),
        (years < P, nothing, "termijn"),
        (one.waarde is not None and one.waarde > limit, nothing, "waarde"),
        (one.staat == "gebruikt_6_maanden_of_langer", nothing, "staat_bij_overdracht"),
        (one.huurder_van is None and not one.eigenaar_woont, nothing, "in_gebruik"),
        (one.eigenaar_woont, "geen_signaal", "eigenaar_woont_elders"),
        (one.vergunning_van is not None and one.vergunning_van >= one.dag, "geen_signaal", "geen_vergunning"),
    ]
    for ends, outcome, step in no:
        if ends:
            return outcome, step
    if one.aard is None:
        return "onbekend", "levering"
    if one.waarde is None:
        return "onbekend", "waarde"
    doubts = [
        (one.aard == "verdeling", "levering"),
        (one.gekocht is not None, "verordening"),
        (years == P, "termijn"),
        (one.waarde == limit, "waarde"),
    ]
    for doubt, step in doubts:
        if doubt:
            return "juridisch_toetsen", step
    return "signaal", "geen_vergunning"


def frames_of(asked: Mapping[int, Facts]) -> RecordFrames:
    people, permits = [], []
    for number, one in asked.items():
        if one.huurder_van is not None:
            people.append(stay(number, f"huurder{number}", one.huurder_van))
        if one.eigenaar_woont:
            people.append(stay(number, f"koper{number}", date(2024, 1, 1)))
        if one.vergunning_van is not None:
            permits.append(permit(number, one.vergunning_van))
    return frames(
        [haarlem(number) for number in asked],
        people,
        bronnen=ALL_BRONNEN,
        peildatum=P,
        overdrachten=[
            transfer(number, one.dag, f"koper{number}", aard=one.aard, staat=one.staat, koopovereenkomst=one.gekocht)
            for number, one in asked.items()
        ],
        woz_waarden=[woz(number, one.dag.year, one.waarde) for number, one in asked.items()],
        vergunningen=permits,
    )


@given(st.lists(cases, min_size=1, max_size=60))
@settings(max_examples=30, deadline=None)
def test_bulk_equals_reading_the_law_one_by_one(asked: list[Facts]) -> None:
    given_cases = dict(enumerate(asked))
    rows = evaluate(OPKOOPBESCHERMING, frames_of(given_cases), LAW).iter_rows(named=True)
    said = {row["adresseerbaar_object_id"]: (row["uitkomst"], row["beslissend"]) for row in rows}
    for number, one in given_cases.items():
        assert said[haarlem(number)["adresseerbaar_object_id"]] == oracle(one), one


SAME = ["overdracht_id", "uitkomst", "beslissend", "onbekende_feiten", "periode_van", "periode_tot", "tot"]


@given(st.lists(cases, min_size=1, max_size=40), st.lists(cases, max_size=10))
@settings(max_examples=12, deadline=None)
def test_a_case_that_is_over_already_needs_nobody_looked_up(asked: list[Facts], resold: list[Facts]) -> None:
    full = frames_of(dict(enumerate(asked)))
    # Some dwellings were sold before, or in a year of which the day is not known.
    again = [
        transfer(number, one.dag, "koper0", overdracht=f"weer{number}", aard=one.aard, staat=one.staat,
                 inschrijving_laatste=one.dag if number % 2 else date(one.dag.year, 12, 31))
        for number, one in enumerate(resold)
    ]  # fmt: skip
    sold = pl.concat([full.overdrachten, pl.DataFrame(again, schema=full.overdrachten.schema)])
    complete = evaluate(OPKOOPBESCHERMING, replace(full, overdrachten=sold, derived={}), LAW)
    lean = evaluate(OPKOOPBESCHERMING, replace(full, overdrachten=sold, derived={}), LAW, lean=True)
    assert_frame_equal(lean.select(SAME), complete.select(SAME))
    receipts = [with_receipts(OPKOOPBESCHERMING, found, LAW) for found in (lean, complete)]
    assert_frame_equal(*receipts)
    # An unknown value ends nothing: a later no would still decide.
    ended = (pl.col("beslissend") == "waarde") & (pl.col("uitkomst") == "niet_van_toepassing")
    alone = lean.filter(pl.col("adresseerbaar_object_id").is_unique(), ended)
    assert alone.get_column("anderen_min").null_count() == alone.height


spans = st.one_of(
    st.integers(2020, 2024).map(lambda year: (date(year, 1, 1), date(year, 12, 31))),
    st.tuples(st.integers(2020, 2024), st.integers(1, 11)).map(
        lambda when: (date(when[0], when[1], 1), date(when[0], when[1] + 1, 1) - DAY)
    ),
)


@given(
    span=spans,
    waarde=st.sampled_from([388_999, 430_000, 460_000]),
    eerdere=moments,
    huurder=moments,
    vertrek=st.none() | moments,
    vergunning=st.none() | moments,
    inspectie=st.none() | moments,
)
@settings(max_examples=20, deadline=None)
def test_the_days_that_are_tried_say_what_all_days_say(
    *,
    span: tuple[date, date],
    waarde: int,
    eerdere: date,
    huurder: date,
    vertrek: date | None,
    vergunning: date | None,
    inspectie: date | None,
) -> None:
    first, last = span
    asked = frames(
        [haarlem()],
        [
            stay(1, "eerdere", min(eerdere, vertrek or eerdere) - DAY, vertrek),
            stay(1, "huurder", huurder),
            stay(1, "koper", date(2019, 1, 1), date(2019, 6, 1)),
        ],
        [] if inspectie is None else [inspection(1, inspectie, 2)],
        bronnen=ALL_BRONNEN,
        peildatum=P,
        overdrachten=[transfer(1, first, "koper", inschrijving_laatste=last, staat=None)],
        woz_waarden=[woz(1, year, waarde + 20_000 * (year - 2022)) for year in range(2019, 2025)],
        vergunningen=[] if vergunning is None else [permit(1, vergunning)],
    )
    every_day = [first + DAY * n for n in range((last - first).days + 1)]
    parameters = OPKOOPBESCHERMING.parameters
    said = []
    for days in (every_day, LAW.days_of_change(parameters, ["GM0392"])):
        table = judge(OPKOOPBESCHERMING, LAW.attach(derive_overdracht_facts(asked, days), parameters))
        said.append(table.select("uitkomst", "beslissend", "onbekende_feiten", "vergunbaar").row(0))
    assert said[0] == said[1]


def one(asked: RecordFrames) -> dict[str, Any]:
    return evaluate(OPKOOPBESCHERMING, asked, LAW).row(0, named=True)


def let(**more: Any) -> RecordFrames:
    """A signal, unless something is added or changed."""
    base: dict[str, Any] = {
        "overdrachten": [transfer(1, date(2023, 5, 2), "koper")],
        "woz_waarden": [woz(1, 2023, 430_000)],
        "bronnen": ALL_BRONNEN,
        "peildatum": P,
    }
    return frames([haarlem()], [stay(1, "huurder", date(2024, 2, 1))], **(base | more))


def right(persoon: str, aandeel: float | None, aard: str = "eigenaar") -> dict[str, Any]:
    return {
        "adresseerbaar_object_id": haarlem()["adresseerbaar_object_id"],
        "persoon": persoon,
        "aard_recht": aard,
        "aandeel": aandeel,
    }


def test_two_owners_of_the_whole_contradict_each_other() -> None:
    assert one(let())["uitkomst"] == "signaal"
    row = one(let(eigendom=[right("koper", 1.0), right("ander", 1.0)]))
    assert (row["uitkomst"], row["onbekende_feiten"]) == ("onbekend", ["tegenstrijdige_eigendom"])
    assert one(let(eigendom=[right("koper", 0.5), right("ander", 0.5)]))["uitkomst"] == "signaal"
    assert one(let(eigendom=[right("koper", 1.0), right("grond", 1.0, "erfpachter")]))["uitkomst"] == "signaal"


def test_an_owner_or_tenant_who_is_registered_twice_contradicts_himself() -> None:
    for who in ("huurder", "koper"):
        elsewhere = stay(2, who, date(2024, 1, 15))
        here = [stay(1, "huurder", date(2024, 2, 1)), stay(1, "koper", date(2024, 2, 1))]
        asked = frames(
            [haarlem(), haarlem(2)],
            [elsewhere, *(row for row in here if row["persoon"] in ("huurder", who))],
            bronnen=ALL_BRONNEN,
            peildatum=P,
            overdrachten=[transfer(1, date(2023, 5, 2), "koper")],
            woz_waarden=[woz(1, 2023, 430_000)],
        )
        row = one(asked)
        assert (row["uitkomst"], row["onbekende_feiten"]) == ("onbekend", ["tegenstrijdige_inschrijving"])


def test_whoever_holds_a_right_and_lives_there_clears_the_case() -> None:
    row = one(let(eigendom=[right("huurder", None, "vruchtgebruiker")]))
    assert (row["uitkomst"], row["beslissend"]) == ("geen_signaal", "eigenaar_woont_elders")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([woz(1, 2023, 900_000, aantal_objecten=2)], "onbekend"),
        ([woz(1, 2023, 430_000, aantal_objecten=2)], "signaal"),
        ([woz(1, 2023, 430_000, aantal_woz=2)], "onbekend"),
        ([woz(1, 2023, 500_000, aantal_woz=2)], "niet_van_toepassing"),
        (
            [woz(1, 2023, 200_000, aantal_woz=2), woz(1, 2023, 200_000, aantal_woz=2, woz_object="w1b")],
            "signaal",
        ),
        (
            [woz(1, 2023, 300_000, aantal_woz=2), woz(1, 2023, 200_000, aantal_woz=2, woz_object="w1b")],
            "onbekend",
        ),
        ([woz(1, 2023, None)], "onbekend"),
    ],
)
def test_a_value_of_more_dwellings_or_of_a_part_decides_only_where_it_must(
    values: list[dict[str, Any]], expected: str
) -> None:
    row = one(let(woz_waarden=values))
    assert row["uitkomst"] == expected
    if expected == "onbekend":
        assert row["onbekende_feiten"] == ["woz_waarde"]


def test_a_case_with_more_possible_days_is_explained_from_its_receipt() -> None:
    vague = transfer(1, date(2023, 1, 1), "koper", inschrijving_laatste=date(2023, 12, 31), inschrijving="2023")
    outcomes = evaluate(OPKOOPBESCHERMING, let(overdrachten=[vague]), LAW)
    row = with_receipts(OPKOOPBESCHERMING, outcomes, LAW).row(0, named=True)
    told = explain({name: row[name] for name in ("regel", "regel_versie", "feiten", "parameters")})
    assert (told.uitkomst, told.beslissend, told.onbekende_feiten) == ("onbekend", "waarde", ("inschrijving",))
    assert "inschrijving van de akte, zoals bekend: 2023" in told.text()


def test_an_explanation_as_a_table_holds_facts_law_and_sources() -> None:
    row = with_receipts(OPKOOPBESCHERMING, evaluate(OPKOOPBESCHERMING, let(), LAW), LAW).row(0, named=True)
    told = explain(row)
    table = told.rows()
    limits = [line for line in table if line["stap"] == "waarde"]
    assert {"WOZ", "te_bevestigen"} & {line["bron"] for line in limits} == {"WOZ"}
    assert 430_000.0 in [line["waarde"] for line in limits]
    assert any("haarlem.nl" in line["bron"] and line["waarde"] == 451_000.0 for line in limits)
    assert "Het was anders als het antwoord op vraag 13 nee was; dan was er geen signaal." in told.text()


def test_the_latest_transfer_that_is_surely_inscribed_answers_for_the_dwelling() -> None:
    transfers = [
        transfer(1, date(2023, 5, 2), "koper"),
        transfer(1, date(2024, 12, 1), "later"),
        transfer(1, date(2024, 1, 1), "mogelijk", inschrijving_laatste=date(2024, 12, 31), overdracht="vaag"),
    ]
    outcomes = evaluate(OPKOOPBESCHERMING, let(overdrachten=transfers), LAW)
    assert outcomes.height == 3
    assert answering_case(OPKOOPBESCHERMING, outcomes).get_column("overdracht_id").to_list() == [
        transfers[0]["overdracht"]
    ]


def test_order_of_rows_does_not_change_a_byte() -> None:
    asked = frames_of({n: Facts(date(2023, 6, n + 1), "levering", 430_000, "vrij", date(2024, 2, 1), False, None, None)
                       for n in range(9)})  # fmt: skip
    shuffled = RecordFrames(
        asked.peildatum,
        asked.adresseerbare_objecten.reverse(),
        bewoning=asked.bewoning.reverse(),
        overdrachten=asked.overdrachten.sample(fraction=1, shuffle=True, seed=3),
        woz_waarden=asked.woz_waarden.reverse(),
        bronnen=asked.bronnen,
    )
    once, again = (
        with_receipts(OPKOOPBESCHERMING, evaluate(OPKOOPBESCHERMING, one_order, LAW), LAW)
        for one_order in (asked, shuffled)
    )
    assert once.filter(pl.col("uitkomst") == "signaal").height == 9
    assert once.write_json() == again.write_json()


def test_clauses_and_transfers_do_not_mix() -> None:
    asked = let(bedingen=[clause(1, "koper", date(2023, 5, 2))])
    assert one(asked)["beding_id"] is None
