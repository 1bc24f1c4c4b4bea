"""The order and the reach of deliveries: what a delivery may say of what the registry knows already.

The written rules (docs/handleiding.md, Volgorde van leveringen):

- A complete delivery that is older than the newest one is refused, except of the BAG.
- The BAG says of every voorkomen when its own registration changed. An older delivery of it, an extract or mutations,
  is taken in as history: what is not known yet is added, and of what is known the later registration stays. Deliveries
  of the BAG therefore end in the same state in whatever order they come.
- An older partial delivery of another source is taken in, and said to be older: per row what came in last counts.
- A complete delivery of another gemeente than the registry holds is refused until someone says that it is meant.
"""

from dataclasses import dataclass
from datetime import date

from importers.records import Delivery
from importers.source import Levering
from registry.errors import SourceRefusedError
from registry.intake.checks import refuse_older_stand
from registry.store.engine import ReadConnection
from registry.store.history import Staging
from registry.store.queries.deliveries import KnownDelivery, read_deliveries
from registry.store.queries.runs import PreviousStand

HISTORY_SOURCES = frozenset({"bag"})
# When the registration of a voorkomen changed: the latest of these says which of two states is the later one.
MOMENTS = ("tijdstip_registratie_lv", "tijdstip_eind_registratie_lv", "tijdstip_inactief_lv", "tijdstip_niet_bag_lv")


@dataclass(frozen=True, slots=True)
class Place:
    """How a delivery is taken in: as what, and whether what is known goes before it."""

    levering: Levering
    is_history: bool = False


def place_of(
    connection: ReadConnection,
    bron: str,
    levering: Levering,
    leverdatum: date,
    delivery: Delivery,
    *,
    previous: PreviousStand | None,
    new_area: bool,
) -> Place:
    """Hold a delivery against those that went in before.

    Raises:
        SourceRefusedError: it is older than what is known, or of another gemeente.
    """
    if bron not in HISTORY_SOURCES:
        refuse_older_stand(leverdatum, previous)
        return Place(levering)
    known = read_deliveries(connection, bron)
    if levering == "stand" and not new_area:
        _refuse_other_area(known, delivery.area)
    area = set(delivery.area)
    newer = any(one.leverdatum > leverdatum for one in known if not one.area or not area or area & set(one.area))
    return Place("deel", is_history=True) if newer else Place(levering)


def keep_known(staging: Staging) -> int:
    """Leave out of a staged older delivery what is known as of a later registration; the number of those rows."""
    return staging.drop_older([name for name in MOMENTS if name in staging.columns])


def history_note(kept: int) -> str:
    """What a person is told of an older delivery."""
    return (
        "Deze levering is ouder dan wat al bekend is en is als geschiedenis ingelezen: "
        f"{kept} rijen bleven zoals ze uit een nieuwere levering bekend zijn."
    )


def older_notes(connection: ReadConnection, bron: str, leverdatum: date) -> list[str]:
    """What a person is told of a partial delivery that is older than one that went in before."""
    newest = max((one.leverdatum for one in read_deliveries(connection, bron)), default=leverdatum)
    if bron in HISTORY_SOURCES or newest <= leverdatum:
        return []
    text = (
        f"Deze levering is van {leverdatum:%d-%m-%Y}; van deze bron is al een levering van {newest:%d-%m-%Y} "
        "ingelezen. Van wat in beide staat geldt nu deze oudere; was dat niet de bedoeling, trek deze run dan in."
    )
    return [text]


def _refuse_other_area(known: list[KnownDelivery], area: tuple[str, ...]) -> None:
    stands = [one for one in known if one.levering == "stand"]
    held = {code for one in stands for code in one.area}
    if not area or not stands or any(not one.area for one in stands) or held & set(area):
        return
    raise SourceRefusedError(
        f"Deze levering gaat over gemeente {', '.join(area)}; de registratie bevat gemeente {', '.join(sorted(held))}. "
        "Hoort zij er ook bij, geef dan --nieuwe-gemeente."
    )
