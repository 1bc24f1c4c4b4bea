"""Accuracy and speed of address linking over the real BAG extract of Weesp.

(a) every address form that its history holds, asked on its own days and today, with as traps the old addresses that
now denote another object; (b) seeded noise over all its addresses; (c) the same noise while a fifth of the streets is
unknown: nothing should be linked to another object. The peer is what the exact levels alone would reach: the text
folded and looked up, without any guess.
"""

import importlib
import sys
import time
from datetime import date
from pathlib import Path

import polars as pl

from importers import bag
from importers.source import load_source
from registry.domain.adres import fold_straat, fold_suffix, parse_adres

HERE = Path(__file__).resolve().parent
EXTRACT = HERE.parent.parent / "shared" / "data" / "bag" / "lvbag-gemeente-weesp" / "BAGGEM0457L-15102021.zip"
STAND = date(2021, 10, 15)
TABLES = ("openbare_ruimten", "nummeraanduidingen", "verblijfsobjecten", "ligplaatsen", "standplaatsen")


def run(*, seed: int = 7) -> dict[str, float]:
    """Precision, recall and addresses a second, in all and per kind of noise; ``opzoeken`` is the peer."""
    sys.path.insert(0, str(HERE.parent / "tests" / "intake"))
    noise = importlib.import_module("address_noise")
    forms = noise.weesp_forms(_read_extract())
    current = noise.unique_addresses(noise.current(forms, STAND))

    historic = noise.judge(noise.historic_rows(forms, STAND), forms)
    traps = noise.judge(noise.trap_rows(forms, STAND), forms)
    rows = noise.noisy_rows(current, STAND, seed=seed)
    noise.judge(rows.head(1000), forms)
    began = time.perf_counter()
    judged = noise.judge(rows, forms)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    looked_up = _look_up(rows, current)
    looking_up = time.perf_counter() - began
    found = noise.accuracy(judged)
    unknown = pl.concat([noise.judge_unknown(forms, STAND, part=part) for part in range(5)])
    unseen = noise.judge(noise.noisy_rows(current, STAND, seed=seed, kinds=noise.UNSEEN), forms)
    figures = {
        "a_historische_adressen": historic.height,
        "a_precisie": noise.accuracy(historic)["precision"],
        "a_vindkans": noise.accuracy(historic)["recall"],
        "a_vallen": traps.height,
        "a_vallen_precisie": noise.accuracy(traps)["precision"],
        "a_vallen_vindkans": noise.accuracy(traps)["recall"],
        "b_adressen": judged.height,
        "b_precisie": found["precision"],
        "b_vindkans": found["recall"],
        "b_fout_gekoppeld": noise.wrong(judged).height,
        "b_vindkans_opzoeken": looked_up,
        "c_onbekende_straten": unknown.height,
        "c_fout_gekoppeld": noise.wrong(unknown).height,
        "adressen_per_seconde": judged.height / seconds,
        "tijd_ten_opzichte_van_opzoeken": seconds / looking_up,
        "fout_huisnummer_toch_gekoppeld": unseen.filter(status="gekoppeld").height / unseen.height,
    }
    for kind in noise.KINDS:
        per_kind = noise.accuracy(judged.filter(kind=kind))
        figures |= {f"b_{kind}_precisie": per_kind["precision"], f"b_{kind}_vindkans": per_kind["recall"]}
    return figures


def _look_up(rows: pl.DataFrame, current: pl.DataFrame) -> float:
    """The share that is found by folding the text and looking it up: by postcode, else by street."""
    by_postcode, by_street = {}, {}
    names = ("straat", "huisnummer", "huisletter", "huisnummertoevoeging", "postcode", "adresseerbaar_object_id")
    for straat, number, letter, addition, postcode, object_id in current.select(names).iter_rows():
        suffix = fold_suffix(letter, addition)
        by_postcode[postcode, number, suffix] = object_id
        by_street[fold_straat(straat), number, suffix] = object_id
    right = 0
    for adres, straat, number, suffix, postcode, truth in rows.select(
        "adres", "straat", "huisnummer", "suffix", "postcode", "truth"
    ).iter_rows():
        if adres is not None:
            reading = parse_adres(adres)
            straat, number, suffix, postcode = reading.straat, reading.huisnummer, reading.suffix, reading.postcode  # noqa: PLW2901 - one of two ways to write
        key = (number, fold_suffix(suffix))
        found = by_postcode.get((postcode, *key)) or by_street.get((fold_straat(straat or ""), *key))
        right += found == truth
    return right / rows.height


def _read_extract() -> dict[str, pl.DataFrame]:
    parts: dict[str, list[pl.DataFrame]] = {name: [] for name in TABLES}
    for batch in bag.read(EXTRACT, source=load_source("bag")).batches:
        if batch.record.name in parts:
            parts[batch.record.name].append(batch.frame)
    active = pl.all_horizontal(pl.col("^tijdstip_(inactief|inactief_lv|niet_bag_lv)$").is_null())
    return {name: pl.concat(frames).filter(active) for name, frames in parts.items()}


if __name__ == "__main__":
    for name, value in run().items():
        print(f"{name:50} {value:>14,.5f}")
