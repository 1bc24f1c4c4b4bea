"""What a letter says: the facts of a case by the names that templates use; what is not known is a visible blank.

A letter is a draft. A blank stands where a fact is missing or a person must decide; nothing is ever filled in for him.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import polars as pl

from registry.cases.amounts import Calculation, euro
from registry.cases.file import CaseFile
from registry.cases.kinds import BesluitSoort
from registry.cases.letter_fields import FIELDS, LISTS
from registry.cases.steps import step_rows
from registry.cases.subject import OBJECT
from rules.catalogue import find_rule

_MAX_FACTS = 60  # lines in a letter; the rest stands in the dossier, and the letter says so


class Brief(StrEnum):
    """The letters that come with the program."""

    INFORMATIEBRIEF = "informatiebrief"
    VOORAANKONDIGING = "vooraankondiging"
    LAST = "last-onder-dwangsom"
    BOETE = "boetebesluit"
    INTREKKING = "intrekking"


_DECISIONS = {
    Brief.VOORAANKONDIGING: (BesluitSoort.LAST, BesluitSoort.BOETE),
    Brief.LAST: (BesluitSoort.LAST,),
    Brief.BOETE: (BesluitSoort.BOETE,),
    Brief.INTREKKING: (BesluitSoort.LAST, BesluitSoort.BOETE, BesluitSoort.WAARSCHUWING),
}


@dataclass(frozen=True, slots=True)
class LetterInput:
    """What the registry does not know of a letter; left out is a blank.

    Attributes:
        datum: day of sending.
        sender: ``naam``, ``adres`` and ``rekening`` of the college.
        official: who handles the case.
        texts: further fields by name, such as ``last`` or ``afweging``.
    """

    datum: date | None = None
    sender: Mapping[str, str] = field(default_factory=dict)
    official: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)


def blank(what: str) -> str:
    """What stands in a draft where something is missing."""
    return f"[… in te vullen: {what} …]"


def letter_context(
    letter: str, file: CaseFile, given: LetterInput, *, calculation: Calculation | None = None
) -> dict[str, Any]:
    """Every field and list that a template may use; what is not known is a blank.

    Args:
        letter: its name: a value of ``Brief``, or the template of a municipality.
        file: of a case, an address or an owner.
        given: what the registry does not know.
        calculation: of a fine, when one was made.
    """
    decision = _decision(letter, file)
    values = {
        **_single(file, given),
        **_addressee(file, decision),
        **_dwelling(file, decision),
        **_decided(letter, decision),
    }
    values |= {name: text for name, text in given.texts.items() if text.strip()}
    context: dict[str, Any] = {}
    for name, what in FIELDS.items():
        head, _, tail = name.partition(".")
        text = values.get(name) or blank(what)
        if tail:
            context.setdefault(head, {})[tail] = text
        else:
            context[head] = text
    signals = _grounds(letter, file, decision)
    context["signalen"] = _filled("signalen", _signals(signals))
    context["inspecties"] = _filled("inspecties", _visits(file))
    context["feiten"] = _filled("feiten", _facts(file, signals))
    context["berekening"] = _filled("berekening", _calculation(calculation))
    context["onbekend"] = _unknown(file) or ["niets: alle feiten waarop de regels rusten zijn bekend"]
    return context


def _decision(letter: str, file: CaseFile) -> Mapping[str, Any] | None:
    """The latest version of the last decision that this letter may be about."""
    kinds = _DECISIONS.get(Brief(letter), ()) if letter in list(Brief) else tuple(BesluitSoort)
    fits = [row for row in file.papers.decisions if row["soort"] in kinds]
    return fits[-1] if fits else None


def _single(file: CaseFile, given: LetterInput) -> dict[str, str | None]:
    zaak = file.subject.zaak or {}
    return {
        "zaak": zaak.get("zaak"),
        "aanleiding": zaak.get("aanleiding"),
        "datum": _day(given.datum),
        "behandelaar": given.official,
        "afzender.naam": given.sender.get("naam"),
        "afzender.adres": given.sender.get("adres"),
        "afzender.rekening": given.sender.get("rekening"),
    }


def _addressee(file: CaseFile, decision: Mapping[str, Any] | None) -> dict[str, str | None]:
    """Who gets the letter: whom the decision names, else the only owner of the day. Of several a person chooses."""
    owners = file.parties.rows.filter(rol="eigenaar").to_dicts()
    current = [row for row in owners if row["tot"] is None or row["tot"] > file.peildatum]
    if decision is not None and decision["rechthebbende"]:
        current = [row for row in owners if decision["rechthebbende"].startswith(row["kenmerk"])]
    elif file.subject.rechthebbenden:
        current = [row for row in current if any(key.startswith(row["kenmerk"]) for key in file.subject.rechthebbenden)]
    keys = {row["kenmerk"] for row in current}
    if len(keys) > 1:
        names = "; ".join(dict.fromkeys(row["naam"] or f"eigenaar {row['kenmerk']}" for row in current))
        return {"geadresseerde.naam": blank(f"kies uit {len(keys)} eigenaren: {names}")}
    role = (decision or {}).get("hoedanigheid") or (current[0]["recht"] if current else None)
    return {"geadresseerde.naam": current[0]["naam"] if current else None, "geadresseerde.hoedanigheid": role}


def _dwelling(file: CaseFile, decision: Mapping[str, Any] | None) -> dict[str, str | None]:
    """The dwelling that the letter is about; of more than one all addresses."""
    rows = file.overview.to_dicts()
    if decision is not None and decision[OBJECT]:
        rows = [row for row in rows if row[OBJECT] == decision[OBJECT]]
    if not rows:
        return {}
    parts = {"adres": "adres", "postcode": "postcode", "woonplaats": "woonplaats", "bag_id": OBJECT}
    return {
        f"woning.{name}": ", ".join(dict.fromkeys(row[key] for row in rows if row[key])) for name, key in parts.items()
    }


def _decided(letter: str, decision: Mapping[str, Any] | None) -> dict[str, str | None]:
    kinds = _DECISIONS.get(Brief(letter), ()) if letter in list(Brief) else ()
    alone = kinds[0].value if len(kinds) == 1 else None
    if decision is None:
        return {"besluit.soort": alone}
    return {
        "artikel": decision["artikel"],
        "besluit.soort": decision["soort"],
        "besluit.nummer": str(decision["nummer"]),
        "besluit.versie": str(decision["versie"]),
        "besluit.datum": _day(decision["datum"]),
        "besluit.overtreding_op": _day(decision["overtreding_op"]),
        "besluit.begunstiging_tot": _day(decision["begunstiging_tot"]),
        "besluit.bedrag": None if decision["bedrag"] is None else euro(decision["bedrag"]),
        "besluit.bedrag_per": decision["bedrag_per"],
        "besluit.bedrag_ten_hoogste": (
            None if decision["bedrag_ten_hoogste"] is None else euro(decision["bedrag_ten_hoogste"])
        ),
    }


def _grounds(letter: str, file: CaseFile, decision: Mapping[str, Any] | None) -> pl.DataFrame:
    """The outcomes that a letter may rest on: a lead is no ground for a decision, nor is another rule than its own."""
    if letter == Brief.INFORMATIEBRIEF:
        return file.signals
    leads = [name for name in file.signals["regel"].unique().to_list() if find_rule(name).lead]
    grounds = file.signals.filter(~pl.col("regel").is_in(leads))
    if decision is not None and decision["regel"]:
        grounds = grounds.filter(regel=decision["regel"])
    if decision is not None and decision[OBJECT]:
        grounds = grounds.filter(pl.col(OBJECT) == decision[OBJECT])
    return grounds


def _signals(signals: pl.DataFrame) -> Iterable[dict[str, Any]]:
    for row in signals.iter_rows(named=True):
        told = row["zin"] or f"{row['regel'].replace('_', ' ')}: {row['uitkomst']}"
        yield {
            "adres": row["adres"],
            "regel": row["regel"].replace("_", " "),
            "zin": told,
            "peildatum": _day(row["peildatum"]),
            "bewijs": row["bewijs"],
        }


def _visits(file: CaseFile) -> Iterable[dict[str, Any]]:
    for row in file.visits.iter_rows(named=True):
        yield {
            "adres": row["adres"],
            "datum": _day(row["datum"]),
            "resultaat": row["resultaat"],
            "personen": None if row["aantal_personen"] is None else f"{row['aantal_personen']} personen",
            "huishoudens": None if row["huishoudens"] is None else f"{row['huishoudens']} huishoudens",
            "ondertekend_door": row["ondertekend_door"],
        }


def _facts(file: CaseFile, signals: pl.DataFrame) -> Iterable[dict[str, Any]]:
    """The facts behind the outcomes, each once; not those whose value is unknown."""
    seen: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in step_rows(signals, file.runs):
        if row.get("waarde") is None or row.get("run_id") is None:
            continue
        value = " ".join(str(part) for part in (row["waarde"], row.get("eenheid")) if part)
        where = f"{row['adres']}: {row['gegeven']}" if len(file.subject.objects) > 1 else row["gegeven"]
        fact = {"gegeven": where, "waarde": value, "bron": row["bron"], "leverdatum": _day(row.get("leverdatum"))}
        seen.setdefault((where, value), fact)
    facts = list(seen.values())
    yield from facts[:_MAX_FACTS]
    if len(facts) > _MAX_FACTS:
        more = f"nog {len(facts) - _MAX_FACTS} feiten"
        yield {"gegeven": more, "waarde": "zie het dossier", "bron": "blad Toetsing", "leverdatum": "zie daar"}


def _calculation(calculation: Calculation | None) -> Iterable[dict[str, Any]]:
    if calculation is None:
        return
    for step in calculation.stappen:
        doubt = "te bevestigen" if step.status == "te_bevestigen" else None
        told = "; ".join(part for part in (step.toelichting, doubt) if part)
        yield {"vraag": step.vraag, "antwoord": step.antwoord, "grond": step.grond, "toelichting": told}
    yield {"vraag": calculation.waarschuwing, "antwoord": "", "grond": "Awb 5:46", "toelichting": ""}


def _unknown(file: CaseFile) -> list[str]:
    told = {row["onbekend"] for row in file.signals.iter_rows(named=True) if row["onbekend"]}
    open_points = [f"{check.controle}: {check.bevinding}" for check in file.checks if check.antwoord == "onbekend"]
    return sorted(told) + list(dict.fromkeys(open_points))


def _filled(name: str, items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The items with a blank for what is not known; one item of blanks when there are none."""
    optional = ("toelichting",)
    keys = LISTS[name]
    rows = [
        {
            key: item.get(key) if item.get(key) is not None or key in optional else blank(key.replace("_", " "))
            for key in keys
        }
        for item in items
    ]
    return rows or [{key: "" if key in optional else blank(f"{name}: {key.replace('_', ' ')}") for key in keys}]


def _day(day: date | None) -> str | None:
    return None if day is None else f"{day:%d-%m-%Y}"
