"""What the law files say for a municipality on a date: in force, not confirmed, ending."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from rules.law_models import DatedValue, Waarde, in_force
from rules.ordinances import Geen
from rules.parameters import Law

_YEAR = timedelta(days=365)
# A huisvestingsverordening holds at most four years (article 4 lid 1 Huisvestingswet 2014).
_ORDINANCE_YEARS = 4


@dataclass(frozen=True, slots=True)
class LawLine:
    """One value in force, with its source; ``eindigt`` is the first day on which it no longer holds."""

    naam: str
    omschrijving: str
    waarde: Waarde
    eenheid: str | None
    van: date
    eindigt: date | None
    bron: str
    url: str | None
    te_bevestigen: bool
    eindigt_binnen_een_jaar: bool
    eigen_waarde: bool
    toelichting: str | None


def list_law(law: Law, gemeente: str | None, on: date) -> tuple[LawLine, ...]:
    """Every value in force on a date, the municipality's own ones marked; sorted by name.

    Args:
        law: the law files.
        gemeente: code of the municipality; None = the national values alone.
        on: the date.
    """
    return tuple(_lines(law, gemeente, on))


def _lines(law: Law, gemeente: str | None, on: date) -> Iterator[LawLine]:
    file = None if gemeente is None else law.gemeenten.get(gemeente)
    for name in sorted(law.parameters):
        value = law.value_at(name, gemeente, on)
        if value is None:
            continue
        entry = law.parameters[name]
        own = file is not None and in_force(file.parameters.get(name, ()), on) is not None
        yield LawLine(
            naam=name,
            omschrijving=entry.omschrijving,
            waarde=value.waarde,
            eenheid=entry.eenheid,
            van=value.van,
            eindigt=value.vervalt_met_ingang_van,
            bron=value.bron,
            url=value.url,
            te_bevestigen=value.status == "te_bevestigen",
            eindigt_binnen_een_jaar=_ends_soon(value, on),
            eigen_waarde=own,
            toelichting=value.toelichting,
        )


def _ends_soon(value: DatedValue, on: date) -> bool:
    end = value.vervalt_met_ingang_van
    return end is not None and end <= on + _YEAR


def law_warnings(law: Law, gemeente: str, on: date) -> tuple[str, ...]:
    """What an administrator has to look at, in Dutch: no file, an ordinance older than four years, unknown values."""
    file = law.gemeenten.get(gemeente)
    if file is None:
        return (f"Van {gemeente} is er geen wetsbestand: elke regel met een verordening geeft daar 'onbekend'.",)
    warnings = []
    for rule, found in sorted(file.regelingen.items()):
        if isinstance(found, Geen):
            continue
        current = in_force(found, on)
        if current is None:
            continue
        ends = current.van.replace(year=current.van.year + _ORDINANCE_YEARS, day=min(current.van.day, 28))
        if current.vervalt_met_ingang_van is None and ends <= on:
            warnings.append(
                f"{rule}: {current.naam} geldt sinds {current.van:%d-%m-%Y}; een huisvestingsverordening geldt ten "
                "hoogste vier jaar (artikel 4 lid 1 Huisvestingswet 2014)."
            )
        for name in ("gebieden", "grens_min", "aantal_personen"):
            value = law.value_at(f"{rule}.{name}", gemeente, on) if f"{rule}.{name}" in law.parameters else None
            if value is not None and value.waarde is None:
                warnings.append(f"{rule}: {law.parameters[f'{rule}.{name}'].omschrijving}: {value.toelichting}.")
    return tuple(warnings)
