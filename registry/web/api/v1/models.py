"""What the API takes and gives: camelCase keys, Dutch nouns, dates as in ISO 8601."""

import json
from datetime import date
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, field_validator
from pydantic.alias_generators import to_camel

ObjectId = Annotated[str, Field(pattern=r"^[0-9]{16}$", examples=["0606010000000042"])]
Page = Annotated[int, Query(ge=1, le=10_000, description="Bladzijde, vanaf 1.")]


class Resource(BaseModel):
    """Of which all others are made: camelCase outside, as here inside."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, from_attributes=True)


class AdresseerbaarObject(Resource):
    """A dwelling as a search finds it."""

    identificatie: ObjectId
    adres: str = Field(description="Adres waaronder het is gevonden", examples=["Kerkstraat 12 A"])
    postcode: str | None = Field(examples=["3111AA"])
    woonplaats: str | None = Field(examples=["Schiedam"])
    status: str = Field(examples=["Verblijfsobject in gebruik"])
    huidig_adres: bool = Field(description="Of het adres nu geldt")


class AdresseerbareObjecten(Resource):
    """What a search found; no more than fifty."""

    adresseerbare_objecten: list[AdresseerbaarObject]


class Signaal(Resource):
    """An outcome of a rule that a person must assess; never an established breach."""

    bewijs: str = Field(description="Bewijsnummer: hiermee is de uitkomst opnieuw te berekenen")
    regel: str = Field(examples=["overbewoning"])
    uitkomst: str = Field(examples=["signaal"])
    peildatum: date
    adresseerbaar_object_id: ObjectId
    overdracht_id: str | None = None
    beding_id: str | None = None
    urgentie: str | None = Field(default=None, examples=["hoog"])
    periode_van: date | None = Field(default=None, description="Sinds wanneer de toestand er is")
    tot: date | None = Field(default=None, description="Waarop een termijn eindigt")
    onbekende_feiten: list[str] = Field(default=[], description="Wat ontbreekt om te beslissen")

    @field_validator("onbekende_feiten", mode="before")
    @classmethod
    def _read_list(cls, kept: object) -> object:
        """The store keeps a list of texts as JSON."""
        return json.loads(kept) if isinstance(kept, str) else kept


class Signalen(Resource):
    """One page of signals."""

    aantal: int = Field(ge=0, description="Op alle bladzijden samen")
    pagina: int = Field(ge=1)
    aantal_paginas: int = Field(ge=1)
    signalen: list[Signaal]


class Objectdossier(Resource):
    """One dwelling: its addresses and its outcomes, without persons."""

    identificatie: ObjectId
    adres: str | None
    postcode: str | None
    woonplaats: str | None
    status: str | None
    signalen: list[Signaal]


class Gebied(Resource):
    """An area."""

    code: str = Field(examples=["BU06060101"])
    naam: str = Field(examples=["Oost"])


class Gebieden(Resource):
    """The areas of a kind."""

    gebieden: list[Gebied]


class Regel(Resource):
    """A rule that every dwelling, transfer or clause is held against."""

    regel: str = Field(examples=["overbewoning"])
    versie: int
    vraag: str = Field(description="Wat de regel nagaat")
    stappen: list[str] = Field(description="De vragen, in de volgorde waarin ze worden gesteld")


class Regels(Resource):
    """The rules that are in use."""

    regels: list[Regel]


class Voorraadrij(Resource):
    """The dwellings of one combination of classes; a count that would tell of few is null."""

    klassen: dict[str, str] = Field(examples=[{"buurt": "Oost", "bouwperiode": "1946-1964"}])
    aantal: int | None = Field(description="Afgerond; leeg is verborgen")
    aandeel: float | None = Field(description="Van alle woningen, 0 tot 1")
    oppervlakte: int | None = Field(description="m2, afgerond")


class Woningvoorraad(Resource):
    """The stock on a day, divided, as it may leave the policy team."""

    op: date
    totaal: int | None
    definitie: str
    opmerkingen: list[str]
    rijen: list[Voorraadrij]


class Run(Resource):
    """One import."""

    run: int
    bron: str = Field(examples=["bag"])
    status: str = Field(examples=["gelukt"])
    leverdatum: date | None
    levering: str | None = Field(examples=["stand"])
    gelezen: int | None
    nieuw: int | None
    gewijzigd: int | None
    ongewijzigd: int | None
    verdwenen: int | None
    uitval: int | None


class Runs(Resource):
    """The imports, newest first."""

    runs: list[Run]


class EigenaarZoekvraag(Resource):
    """A search for an owner; sent as a body, because a name does not belong in an address."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    zoektekst: str = Field(min_length=3, max_length=100, description="Naam, RSIN of KvK-nummer", examples=["Vastgoed"])
    zaak: str = Field(
        min_length=1, max_length=80, description="Waarvoor: kenmerk van de zaak", examples=["Z-2026-0001"]
    )


class Eigenaar(Resource):
    """An owner with the dwellings of theirs that are known."""

    rechthebbende: str = Field(description="Sleutel in de registratie; geen BSN")
    naam: str | None
    type: str = Field(examples=["rechtspersoon"])
    woningen: list[str]


class Eigenaren(Resource):
    """What a search for owners found; no more than twenty-five."""

    eigenaren: list[Eigenaar]


class Fout(BaseModel):
    """An error (problem+json, RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    instance: str
    errors: list[dict[str, Any]] = Field(default=[], description="Elke fout in het verzoek: in, name, reason")
