"""What an inspector gets to see at a door: address, facts and fields; no outcome, no reason, no sample.

More cases of one dwelling are one door: people are visited once. The facts are those that every dwelling has, so that
a case drawn by lot looks like any other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from importers.source import Source, load_source
from registry.worklists.opened import OpenedList, OpenedRow
from registry.worklists.recheck import describe_facts
from rules.catalogue import find_rule

FieldKind = Literal["choice", "count", "number", "text", "long", "date", "time", "yes_no"]


@dataclass(frozen=True, slots=True)
class Door:
    """One dwelling of a list.

    Attributes:
        number: place in the round, from 1.
        adresseerbaar_object_id: BAG id.
        adres: address line.
        postcode: postcode.
        woonplaats: woonplaats.
        buurt: name of the buurt.
        stop: equal for doors at one address.
        subjects: Dutch titles of the rules for which the visit is made.
        bewijzen: receipts that the visit answers.
        facts: Dutch lines: what the registers say.
        changed: Dutch: which facts changed since the list was placed; empty when none.
        row_ids: cases of the list.
        bewoners: names of residents, where role and setting allow; else empty.
    """

    number: int
    adresseerbaar_object_id: str
    adres: str
    postcode: str | None
    woonplaats: str | None
    buurt: str | None
    stop: str
    subjects: tuple[str, ...]
    bewijzen: tuple[str, ...]
    facts: tuple[str, ...]
    changed: str
    row_ids: tuple[int, ...]
    bewoners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VisitField:
    """A field of the form at the door; ``inside`` ones are asked only where there was access."""

    key: str
    label: str
    kind: FieldKind
    group: str
    help: str = ""
    unit: str = ""
    inside: bool = False
    choices: tuple[tuple[str, str], ...] = ()  # code, label


_REPORT: Final = "Verslag"
_FIELDS: Final = (
    VisitField("resultaat", "Resultaat", "choice", "Bezoek"),
    VisitField("datum", "Datum", "date", "Bezoek"),
    VisitField("tijd", "Tijd", "time", "Bezoek"),
    VisitField("soort_bezoek", "Soort bezoek", "choice", "Bezoek"),
    VisitField("legitimatie", "Ik heb mij gelegitimeerd", "yes_no", "Toegang"),
    VisitField("doel", "Meegedeeld doel", "text", "Toegang"),
    VisitField("toestemming_van", "Toestemming van", "text", "Toegang", "Een rol, bijvoorbeeld bewoner; geen naam.",
               inside=True),
    VisitField("machtiging", "Kenmerk machtiging", "text", "Toegang", "Bij toegang met machtiging.", inside=True),
    VisitField("aantal_personen", "Aantal personen", "count", "Geteld", "Hoeveel mensen er wonen, naar uw telling.",
               inside=True),
    VisitField("huishoudens", "Huishoudens", "count", "Geteld", inside=True),
    VisitField("kamers", "Kamers", "count", "Geteld", inside=True),
    VisitField("slaapplaatsen", "Slaapplaatsen", "count", "Geteld", inside=True),
    VisitField("gemeten_oppervlakte", "Gemeten oppervlakte", "number", "Geteld", unit="m2", inside=True),
    VisitField("relaties", "Relaties", "text", "Opgegeven", "Zoals opgegeven: gezin, collega's.", inside=True),
    VisitField("huurprijs", "Huur per maand", "number", "Opgegeven", unit="EUR", inside=True),
    VisitField("verhuurder", "Verhuurder", "text", "Opgegeven", inside=True),
    VisitField("voorzieningen", "Voorzieningen", "text", "Opgegeven", "Keukens, toiletten, douches.", inside=True),
    VisitField("werkwijze", "Werkwijze", "long", _REPORT, "Hoe u keek, vroeg, telde en mat."),
    VisitField("feiten", "Feiten", "long", _REPORT, "Wat u zag en hoorde; nog geen oordeel."),
    VisitField("gebreken", "Gebreken", "text", _REPORT, "Gescheiden door een puntkomma.", inside=True),
    VisitField("conclusie", "Conclusie", "long", _REPORT, "Los van de feiten: wat u ervan vindt."),
    VisitField("opmerkingen", "Opmerkingen", "long", _REPORT, "Geen namen of burgerservicenummers."),
    VisitField("volgend_bezoek", "Volgend bezoek", "choice", "Hierna"),
    VisitField("volgend_bezoek_vanaf", "Niet eerder dan", "date", "Hierna"),
)  # fmt: skip
INSIDE: Final = ("toegang_met_toestemming", "toegang_met_machtiging")
"""Results with which the fields of inside are asked."""


def visit_fields() -> tuple[VisitField, ...]:
    """The fields of the form with their choices, which are those that ``importers/inspecties.yml`` reads back."""
    source = load_source("inspecties")
    return tuple(
        VisitField(
            field.key, field.label, field.kind, field.group, field.help, field.unit, field.inside,
            choices_of(source, field.key) if field.kind == "choice" else (),
        )
        for field in _FIELDS
    )  # fmt: skip


def choices_of(source: Source, lookup: str) -> tuple[tuple[str, str], ...]:
    """The codes of a lookup, each with its first label."""
    labels: dict[str, str] = {}
    for label, code in source.lookups[lookup].items():
        labels.setdefault(code, label)
    return tuple(labels.items())


def list_doors(opened: OpenedList, bewoners: Mapping[str, Sequence[str]] | None = None) -> list[Door]:
    """The doors of a list in order of visit.

    Args:
        opened: the list.
        bewoners: names of residents per object, where role and setting allow them.
    """
    cases: dict[str, list[OpenedRow]] = {}
    for one in opened.rows:
        cases.setdefault(one.row.adresseerbaar_object_id, []).append(one)
    return [
        _door(number, rows, tuple((bewoners or {}).get(object_id, ())))
        for number, (object_id, rows) in enumerate(cases.items(), 1)
    ]


def _door(number: int, rows: list[OpenedRow], bewoners: tuple[str, ...]) -> Door:
    row = rows[0].row
    changes: dict[str, list[Any]] = {}
    for one in rows:
        changes |= one.changed_facts
    return Door(
        number=number,
        adresseerbaar_object_id=row.adresseerbaar_object_id,
        adres=row.adres,
        postcode=row.postcode,
        woonplaats=row.woonplaats,
        buurt=row.buurt,
        stop=row.stop,
        subjects=tuple(dict.fromkeys(find_rule(one.row.regel).title for one in rows)),
        bewijzen=tuple(dict.fromkeys(one.row.bewijs for one in rows)),
        facts=_facts(rows),
        changed=describe_facts(changes),
        row_ids=tuple(one.row.worklist_row_id for one in rows),
        bewoners=bewoners,
    )


def _facts(rows: list[OpenedRow]) -> tuple[str, ...]:
    """What every dwelling has: registered persons, area, and the end of a term where there is one."""
    lines = []
    for one in rows:
        receipt = one.receipt
        if receipt.personen_min is not None:
            most = receipt.personen_max
            more = f", ten hoogste {most}" if most is not None and most != receipt.personen_min else ""
            lines.append(f"Ingeschreven personen: {receipt.personen_min}{more}")
        if receipt.oppervlakte is not None:
            lines.append(f"Gebruiksoppervlakte: {receipt.oppervlakte:g} m2")
        if receipt.feiten.get("inspectie_datum"):
            lines.append(f"Laatste inspectie: {_dutch_day(receipt.feiten['inspectie_datum'])}")
    return tuple(dict.fromkeys(lines))


def _dutch_day(text: str) -> str:
    return f"{date.fromisoformat(text):%d-%m-%Y}"
