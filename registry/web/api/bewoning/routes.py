"""``POST /haalcentraal/api/bewoning/bewoningen``: as the published Bewoning API, for systems that may ask it."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.privacy.access import Access, Betrokkenen, Handeling
from registry.store.queries.adressen import holds_object
from registry.store.queries.bewoners import holds_stay
from registry.store.queries.runs import last_run
from registry.web.api.bewoning.answers import Answer, answer
from registry.web.api.bewoning.faults import bad_request, foutbericht
from registry.web.api.bewoning.questions import Question, QuestionRefusedError, read_question
from registry.web.auth.guard import needs
from registry.web.state import Web, web_of

PATH = "/haalcentraal/api/bewoning/bewoningen"
_JSON = "application/json"
_LARGEST = 10_000  # bytes of a question: the longest good one takes 150

router = APIRouter(include_in_schema=False)


@router.post(PATH)
async def ask_bewoningen(request: Request, account: Annotated[Account, needs(Right.BEWONING_API)]) -> Response:
    """Who inhabits or inhabited an object; every named person is written in the access log first."""
    if not _accepts_json(request.headers.get("accept", "*/*")):
        return foutbericht(request, 406)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
        return foutbericht(request, 415)
    body = await request.body()
    if len(body) > _LARGEST:
        return foutbericht(request, 413)
    try:
        question = read_question(body)
    except QuestionRefusedError as error:
        return bad_request(request, error.faults, readable=error.readable)
    found = await run_in_threadpool(_find, web_of(request), account, question)
    if found is None:
        return foutbericht(request, 403, detail="Het object ligt buiten het gebied waarvoor u bent geautoriseerd.")
    return JSONResponse(found.body, media_type="application/json; charset=utf-8")


def _find(web: Web, account: Account, question: Question) -> Answer | None:
    object_id = question.adresseerbaarObjectIdentificatie
    van, tot = question.periode
    with web.store.read() as connection:
        run = last_run(connection)
        if not (holds_object(connection, object_id, known=run) or holds_stay(connection, object_id, known=run)):
            return None
        found = answer(connection, web.cipher, object_id, van=van, tot=tot, known=run)
    web.access_log.record(_access(account, object_id, van, tot, found))
    return found


def _access(account: Account, object_id: str, van: date, tot: date, found: Answer) -> Access:
    return Access(
        account.gebruiker(Right.BEWONING_API),
        Handeling.VERSTREKKEN,
        "verstrekking_bewoning",
        Betrokkenen(persoonslijsten=found.persoonslijsten),
        object_id=object_id,
        toelichting=f"bewoning van {van:%d-%m-%Y} tot {tot:%d-%m-%Y}",
    )


def _accepts_json(accept: str) -> bool:
    wanted = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    return any(part in ("*/*", "application/*", _JSON, "application/problem+json", "") for part in wanted)
