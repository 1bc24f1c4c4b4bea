"""Makes a synthetic municipality: real source files, and a manifest of what must come out of them."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

from registry.demo.bag_files import write_bag
from registry.demo.brp_files import number_persons, write_brp
from registry.demo.casebook import Cases
from registry.demo.cases import CASES
from registry.demo.field_files import extent_of, write_gebieden, write_inspecties, write_vaststellingen
from registry.demo.folder import clear_folder
from registry.demo.manifest import MANIFEST_NAME, CaseFound, Manifest, TroubleFound, Verwacht
from registry.demo.owners import assign_owners
from registry.demo.people import Bevolking, Verblijf, populate, ymd
from registry.demo.property_cases import PROPERTY_CASES, PropertyCase, make_property_cases
from registry.demo.register_files import (
    number_outsiders,
    write_bedingen,
    write_brk,
    write_corporaties,
    write_meldingen,
    write_vergunningen,
    write_woz,
)
from registry.demo.registers import (
    SOURCES,
    Registers,
    add_ordinary,
    count_registers,
    keep_registers,
    registers_set_aside,
)
from registry.demo.town import GEMEENTE, AdresseerbaarObject, Town, build_town
from registry.demo.troubles import (
    DWELLINGS_OF_REFERENCE,
    RESIDENTS_OF_REFERENCE,
    TROUBLES,
    Trouble,
    scaled_number,
)
from registry.errors import ExportError, UsageError

SMALLEST: Final = 60
LARGEST: Final = 80_000
_FIRST_YEAR: Final = 2015
_OWNERS_SEED: Final = 1_000_003
_PORTIEK: Final = 3  # dwellings from which a house number without addition names nobody's address


def make_municipality(folder: Path, *, peildatum: date, woningen: int = 5400, seed: int = 606) -> Manifest:
    """Write the source files of a synthetic municipality and ``demo-manifest.json`` into ``folder``.

    The same arguments give the same bytes.

    Args:
        folder: is made when it does not exist; files of an earlier run are replaced.
        peildatum: day on which the expected outcome holds; the deliveries are of that month.
        woningen: dwellings in the stock (CBS definition).
        seed: another number gives another municipality.

    Raises:
        UsageError: too few or too many dwellings, a peildatum before 2015, or a folder that holds other files.
        ExportError: the disk is full, or a file cannot be written.
    """
    if not SMALLEST <= woningen <= LARGEST:
        raise UsageError(f"Kies voor --woningen een getal van {SMALLEST} tot en met {LARGEST}.")
    if peildatum.year < _FIRST_YEAR:
        raise UsageError(f"Kies een peildatum vanaf 1 januari {_FIRST_YEAR}: de voorbeeldgemeente begint dan.")
    clear_folder(folder)
    rng = Random(seed)  # noqa: S311 (a reproducible example, no secret)
    town = build_town(rng, _stand(peildatum), woningen)
    stock = list(town.objecten)
    cases = Cases(town, Bevolking(rng, peildatum), rng, peildatum)
    placed = _place_troubles(cases, stock, woningen)
    _populate_the_rest(cases, stock, woningen)
    # A source of its own: who owns what must not change who lives where.
    owners = assign_owners(cases.bevolking, stock, rng=Random(seed + _OWNERS_SEED))  # noqa: S311 (as above)
    registers = keep_registers(owners)
    property_cases = make_property_cases(cases, registers, woningen)
    add_ordinary(registers, stock, woningen)
    try:
        manifest = Manifest(
            gemeente=f"GM{GEMEENTE}",
            woningen=woningen,
            seed=seed,
            peildatum=peildatum,
            bag_stand=town.stand,
            bestanden=_write(folder, cases, registers),
            verwacht=_expect(cases, stock, placed, registers),
            troubles={trouble.name: _found(trouble, placed[trouble.name]) for trouble in TROUBLES},
            gevallen={case.name: _found_case(case, property_cases[case.name]) for case in PROPERTY_CASES},
        )
        (folder / MANIFEST_NAME).write_text(manifest.to_json(), encoding="utf-8")
    except OSError as error:
        raise ExportError(
            f"De voorbeeldgemeente is niet te schrijven naar {folder}: {error.strerror}. "
            "Maak ruimte vrij of kies een andere map."
        ) from error
    return manifest


def _write(folder: Path, cases: Cases, registers: Registers) -> dict[str, str]:
    """Write every delivery; the file names per source, in the order in which they are to be imported."""
    town, rng, peildatum = cases.town, cases.rng, cases.peildatum
    extent = extent_of(town)
    bag = write_bag(folder, town, rng=rng, extent=extent)
    people = number_persons(cases.bevolking.persoonslijsten, rng)
    number_outsiders(registers.owners, len(people))
    return {
        "bag": bag,
        "gebieden": write_gebieden(folder, extent, year=peildatum.year),
        "brp": write_brp(folder, people),
        "corporaties": write_corporaties(folder, registers.owners),
        "brk": write_brk(folder, registers.owners),
        "woz": write_woz(folder, registers),
        "vergunningen": write_vergunningen(folder, registers.vergunningen),
        "bedingen": write_bedingen(folder, registers.bedingen),
        "meldingen": write_meldingen(folder, registers.meldingen, peildatum=peildatum),
        "inspecties": write_inspecties(folder, cases.inspecties, peildatum=peildatum),
        "vaststellingen": write_vaststellingen(folder, cases.vaststellingen),
    }


def _stand(peildatum: date) -> date:
    """The last fifteenth of a month: the day on which the LVBAG makes its monthly extract."""
    in_month = peildatum if peildatum.day >= 15 else peildatum.replace(day=1) - timedelta(days=1)
    return in_month.replace(day=15)


def _place_troubles(
    cases: Cases, stock: list[AdresseerbaarObject], woningen: int
) -> dict[str, list[AdresseerbaarObject]]:
    """Give every trouble its objects and make the case in each; the objects per trouble."""
    free = list(stock)
    cases.rng.shuffle(free)
    placed: dict[str, list[AdresseerbaarObject]] = {}
    # Those that need a special place choose first.
    for trouble in sorted(TROUBLES, key=lambda trouble: trouble.place != "portiek"):
        targets = [_target(cases, trouble, free) for _ in range(scaled_number(trouble.number, woningen))]
        for target in targets:
            target.trouble = trouble.name
            CASES[trouble.name](cases, target)
        placed[trouble.name] = targets
    return placed


def _target(cases: Cases, trouble: Trouble, free: list[AdresseerbaarObject]) -> AdresseerbaarObject:
    """An object for a trouble, taken from the free dwellings or added beside the stock."""
    town = cases.town
    if trouble.place == "woning":
        return free.pop()
    if trouble.place == "portiek":
        found = next(place for place, dwelling in enumerate(free) if len(dwelling.panden[0].objecten) >= _PORTIEK)
        return free.pop(found)
    if trouble.place == "verblijfsobject":
        return _add_beside_stock(town, trouble.name)
    return town.add_place("Ligplaats" if trouble.place == "ligplaats" else "Standplaats")


def _add_beside_stock(
    town: Town, trouble: str, gebruiksdoelen: Sequence[str] = ("woonfunctie",)
) -> AdresseerbaarObject:
    """One more verblijfsobject in an existing pand, with a huisnummertoevoeging of its own."""
    pand = town.rng.choice(town.panden)
    suffix = "", f"W{len(pand.objecten) + 1}"
    made = town.add_verblijfsobject(
        pand, suffix, oppervlakte=town.rng.randint(40, 120), gebruiksdoelen=tuple(gebruiksdoelen)
    )
    made.trouble = trouble
    return made


def _populate_the_rest(cases: Cases, stock: list[AdresseerbaarObject], woningen: int) -> None:
    """Ordinary dwellings, all clearly within the norm, and what stands beside the stock in any town."""
    rng, town, bevolking = cases.rng, cases.town, cases.bevolking
    for number in range(scaled_number(12, woningen)):
        ligplaats = town.add_place("Ligplaats")
        cases.establish(ligplaats, "gemeten_oppervlakte", str(60 + number % 20))
        bevolking.household(ligplaats, 1 + number % 3)
    ordinary = [dwelling for dwelling in stock if not dwelling.trouble]
    inhabited = []
    for dwelling in ordinary:
        chance = rng.random()
        if chance < 0.015:
            dwelling.status = "Verblijfsobject buiten gebruik"
            continue
        if chance < 0.04:
            dwelling.status = "Verblijfsobject in gebruik (niet ingemeten)"
        elif chance < 0.06:
            dwelling.gebruiksdoelen = ("woonfunctie", rng.choice(("kantoorfunctie", "winkelfunctie")))
        elif chance < 0.063:
            town.add_nevenadres(dwelling)
        inhabited.append(dwelling)
    wanted = round(woningen * RESIDENTS_OF_REFERENCE / DWELLINGS_OF_REFERENCE) - _residents(cases).total()
    populate(bevolking, inhabited, max(wanted, round(1.5 * len(inhabited))))
    _house_movers(cases, inhabited)
    for _ in range(scaled_number(220, woningen)):
        doel = rng.choice(("winkelfunctie", "kantoorfunctie", "bijeenkomstfunctie", "industriefunctie"))
        _add_beside_stock(town, "", (doel,))
    for _ in range(scaled_number(25, woningen)):
        _add_beside_stock(town, "").status = "Verblijfsobject gevormd"
    for _ in range(scaled_number(10, woningen)):
        withdrawn = _add_beside_stock(town, "")
        withdrawn.status = rng.choice(("Verblijfsobject ingetrokken", "Niet gerealiseerd verblijfsobject"))
        withdrawn.ended = town.stand - timedelta(days=rng.randint(30, 700))


def _house_movers(cases: Cases, dwellings: Sequence[AdresseerbaarObject]) -> None:
    """Move people to ordinary dwellings that stay clearly within the norm with them."""
    residents = _residents(cases)
    roomy = [dwelling for dwelling in dwellings if residents[dwelling.adresseerbaar_object_id] < dwelling.capacity]
    for person, dwelling in zip(cases.movers, cases.rng.sample(roomy, len(cases.movers)), strict=True):
        moved = ymd(cases.bevolking.days_ago(20, 700))
        person.verblijven.insert(0, Verblijf(moved, dwelling.hoofdadres, dwelling, aangifte="P"))
        person.lives_in = dwelling


def _residents(cases: Cases) -> Counter[str]:
    """Certain residents per object."""
    return Counter(
        person.lives_in.adresseerbaar_object_id
        for person in cases.bevolking.persoonslijsten
        if person.lives_in is not None
    )


def _expect(
    cases: Cases,
    stock: Sequence[AdresseerbaarObject],
    placed: dict[str, list[AdresseerbaarObject]],
    registers: Registers,
) -> Verwacht:
    """The outcome that follows from the troubles that were placed."""
    overbewoning: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    adresverschil: Counter[str] = Counter()
    uitval: Counter[str] = Counter(dict.fromkeys(SOURCES, 0))
    for trouble in TROUBLES:
        number = len(placed[trouble.name])
        overbewoning[trouble.overbewoning] += number
        reasons[trouble.reason] += number
        adresverschil[trouble.adresverschil] += number
        uitval[trouble.set_aside] += number
    for counter in (overbewoning, reasons, adresverschil, uitval):
        del counter[""]
    residents = _residents(cases)
    return Verwacht(
        woningvoorraad=len(stock),
        inwoners=residents.total(),
        inwoners_in_voorraad=sum(residents[dwelling.adresseerbaar_object_id] for dwelling in stock),
        overbewoning=dict(overbewoning),
        onbekend_per_reden=dict(reasons),
        adresverschil=dict(adresverschil),
        uitval=dict(uitval) | registers_set_aside(registers),
        eigendom=dict(Counter(recht.soort for recht in registers.owners.rechten.values())),
        aantallen=count_registers(registers),
    )


def _found(trouble: Trouble, objects: Sequence[AdresseerbaarObject]) -> TroubleFound:
    return TroubleFound(
        omschrijving=trouble.description,
        overbewoning=trouble.overbewoning,
        reden=trouble.reason,
        adresverschil=trouble.adresverschil,
        uitval=trouble.set_aside,
        objecten=tuple(sorted(target.adresseerbaar_object_id for target in objects)),
    )


def _found_case(case: PropertyCase, objects: Sequence[AdresseerbaarObject]) -> CaseFound:
    return CaseFound(
        omschrijving=case.description,
        regel=case.regel,
        uitkomst=case.uitkomst,
        uitval=case.set_aside,
        objecten=tuple(sorted(target.adresseerbaar_object_id for target in objects)),
    )
