"""Addresses in answers of BRK Bevragen: of an object, and of where a person gets his post."""

from typing import Any

from importers.json_values import as_dict, as_text, as_whole


def address_of(adres: dict[str, Any]) -> dict[str, Any]:
    """An address of an object: the columns of a kadastraal adres, ``adres_sleutel`` null when it says nothing."""
    object_id = as_text(adres.get("adresseerbaarObjectIdentificatie"))
    nummer_id = as_text(adres.get("nummeraanduidingIdentificatie"))
    suffix = " ".join(filter(None, (as_text(adres.get(part)) for part in ("huisletter", "huisnummertoevoeging"))))
    row: dict[str, Any] = {
        "adresseerbaar_object_id": object_id,
        "nummeraanduiding_id": nummer_id,
        "adres": _lines(adres) if adres.get("straat") is None else None,
        "straat": as_text(adres.get("straat")),
        "huisnummer": as_whole(adres.get("huisnummer")),
        "suffix": suffix or None,
        "postcode": (as_text(adres.get("postcode")) or "").replace(" ", "").upper() or None,
        "woonplaats": as_text(adres.get("woonplaats")),
        "koppelingswijze": as_text(as_dict(adres.get("koppelingswijze")).get("waarde")),
    }
    typed = "|".join(str(row[name] or "") for name in ("adres", "straat", "huisnummer", "suffix", "postcode")).lower()
    row["adres_sleutel"] = object_id or nummer_id or (f"adres:{typed}" if typed.strip("|") else None)
    return row


def postal_line(body: dict[str, Any]) -> str | None:
    """Where a person gets his post, or lives, as one line."""
    for name in ("postadres", "woonadres"):
        adres = as_dict(body.get(name))
        parts = (
            adres.get(part)
            for part in ("straat", "huisnummer", "huisletter", "huisnummertoevoeging", "postbusnummer", "postcode")
        )
        typed = _lines(adres) or " ".join(str(part) for part in parts if part is not None)
        if typed:
            return typed
    return None


def _lines(adres: dict[str, Any]) -> str | None:
    lines = (as_text(adres.get(f"adresregel{number}")) for number in (1, 2))
    return ", ".join(filter(None, lines)) or None
