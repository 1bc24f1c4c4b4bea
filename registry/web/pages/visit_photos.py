"""The report of one visit with its photos, and photos that come from a telephone."""

import base64
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from importers.photos import MAX_BYTES, thumbnail
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.errors import SourceRefusedError, UsageError
from registry.privacy.access import Handeling
from registry.store.queries.runs import last_run
from registry.store.queries.search import current_adressen, is_inside
from registry.store.queries.visits import read_photo_content, read_photos, read_visit
from registry.web.auth.guard import needs
from registry.web.case_files import refuse_bsns
from registry.web.errors import HiddenError
from registry.web.forms import Form, FormSent
from registry.web.rendering import render
from registry.web.seen import write_down
from registry.web.state import Web, web_of
from registry.worklists.doors import visit_fields
from registry.worklists.visits import add_photos

router = APIRouter()
_AT_ONCE = 10  # photos in one form
_SHOWN = 24  # small photos on the page; the others stand there as a link
_OWN = (("inspecteur", "Inspecteur"), ("hoedanigheid", "Hoedanigheid"))


@router.get("/bezoeken/verslag")
def show_report(
    request: Request, account: Annotated[Account, needs(Right.RAPPORTEN)], nummer: str = "", lijst: str = ""
) -> Response:
    """What was written down of a visit, and its photos."""
    return _page(request, account, nummer, Form({"lijst": lijst}))


@router.get("/bezoeken/foto")
def give_photo(
    request: Request, account: Annotated[Account, needs(Right.RAPPORTEN)], nummer: str = "", sha256: str = ""
) -> Response:
    """One photo, whole; what the camera wrote into it was taken off when it came in."""
    web = web_of(request)
    visit = _visit(web, account, Right.RAPPORTEN, nummer)
    with web.store.read() as connection:
        known = last_run(connection)
        rows = read_photos(connection, nummer, known=known).filter(sha256=sha256)
        content = read_photo_content(connection, nummer, sha256, known=known)
    if rows.is_empty() or content is None:
        raise HiddenError
    _write_down(web, account, visit, "foto van een bezoek")
    return Response(content, media_type=rows["media_type"][0], headers={"Content-Disposition": "inline"})


@router.post("/bezoeken/fotos")
def take_photos(request: Request, account: Annotated[Account, needs(Right.BEZOEKEN)], form: FormSent) -> Response:
    """Photos of a telephone; all are kept, or none."""
    web, number = web_of(request), form.get("nummer")
    _visit(web, account, Right.BEZOEKEN, number)
    sent, caption = form.uploads.get("foto", []), form.get("omschrijving").strip() or None
    refuse_bsns(form, "omschrijving")
    if not 0 < len(sent) <= _AT_ONCE:
        form.errors["foto"] = f"Kies één tot {_AT_ONCE} foto's."
    if caption is not None and len(caption) > 300:
        form.errors["omschrijving"] = "Dit is te lang: ten hoogste 300 tekens."
    if not form.errors:
        try:
            add_photos(
                web.store,
                number,
                [(one.file.read(MAX_BYTES + 1), caption) for one in sent],
                leverdatum=web.today(),
                cipher=web.cipher,
                keep_place_and_time=form.get("plaats_en_tijd") == "ja",
            )
        except (SourceRefusedError, UsageError) as error:
            form.errors["foto"] = str(error)
    if form.errors:
        return _page(request, account, number, form, status=400)
    return RedirectResponse(report_path(number, form.get("lijst")), 303)


def report_path(number: str, lijst: str = "") -> str:
    """Where the report of a visit is shown; ``lijst`` is the worklist to go on with."""
    return "/bezoeken/verslag?" + urlencode({"nummer": number} | ({"lijst": lijst} if lijst.isdecimal() else {}))


def _page(request: Request, account: Account, number: str, form: Form, *, status: int = 200) -> Response:
    web = web_of(request)
    visit = _visit(web, account, Right.RAPPORTEN, number)
    object_id = visit["adresseerbaar_object_id"]
    _write_down(web, account, visit, "verslag van een bezoek met foto's")
    with web.store.read() as connection:
        known = last_run(connection)
        adres = current_adressen(connection, [object_id], on=web.today()).get(object_id)
        photos = read_photos(connection, number, known=known).to_dicts()
        for row in photos[:_SHOWN]:
            content = read_photo_content(connection, number, row["sha256"], known=known)
            # In the page itself: nobody sees a small one without this page being written down.
            row["small"] = base64.b64encode(thumbnail(content)).decode() if content else None
    return render(
        request,
        "bezoeken/verslag.html",
        status=status,
        visit=visit,
        adres=adres.adres if adres else object_id,
        lines=_lines(visit),
        photos=photos,
        form=form,
        may_add=account.may(Right.BEZOEKEN),
        most=MAX_BYTES // 1024**2,
        at_once=_AT_ONCE,
    )


def _lines(visit: dict[str, Any]) -> list[tuple[str, Any]]:
    """What was filled in, under the labels of the form."""
    named = [*_OWN, *((one.key, one.label) for one in visit_fields())]
    return [(label, visit[key]) for key, label in named if visit.get(key) not in (None, "")]


def _visit(web: Web, account: Account, right: Right, number: str) -> dict[str, Any]:
    """A visit in the areas of the account.

    Raises:
        HiddenError: there is none, or not for this account.
    """
    with web.store.read() as connection:
        visit = read_visit(connection, number)
        object_id = None if visit is None else visit["adresseerbaar_object_id"]
        if visit is None or object_id is None:
            raise HiddenError
        if not is_inside(connection, object_id, account.gebieden(right), on=web.today()):
            raise HiddenError
    return visit


def _write_down(web: Web, account: Account, visit: dict[str, Any], what: str) -> None:
    user, case = account.gebruiker(Right.RAPPORTEN), [("overbewoning", visit["adresseerbaar_object_id"])]
    write_down(web, user, Handeling.INZIEN, case, day=web.today(), toelichting=what)
