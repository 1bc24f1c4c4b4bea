"""The routes of ``/v1``."""

from collections.abc import Collection
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import AfterValidator, Field

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.domain.adres import adres_readings
from registry.privacy.access import Access, Betrokkenen, Handeling
from registry.stock.composition import read_composition
from registry.stock.dimensions import DIMENSIONS
from registry.stock.disclosure import Limits
from registry.stock.publish import publish
from registry.store.queries.runs import last_run, list_runs
from registry.store.queries.search import (
    Found,
    current_adressen,
    find_by_adres,
    find_by_id,
    is_inside,
)
from registry.store.queries.signal_list import ORDERS, Filter, list_gebieden, list_signals, signals_of
from registry.web.api.v1 import models
from registry.web.auth.guard import needs
from registry.web.errors import HiddenError
from registry.web.owner_search import owners_to_show
from registry.web.state import web_of
from rules.catalogue import RULES, find_rule

VERSION = "1.0.0"
LINK = {"Link": {"description": "De eerste, vorige, volgende en laatste bladzijde", "schema": {"type": "string"}}}


def say_version(response: Response) -> None:
    """The whole version, in a header (API Design Rule version-header)."""
    response.headers["API-Version"] = VERSION


router = APIRouter(prefix="/v1", dependencies=[Depends(say_version)])


def _named(names: Collection[str]) -> Any:
    """The names that are allowed, in the document."""
    return Field(json_schema_extra={"enum": [*sorted(names)]})


def _known(names: Collection[str]) -> AfterValidator:
    """Refuses another name, and says which there are."""

    def check(text: str) -> str:
        if text not in names:
            raise ValueError(f"kies uit: {', '.join(sorted(names))}")
        return text

    return AfterValidator(check)


Indeling = Annotated[str, _named(DIMENSIONS), _known(DIMENSIONS)]
Regelnaam = Annotated[str, _named(RULES), _known(RULES)]
Orde = Annotated[str, _named(ORDERS), _known(ORDERS)]


class Uitkomst(StrEnum):
    """The outcomes that are kept."""

    SIGNAAL = "signaal"
    JURIDISCH_TOETSEN = "juridisch_toetsen"
    ONBEKEND = "onbekend"


class Gebiedsoort(StrEnum):
    """The kinds of area."""

    BUURT = "buurt"
    WIJK = "wijk"
    GEMEENTE = "gemeente"


@router.get("/adresseerbare-objecten", tags=["woningen"])
def find_adresseerbare_objecten(
    request: Request,
    account: Annotated[Account, needs(Right.WONING)],
    zoektekst: Annotated[
        str,
        Query(
            min_length=2,
            max_length=100,
            description="Straat en huisnummer, postcode en huisnummer, of BAG-id.",
            examples=["Kerkstraat 12 A"],
        ),
    ],
) -> models.AdresseerbareObjecten:
    """Zoek woningen op adres, ook op een adres van vroeger."""
    web, gebieden = web_of(request), account.gebieden(Right.WONING)
    today = web.today()
    with web.store.read() as connection:
        text = zoektekst.strip()
        if text.isdecimal() and len(text) == 16:
            found = find_by_id(connection, text, on=today, gebieden=gebieden)
        else:
            found = find_by_adres(connection, adres_readings(text), on=today, gebieden=gebieden)
    return models.AdresseerbareObjecten(adresseerbare_objecten=[_object(one) for one in found])


@router.get("/adresseerbare-objecten/{identificatie}", tags=["woningen"])
def read_adresseerbaar_object(
    request: Request,
    account: Annotated[Account, needs(Right.WONING)],
    identificatie: Annotated[str, Path(pattern=r"^[0-9]{16}$", examples=["0606010000000042"])],
) -> models.Objectdossier:
    """Lees een woning: adres, status en uitkomsten, zonder personen."""
    web = web_of(request)
    today = web.today()
    with web.store.read() as connection:
        gebieden = account.gebieden(Right.WONING)
        found = find_by_id(connection, identificatie, on=today, gebieden=gebieden)
        if not found or not is_inside(connection, identificatie, gebieden, on=today):
            raise HiddenError
        outcomes = signals_of(connection, identificatie) if account.may(Right.SIGNALEN) else []
        current = current_adressen(connection, [identificatie], on=today).get(identificatie, found[0])
    signalen = [models.Signaal(**row, adresseerbaar_object_id=identificatie) for row in outcomes]
    return models.Objectdossier(
        identificatie=identificatie,
        adres=current.adres,
        postcode=current.postcode,
        woonplaats=current.woonplaats,
        status=current.status,
        signalen=signalen,
    )


@router.get("/signalen", tags=["signalen"], responses={200: {"headers": LINK}})
def read_signalen(
    request: Request,
    response: Response,
    account: Annotated[Account, needs(Right.SIGNALEN)],
    *,
    regel: Annotated[Regelnaam | None, Query(description="Alleen van deze regel.")] = None,
    uitkomst: Annotated[Uitkomst, Query(description="Alleen met deze uitkomst.")] = Uitkomst.SIGNAAL,
    gebied: Annotated[
        str | None, Query(max_length=40, description="Code van een gebied.", examples=["BU06060101"])
    ] = None,
    orde: Annotated[Orde, Query(description="Volgorde.")] = "urgentie",
    pagina: models.Page = 1,
) -> models.Signalen:
    """Lees de uitkomsten van de laatste toetsing die een mens moet beoordelen, 25 per bladzijde."""
    web = web_of(request)
    wanted = Filter(regel=regel, uitkomst=uitkomst, gebied=gebied, orde=orde, pagina=pagina)
    with web.store.read() as connection:
        page = list_signals(connection, wanted, gebieden=account.gebieden(Right.SIGNALEN), on=web.today())
    response.headers["Link"] = ", ".join(_links(request, pagina, page.pages))
    # Past the end there is nothing: the list itself would give the last page again.
    rows = page.rows if pagina <= page.pages else []
    return models.Signalen(
        aantal=page.total,
        pagina=pagina,
        aantal_paginas=page.pages,
        signalen=[models.Signaal(**row) for row in rows],
    )


@router.get("/gebieden", tags=["woningen"])
def read_gebieden(
    request: Request,
    account: Annotated[Account, needs(Right.RECHT)],  # noqa: ARG001 (the guard is what counts)
    soort: Annotated[Gebiedsoort, Query(description="Soort gebied.")] = Gebiedsoort.BUURT,
) -> models.Gebieden:
    """Lees de gebieden van een soort."""
    with web_of(request).store.read() as connection:
        found = list_gebieden(connection, soort)
    return models.Gebieden(gebieden=[models.Gebied(code=code, naam=naam) for code, naam in found])


@router.get("/regels", tags=["recht"])
def read_regels(account: Annotated[Account, needs(Right.RECHT)]) -> models.Regels:  # noqa: ARG001 (as above)
    """Lees waarop woningen, overdrachten en bedingen worden getoetst."""
    rules = [find_rule(name) for name in RULES]
    return models.Regels(
        regels=[
            models.Regel(
                regel=rule.id, versie=rule.version, vraag=rule.title, stappen=[step.question for step in rule.steps]
            )
            for rule in rules
        ]
    )


@router.get("/woningvoorraad", tags=["beleid"])
def read_woningvoorraad(
    request: Request,
    account: Annotated[Account, needs(Right.VOORRAAD)],  # noqa: ARG001 (as above)
    per: Annotated[list[Indeling], Query(max_length=3, description="Indelingen, ten hoogste drie.")] = [],  # noqa: B006
    op: Annotated[date | None, Query(description="De dag; zonder deze vandaag.", examples=["2026-11-01"])] = None,
) -> models.Woningvoorraad:
    """Lees de samenstelling van de woningvoorraad; kleine aantallen zijn verborgen, de andere afgerond."""
    web = web_of(request)
    limits = Limits(web.settings.afscherming_minimum, web.settings.afscherming_afronding)
    with web.store.read() as connection:
        counted = read_composition(connection, per=per, op=op or web.today(), known=last_run(connection))
    [found] = publish([counted], limits)
    return models.Woningvoorraad(
        op=found.op,
        totaal=found.total,
        definitie=found.definition,
        opmerkingen=list(found.remarks),
        rijen=[
            models.Voorraadrij(
                klassen={name: str(row[name]) for name in found.per},
                aantal=row["aantal"],
                aandeel=row["aandeel"],
                oppervlakte=row["oppervlakte"],
            )
            for row in found.rows.to_dicts()
        ],
    )


@router.get("/runs", tags=["beheer"])
def read_runs(
    request: Request,
    account: Annotated[Account, needs(Right.BRONNEN)],  # noqa: ARG001 (as above)
) -> models.Runs:
    """Lees welke bestanden zijn ingelezen, het nieuwste eerst."""
    with web_of(request).store.read() as connection:
        return models.Runs(runs=[models.Run(**row) for row in list_runs(connection)])


@router.post("/eigenaren/_zoek", tags=["eigenaren"])
def search_eigenaren(
    request: Request, account: Annotated[Account, needs(Right.EIGENAREN)], zoekvraag: models.EigenaarZoekvraag
) -> models.Eigenaren:
    """Zoek eigenaren op naam, RSIN of KvK-nummer; elke zoekvraag wordt vastgelegd."""
    web = web_of(request)
    gebieden = account.gebieden(Right.EIGENAREN)
    with web.store.read() as connection:
        found = owners_to_show(connection, zoekvraag.zoektekst, gebieden=gebieden, today=web.today())
    web.access_log.record(
        Access(
            account.gebruiker(Right.EIGENAREN),
            Handeling.ZOEKEN,
            "handhavingszaak",
            Betrokkenen(rechthebbenden=[row["rechthebbende"] for row in found]),
            zaak=zoekvraag.zaak,
            toelichting="zoeken naar een eigenaar",
        )
    )
    return models.Eigenaren(eigenaren=[models.Eigenaar(**row) for row in found])


def _links(request: Request, page: int, pages: int) -> list[str]:
    """Where the other pages are (RFC 8288), with the same filters."""
    places = {"first": 1, "prev": min(page - 1, pages), "next": page + 1, "last": pages}
    return [
        f'<{request.url.path}?{request.url.include_query_params(pagina=number).query}>; rel="{name}"'
        for name, number in places.items()
        if 1 <= number <= pages
    ]


def _object(found: Found) -> models.AdresseerbaarObject:
    return models.AdresseerbaarObject(
        identificatie=found.adresseerbaar_object_id,
        adres=found.adres,
        postcode=found.postcode,
        woonplaats=found.woonplaats,
        status=found.status,
        huidig_adres=found.huidig,
    )
