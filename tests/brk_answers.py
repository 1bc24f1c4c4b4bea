"""Answers of BRK Bevragen v2 as a test writes them: the shape of the specification, with only what a case needs."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def number(place: int) -> str:
    """The identificatie of a kadastraal object."""
    return f"{76870000000000 + place * 10000:014d}"


def persoon(identificatie: str, omschrijving: str, kind: str = "ingeschreven_natuurlijk_persoon") -> Json:
    """A person as a right names him."""
    return {"type": kind, "identificatie": identificatie, "omschrijving": omschrijving}


def company(rsin: str, omschrijving: str = "Huis BV") -> Json:
    """A legal person of the trade register."""
    return persoon(rsin, omschrijving, "ingeschreven_niet_natuurlijk_persoon")


def right(
    identificatie: str,
    holder: Json,
    *,
    aanvang: str | None = "2019-03-01",
    share: tuple[int, int] = (1, 1),
    kind: str = "eigenaar",
    stukdelen: Sequence[str] = (),
) -> Json:
    """A zakelijk gerechtigde."""
    tenaamstelling: Json = {"aandeel": {"teller": share[0], "noemer": share[1]}}
    if stukdelen:
        tenaamstelling["isGebaseerdOpStukdeelIdentificaties"] = list(stukdelen)
    found: Json = {"identificatie": identificatie, "type": kind, "persoon": holder, "tenaamstelling": tenaamstelling}
    return found | ({"aanvangsdatum": aanvang} if aanvang else {})


def zaak(key: str, dwelling: str | None, rights: Sequence[Json], **other: Any) -> Json:
    """A kadastraal onroerende zaak with its holders embedded."""
    adressen = {"adressen": [{"adresseerbaarObjectIdentificatie": dwelling}]} if dwelling else {}
    return {
        "identificatie": key,
        "domein": "NL.IMKAD.KadastraalObject",
        "type": "appartementsrecht",
        "kadastraleAanduiding": f"Schiedam K {key[5:10]}",
        "_embedded": {"zakelijkGerechtigden": list(rights)},
    } | adressen | other  # fmt: skip


def collection(zaken: Sequence[Json]) -> Json:
    """The answer to a search."""
    return {
        "_links": {"self": {"href": "/kadastraalonroerendezaken"}},
        "_embedded": {"kadastraalOnroerendeZaken": zaken},
    }


def stukdeel(identificatie: str, code: str, waarde: str, som: float | None = None) -> Json:
    """A part of a deed."""
    bedrag = {} if som is None else {"bedragTransactiesomLevering": {"som": som, "valuta": {"code": "EUR"}}}
    return {
        "identificatie": identificatie,
        "aard": {"code": code, "waarde": waarde},
        "_links": {"self": {"href": f"/stukdelen/{identificatie}"}},
    } | bedrag


def write(path: Path, *answers: Json) -> Path:
    """A file with these answers, one per line."""
    path.write_text("\n".join(json.dumps(answer) for answer in answers), encoding="utf-8")
    return path
