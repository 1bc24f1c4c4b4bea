"""Hands a signal over to the case system of the municipality, as a zaak of the ZGW Zaken API (1.5).

The reference of the zaak follows from the receipt of the signal. It is looked for before a zaak is made: whoever asks
twice, or asks again after an answer was lost, gets the same zaak. Nothing about residents or owners goes along: the
rule, the address, the peildatum and the receipt by which somebody with the right to it finds the signal here.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import httpx2
import jwt

from registry.clock import AMSTERDAM
from registry.errors import UsageError, WoonregisterError
from registry.store.engine import ReadConnection, Store
from registry.store.queries.adressen import read_adressen
from registry.store.queries.handover import ZaakOverdracht, find_overdracht, insert_overdracht
from registry.store.queries.signals import Judged, find_receipt

_SECONDS = 20.0
_SHOWN = 200  # of what the case system says, in a message
_CRS = {"Accept-Crs": "EPSG:4326", "Content-Crs": "EPSG:4326"}


class ZaaksysteemError(WoonregisterError):
    """The case system did not do what was asked; the signal stays here and can be handed over again."""

    code = "zaaksysteem"


@dataclass(frozen=True, slots=True)
class Zaaksysteem:
    """The case system of a municipality, and as what it knows this registry.

    Attributes:
        url: address of its Zaken API, without a slash at the end.
        client_id: name of this registry there.
        secret: the key that signs its requests.
        zaaktype: address of the zaaktype of a new zaak.
        rsin: of the municipality: it makes the zaak and answers for it.
    """

    url: str
    client_id: str
    secret: str = field(repr=False)
    zaaktype: str
    rsin: str


def hand_over(
    store: Store,
    systeem: Zaaksysteem,
    bewijs: str,
    *,
    auteur: str,
    moment: datetime,
    client: httpx2.Client | None = None,
) -> ZaakOverdracht:
    """Make a zaak of a signal, or give the one that was made of it.

    Args:
        store: the registry.
        systeem: where the zaak is made.
        bewijs: the receipt of the signal.
        auteur: the account that asks.
        moment: now.
        client: how the case system is reached; a new one when none is given.

    Raises:
        UsageError: no signal has this receipt.
        ZaaksysteemError: the case system cannot be reached, or refuses.
    """
    with store.read() as connection:
        judged = _signal(connection, bewijs)
        identificatie = _identificatie(judged, bewijs)
        known = find_overdracht(connection, zaaksysteem=systeem.url, identificatie=identificatie)
        if known is not None:
            return known
        adres = _adres(connection, judged)
    # No transaction is open while another system is awaited.
    with _Zaken(systeem, auteur, moment, client) as zaken:
        zaak = _zaak(systeem, judged, identificatie, bewijs, moment)
        made = zaken.find(identificatie) or zaken.create(zaak)
        zaak_url = str(made["url"])
        if adres is not None and not made.get("zaakobjecten"):
            zaken.place(zaak_url, adres)
    done = ZaakOverdracht(bewijs, judged.adresseerbaar_object_id, identificatie, systeem.url, zaak_url, auteur, moment)
    with store.write_transaction() as writer:
        known = find_overdracht(writer, zaaksysteem=systeem.url, identificatie=identificatie)
        if known is None:
            insert_overdracht(writer, done)
    return known or done


def _signal(connection: ReadConnection, bewijs: str) -> Judged:
    found = find_receipt(connection, bewijs)
    if not found:
        raise UsageError(f"Er is geen signaal met bewijsnummer {bewijs}.")
    return found[0]


def _identificatie(judged: Judged, bewijs: str) -> str:
    """At most 40 signs, the same for the same signal and no other."""
    seal = hashlib.sha256(f"{bewijs}/{judged.adresseerbaar_object_id}".encode()).hexdigest()[:12]
    return f"WR-{judged.evaluation.regel[:20]}-{seal}"


def _zaak(systeem: Zaaksysteem, judged: Judged, identificatie: str, bewijs: str, moment: datetime) -> dict[str, Any]:
    evaluation = judged.evaluation
    return {
        "identificatie": identificatie,
        "bronorganisatie": systeem.rsin,
        "verantwoordelijkeOrganisatie": systeem.rsin,
        "zaaktype": systeem.zaaktype,
        "startdatum": moment.astimezone(AMSTERDAM).date().isoformat(),
        "omschrijving": f"Signaal {evaluation.regel}, nog te beoordelen"[:80],
        "toelichting": (
            f"Woonregister: regel {evaluation.regel} (versie {evaluation.regel_versie}) gaf op peildatum "
            f"{evaluation.peildatum:%d-%m-%Y} een uitkomst die een mens moet beoordelen, voor adresseerbaar object "
            f"{judged.adresseerbaar_object_id}. Bewijsnummer: {bewijs}. Een signaal is geen vastgestelde overtreding."
        ),
        "vertrouwelijkheidaanduiding": "zaakvertrouwelijk",
        "kenmerken": [{"kenmerk": bewijs[:40], "bron": "Woonregister"}],
    }


def _adres(connection: ReadConnection, judged: Judged) -> dict[str, Any] | None:
    """The main address on the peildatum, as far as the BAG names it whole; the zaak names the object in any case."""
    evaluation = judged.evaluation
    adressen = read_adressen(
        connection,
        known=evaluation.known_run_id or 0,
        on=evaluation.peildatum,
        only=judged.adresseerbaar_object_id,
    )
    for row in adressen.iter_rows(named=True):
        if row["is_hoofdadres"] and row["straat"] and row["woonplaats"] and row["huisnummer"] is not None:
            return {
                "identificatie": row["nummeraanduiding_id"],
                "wplWoonplaatsNaam": row["woonplaats"],
                "gorOpenbareRuimteNaam": row["straat"],
                "huisnummer": row["huisnummer"],
                "huisletter": row["huisletter"] or "",
                "huisnummertoevoeging": row["huisnummertoevoeging"] or "",
                "postcode": row["postcode"] or "",
            }
    return None


class _Zaken:
    """The few calls of the Zaken API that a hand-over needs."""

    def __init__(self, systeem: Zaaksysteem, auteur: str, moment: datetime, client: httpx2.Client | None) -> None:
        self._systeem = systeem
        self._given = client
        self._client = client or httpx2.Client(timeout=_SECONDS)
        claims = {
            "iss": systeem.client_id,
            "iat": int(moment.timestamp()),
            "client_id": systeem.client_id,
            "user_id": auteur,
            "user_representation": auteur,
        }
        self._headers = _CRS | {"Authorization": f"Bearer {jwt.encode(claims, systeem.secret, algorithm='HS256')}"}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._given is None:
            self._client.close()

    def find(self, identificatie: str) -> dict[str, Any] | None:
        """The zaak that has this reference already."""
        query = {"identificatie": identificatie, "bronorganisatie": self._systeem.rsin}
        results: list[dict[str, Any]] = self._ask("GET", "/zaken", params=query)["results"]
        return results[0] if results else None

    def create(self, zaak: Mapping[str, Any]) -> dict[str, Any]:
        """Make a zaak, or give the one that another request made first."""
        try:
            return self._ask("POST", "/zaken", body=zaak)
        except ZaaksysteemError:
            # The Zaken API takes a reference once (identificatie-niet-uniek).
            earlier = self.find(str(zaak["identificatie"]))
            if earlier is None:
                raise
            return earlier

    def place(self, zaak_url: str, adres: Mapping[str, Any]) -> None:
        """Tell of which address the zaak is."""
        body = {"zaak": zaak_url, "objectType": "adres", "objectIdentificatie": dict(adres)}
        self._ask("POST", "/zaakobjecten", body=body)

    def _ask(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        try:
            response = self._client.request(
                method, f"{self._systeem.url}{path}", params=params, json=body, headers=self._headers
            )
        except httpx2.HTTPError as error:
            raise ZaaksysteemError(
                f"Het zaaksysteem is niet te bereiken ({type(error).__name__}). Er is niets overgedragen wat hier niet "
                "opnieuw kan: probeer het later nog eens."
            ) from error
        if response.is_error:
            raise ZaaksysteemError(
                f"Het zaaksysteem weigert de overdracht ({response.status_code}): {_reason(response)[:_SHOWN]}"
            )
        try:
            content = response.json()
        except ValueError as error:
            raise ZaaksysteemError("Het zaaksysteem gaf een antwoord dat niet te lezen is.") from error
        expected = "results" if method == "GET" else "url"
        if not isinstance(content, dict) or expected not in content:
            raise ZaaksysteemError(f"Het zaaksysteem gaf een antwoord zonder {expected}.")
        return content


def _reason(response: httpx2.Response) -> str:
    """What the case system says is wrong, as far as it says so in the form of the standard."""
    try:
        content = response.json()
    except ValueError:
        return "zonder uitleg"
    if not isinstance(content, dict):
        return "zonder uitleg"
    faults = [f"{one.get('name')}: {one.get('reason')}" for one in content.get("invalidParams") or ()]
    return "; ".join([str(content.get("detail") or content.get("title") or "zonder uitleg"), *faults])
