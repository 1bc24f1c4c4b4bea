"""A second, naive reading of the generated files: plain Python, none of the project's importers or rules."""

import csv
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

from lxml import etree
from openpyxl import load_workbook

IN_USE = {"Verblijfsobject in gebruik", "Verblijfsobject in gebruik (niet ingemeten)"}
STOCK = IN_USE | {"Verblijfsobject buiten gebruik"}
JUDGED = IN_USE | {"Verbouwing verblijfsobject", "Plaats aangewezen"}


@dataclass
class Found:
    """One object as the BAG file says it stands."""

    status: str
    doelen: list[str]
    area: float | None
    adressen: list[str]
    kind: str
    pand_ids: list[str]
    certain: int = 0
    possible: int = 0
    norm: int = 12
    coa: bool = False
    counts: list[tuple[date, int, float | None]] = field(default_factory=list)


def members(path: Path) -> dict[str, bytes]:
    """Every XML in a zip of zips, by name."""
    found: dict[str, bytes] = {}

    def walk(content: bytes) -> None:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.endswith(".zip"):
                    walk(archive.read(name))
                else:
                    found[name] = archive.read(name)

    walk(path.read_bytes())
    return found


def read_bag(path: Path) -> tuple[dict[str, Found], dict[str, str]]:
    """Objects by id, and per nummeraanduiding the address as people write it, from the last voorkomens."""
    objects: dict[str, Found] = {}
    streets: dict[str, str] = {}
    numbers: dict[str, tuple[str, str]] = {}
    for name, content in sorted(members(path).items()):
        kind = next((code for code in ("OPR", "NUM", "VBO", "LIG", "STA") if name.startswith(f"0606{code}")), None)
        if kind is None:
            continue
        for record in (element[0] for element in etree.fromstring(content).iter() if _tag(element) == "bagObject"):
            texts: dict[str, list[str]] = {}
            for element in record.iter():
                texts.setdefault(_tag(element), []).append(element.text or "")
            if "eindGeldigheid" in texts:
                continue
            key = texts["identificatie"][0]
            if kind == "OPR":
                streets[key] = texts["naam"][0]
            elif kind == "NUM":
                addition = texts.get("huisnummertoevoeging")
                suffix = texts.get("huisletter", [""])[0] + (f"-{addition[0]}" if addition else "")
                text = (
                    f"{texts['huisnummer'][0]}{suffix}, {texts['postcode'][0][:4]} {texts['postcode'][0][4:]} Schiedam"
                )
                numbers[key] = texts["OpenbareRuimteRef"][0], text
            else:
                area = texts.get("oppervlakte")
                objects[key] = Found(
                    texts["status"][0],
                    texts.get("gebruiksdoel", []),
                    float(area[0]) if area else None,
                    texts["NummeraanduidingRef"],
                    kind,
                    texts.get("PandRef", []),
                )
    return objects, {key: f"{streets[street]} {text}" for key, (street, text) in numbers.items()}


def read_brp(path: Path) -> list[list[dict[str, str]]]:
    """Rows per persoonslijst, as ``{rubriek: value}``."""
    lists: list[list[dict[str, str]]] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        headers = next(rows)
        for row in rows:
            if row[0]:
                lists.append([])
            lists[-1].append(dict(zip(headers, row, strict=True)))
    return lists


def passes_elfproef(bsn: str) -> bool:
    """LO BRP 01.01.20."""
    return sum(int(digit) * weight for digit, weight in zip(bsn, (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0


def is_date(text: str) -> bool:
    """Whether an LO BRP date can exist, incomplete ones included."""
    if text == "00000000":
        return True
    month = text[4:6] if text[4:6] != "00" else "01"
    try:
        date.fromisoformat(text[:4] + month + (text[6:] if text[6:] != "00" else "01"))
    except ValueError:
        return False
    return True


def count_residents(objects: dict[str, Found], lists: list[list[dict[str, str]]], peildatum: date) -> int:
    """Count certain and possible residents into the objects; the number of lists that cannot be taken."""
    day, refused = f"{peildatum:%Y%m%d}", 0
    for rows in lists:
        if not passes_elfproef(rows[0]["01.01.20"]) or not all(is_date(row["08.10.30"] or day) for row in rows):
            refused += 1
            continue
        suspended, reason = rows[0]["07.67.10"], rows[0]["07.67.20"]
        if reason in ("F", "W") or (suspended and suspended <= day):
            continue
        here = rows[0]
        start = here["08.10.30"]
        uncertain = start == "00000000" or (start[:4] == day[:4] and start.endswith("00"))
        for place, row in enumerate(rows[:2]):
            target = objects.get(row["08.11.80"])
            if target is None or row["08.10.10"] != "W" or (row["08.83.10"] == "089999" and not row["08.83.30"]):
                continue
            if place == 0 and not uncertain:
                target.certain += 1
            elif uncertain:
                target.possible += 1
    return refused


def read_field(folder: Path, objects: dict[str, Found], addresses: dict[str, str]) -> Counter[str]:
    """Take inspecties and vaststellingen into the objects; the rows that cannot be taken, per source."""
    refused: Counter[str] = Counter()
    by_address = {addresses[number]: key for key, found in objects.items() for number in found.adressen}
    by_fields = {
        text.replace("-", "").replace(" ", "").replace(",", "").lower(): key for text, key in by_address.items()
    }
    book = load_workbook(folder / "inspecties.xlsx")
    rows = list(book["Inspecties"].iter_rows(values_only=True))
    for row in (dict(zip(rows[0], values, strict=False)) for values in rows[1:]):
        fields = "".join(
            str(row[name] or "") for name in ("Straat", "Huisnummer", "Toevoeging", "Postcode", "Woonplaats")
        )
        key = (
            row["BAG-id"]
            or by_address.get(row["Adres"])
            or by_fields.get(fields.replace("-", "").replace(" ", "").lower())
        )
        count = row["Aantal personen"]
        if key is None or isinstance(row["Datum bezoek"], str) or isinstance(count, str):
            refused["inspecties"] += 1
        elif count is not None:
            objects[key].counts.append((row["Datum bezoek"].date(), count, row["Gemeten oppervlakte (m2)"]))
    with (folder / "vaststellingen.csv").open(encoding="utf-8-sig", newline="") as file:
        for line in csv.DictReader(file, delimiter=";"):
            key = line["BAG-id"] or by_address.get(line["Adres"])
            known = line["Feit"] in {
                "woonwagen",
                "coa_opvang",
                "gemeten_oppervlakte",
                "gezamenlijk_huishouden",
                "huishoudens",
                "staat_bij_overdracht",
            }
            if key is None or not known:
                refused["vaststellingen"] += 1
            elif line["Feit"] == "woonwagen":
                objects[key].norm = 6
            elif line["Feit"] == "coa_opvang":
                objects[key].coa = True
            elif line["Feit"] == "gemeten_oppervlakte":
                objects[key].area = float(line["Waarde"])
    return refused


def judge(found: Found, peildatum: date) -> tuple[str, str]:
    """Overbewoning and adresverschil of one object; empty where it is neither signaal nor onbekend."""
    valid = [item for item in found.counts if peildatum - timedelta(days=365) < item[0] <= peildatum]
    registered = (found.certain, found.certain + found.possible)
    newest = max(valid)[1] if valid else None
    differs = newest is not None and not registered[0] <= newest <= registered[1]
    adresverschil = "signaal" if differs else ""
    if found.status not in JUDGED or found.coa or (found.kind == "VBO" and "woonfunctie" not in found.doelen):
        return "", adresverschil
    area = None if found.area in (1, 9999, 999999) else found.area
    if area is None:
        return "onbekend" if registered[1] else "", adresverschil
    counted = any(count * found.norm > (measured or area) for _, count, measured in valid)
    if counted or registered[0] * found.norm > area:
        return "signaal", adresverschil
    return "onbekend" if registered[1] * found.norm > area else "", adresverschil


def _tag(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
