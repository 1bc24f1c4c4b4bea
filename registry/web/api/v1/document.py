"""The OpenAPI document of ``/v1``: made from the routes, with what the NLGov API Design Rules ask of it."""

from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from registry.accounts.account import Session
from registry.web.api.v1.models import Fout
from registry.web.api.v1.routes import VERSION, router
from registry.web.auth.guard import public

_ERRORS = {
    "400": "Het verzoek is niet goed; elke fout staat erin.",
    "401": "Er is niet aangemeld.",
    "404": "Er is niet wat wordt gevraagd, of het is niet voor dit account.",
    "503": "De registratie is even niet te bereiken.",
}
_DESCRIPTION = (
    "Woningen, signalen en de samenstelling van de woningvoorraad van een gemeente. Een signaal is geen vastgestelde "
    "overtreding: een mens beoordeelt het. In adressen van verzoeken staan nooit gegevens over personen; wie naar een "
    "persoon zoekt, stuurt dat als inhoud mee, en het wordt vastgelegd. Een wijziging die oude programma's breekt komt "
    "in een volgende hoofdversie; de vorige blijft dan nog een jaar bestaan."
)
_TAGS = {
    "woningen": "Woningen en gebieden.",
    "signalen": "Uitkomsten van de regels die een mens moet beoordelen.",
    "recht": "De regels.",
    "beleid": "De woningvoorraad, zonder losse woningen.",
    "eigenaren": "Eigenaren; elke vraag wordt vastgelegd.",
    "beheer": "Wat is ingelezen.",
}

document_router = APIRouter(prefix="/v1", include_in_schema=False)


@document_router.get("/openapi.json")
def show_document(session: Annotated[Session | None, public()]) -> JSONResponse:  # noqa: ARG001 (for anybody)
    """The document, for anybody and from any site (API Design Rule publish-openapi)."""
    headers = {"Access-Control-Allow-Origin": "*", "API-Version": VERSION}
    return JSONResponse(make_document(), headers=headers)


@cache
def make_document() -> dict[str, Any]:
    """The OpenAPI document, as JSON would hold it."""
    document = get_openapi(
        title="Woonregister",
        version=VERSION,
        openapi_version="3.1.0",
        description=_DESCRIPTION,
        routes=router.routes,
        tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
        servers=[{"url": "/v1", "description": "Deze registratie"}],
        contact={
            "name": "De beheerder van het Woonregister bij de gemeente",
            "url": "https://example.org/woonregister",
            "email": "woonregister@example.org",
        },
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    document["paths"] = {path.removeprefix("/v1"): item for path, item in document["paths"].items()}
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Fout"] = Fout.model_json_schema()
    document["components"]["securitySchemes"] = {"koppeling": {"type": "http", "scheme": "bearer"}}
    document["security"] = [{"koppeling": []}]
    for item in document["paths"].values():
        for operation in item.values():
            _complete(operation)
    return document


def _complete(operation: dict[str, Any]) -> None:
    """Every answer with its version, every error in one form."""
    version = {"API-Version": {"description": "De hele versie", "schema": {"type": "string", "examples": [VERSION]}}}
    answers = {status: answer for status, answer in operation["responses"].items() if status != "422"}
    for answer in answers.values():
        answer["headers"] = answer.get("headers", {}) | version
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Fout"}}}
    errors = {status: {"description": text, "content": problem} for status, text in _ERRORS.items()}
    operation["responses"] = answers | errors
