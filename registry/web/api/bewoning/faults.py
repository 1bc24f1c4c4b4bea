"""The error bodies of the Bewoning API: those of the published one, so that its clients understand them."""

from collections.abc import Sequence

from fastapi import Request
from fastapi.responses import JSONResponse

from registry.web.api.bewoning.questions import Fault

_RFC = "https://datatracker.ietf.org/doc/html/rfc9110#section-15"
_FAULTS = {
    401: ("Niet correct geauthenticeerd.", "authentication", "5.2"),
    403: ("U bent niet geautoriseerd voor deze operatie.", "autorisation", "5.4"),
    404: ("Opgevraagde resource bestaat niet.", "notFound", "5.5"),
    405: ("Deze methode wordt niet ondersteund.", "notAllowed", "5.6"),
    406: ("Gevraagde contenttype wordt niet ondersteund.", "notAcceptable", "5.7"),
    413: ("Het verzoek is te groot.", "tooLarge", "5.14"),
    415: ("Media Type wordt niet ondersteund.", "unsupportedMediaType", "5.16"),
    429: ("Te veel verzoeken in korte tijd.", "tooManyRequests", "5"),
    500: ("Interne server fout.", "serverError", "6.1"),
    503: ("De registratie is tijdelijk niet beschikbaar.", "notAvailable", "6.4"),
}


def foutbericht(request: Request, status: int, *, detail: str | None = None) -> JSONResponse:
    """An error body without parameters; an unknown status is an internal error."""
    title, code, section = _FAULTS.get(status, _FAULTS[500])
    body = {"type": f"{_RFC}.{section}", "title": title, "status": status, "code": code}
    body |= {"instance": _instance(request)} | ({"detail": detail} if detail else {})
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    return JSONResponse(body, status, headers, media_type="application/problem+json")


def bad_request(request: Request, faults: Sequence[Fault], *, readable: bool) -> JSONResponse:
    """The error body of a question that is not good: all faults at once."""
    body: dict[str, object] = {"type": f"{_RFC}.5.1", "status": 400, "instance": _instance(request)}
    if not readable:
        body |= {"title": "Het verzoek is geen geldige JSON.", "code": "json"}
    else:
        names = ", ".join(fault.name for fault in faults)[:150]
        body |= {"title": "Een of meerdere parameters zijn niet correct.", "code": "paramsValidation"}
        body |= {"detail": f"De foutieve parameter(s) zijn {names}."}
        body["invalidParams"] = [{"name": one.name, "code": one.code, "reason": one.reason} for one in faults]
    return JSONResponse(body, 400, media_type="application/problem+json")


def _instance(request: Request) -> str:
    # Without the query: whoever puts a number of a person there must not read it back in a log.
    return str(request.url.replace(query=""))
