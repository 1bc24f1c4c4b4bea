"""The access log for the privacy officer: who saw what of whom and why, and whether the log is whole."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.errors import UsageError
from registry.exports.persons import write_access_log
from registry.privacy.access import Access, Betrokkenen, Handeling
from registry.privacy.anchors import AnchorCheck, check_anchors
from registry.privacy.subjects import find_subject, log_keys
from registry.store.queries.access import find_breaks, read_head, read_sent, read_start
from registry.store.queries.access_list import LogFilter, LogPage, list_accesses, list_users
from registry.web.auth.guard import needs
from registry.web.downloads import download
from registry.web.forms import Form, FormSent
from registry.web.one_person import bsn_of, seal_bsn
from registry.web.rendering import parse_day, render
from registry.web.state import Web, web_of

router = APIRouter()
_FIELDS = ("wie", "van", "tot", "handeling", "verwerking", "zaak")
_ACTIVITY = "toezicht_verwerking"
_MOST = 100_000  # rows in a file; Excel holds ten times as many


@router.get("/logboek")
def show_log(request: Request, account: Annotated[Account, needs(Right.TOEGANGSLOG)], pagina: int = 1) -> Response:
    """The rows that fit the address of the page, the newest first."""
    web = web_of(request)
    asked = {name: request.query_params.get(name, "").strip() for name in _FIELDS}
    with web.store.read() as connection:
        users = list_users(connection)
    wanted = _wanted(web, asked, users)
    _record(web, account, Handeling.INZIEN, f"toegangslog{_told(asked)}")
    with web.store.read() as connection:
        found = list_accesses(connection, wanted, page=pagina)
    return _page(request, found, Form(), asked=asked, users=users, page=min(max(1, pagina), found.pages))


@router.get("/logboek/bestand")
def give_log(request: Request, account: Annotated[Account, needs(Right.TOEGANGSLOG)]) -> Response:
    """The rows that fit the address of the page, as a workbook."""
    web = web_of(request)
    asked = {name: request.query_params.get(name, "").strip() for name in _FIELDS}
    _record(web, account, Handeling.EXPORTEREN, f"toegangslog{_told(asked)}")
    with web.store.read() as connection:
        wanted = _wanted(web, asked, list_users(connection))
        found = list_accesses(connection, wanted, page=1, size=_MOST)
    return _file(account, found)


@router.post("/logboek/persoon")
def show_person(request: Request, account: Annotated[Account, needs(Right.TOEGANGSLOG)], form: FormSent) -> Response:
    """Who looked at the data of one person; his number comes by POST and stays off the page."""
    web = web_of(request)
    found = _about(web, account, form, Handeling.INZIEN)
    if found is None:
        return _page(request, LogPage([], 0, 1), form, status=400)
    page, sealed = found
    return _page(request, page, form, sealed=sealed)


@router.post("/logboek/persoon/bestand")
def give_person(request: Request, account: Annotated[Account, needs(Right.TOEGANGSLOG)], form: FormSent) -> Response:
    """Who looked at the data of one person, as a workbook."""
    found = _about(web_of(request), account, form, Handeling.EXPORTEREN)
    if found is None:
        return _page(request, LogPage([], 0, 1), form, status=400)
    return _file(account, found[0])


@router.get("/logboek/controle")
def show_check(request: Request, account: Annotated[Account, needs(Right.TOEGANGSLOG)]) -> Response:
    """Whether the log is whole: its chain is computed again, and compared with the heads that were kept elsewhere."""
    web = web_of(request)
    path = web.settings.toegangslog_ankers
    _record(web, account, Handeling.BEHEREN, "controle van het toegangslog")
    anchors: AnchorCheck | None = None
    problem = None
    with web.store.read() as connection:
        looked, wrong = find_breaks(connection)
        head, start, sent = read_head(connection), read_start(connection), read_sent(connection)
        if path is not None:
            try:
                anchors = check_anchors(connection, path)
            except UsageError as error:
                problem = str(error)
    return render(
        request, "logboek/controle.html", looked=looked, wrong=wrong, head=head, start=start, sent=sent,
        anchors=anchors, has_anchors=path is not None, problem=problem, forwards=web.settings.logboek_url is not None,
    )  # fmt: skip


def _about(web: Web, account: Account, form: Form, handeling: Handeling) -> tuple[LogPage, str] | None:
    """The rows about the person of a form, once it is written down who asked; None when it is no BSN."""
    bsn = bsn_of(web, account, form)
    if bsn is None:
        return None
    with web.store.read() as connection:
        subject = find_subject(connection, web.cipher, bsn)
    _record(web, account, handeling, "toegangslog van één persoon", subject.as_betrokkenen())
    with web.store.read() as connection:
        keys = log_keys(connection, subject, web.cipher)
        found = list_accesses(connection, LogFilter(pseudoniemen=keys), page=1, size=_MOST)
    return found, seal_bsn(web, account, bsn)


def _wanted(web: Web, asked: dict[str, str], users: Sequence[str]) -> LogFilter:
    """The filter of the address; what does not exist counts as no choice."""
    return LogFilter(
        gebruiker=next((one for one in users if _short(one) == asked["wie"]), None),
        van=parse_day(asked["van"]),
        tot=parse_day(asked["tot"]),
        handeling=asked["handeling"] if asked["handeling"] in list(Handeling) else None,
        verwerking=asked["verwerking"] if asked["verwerking"] in web.activities.activities else None,
        zaak=asked["zaak"] or None,
    )


def _short(user: str) -> str:
    """What an address of a page carries instead of somebody's name."""
    return hashlib.sha256(user.encode()).hexdigest()[:12]


def _told(asked: dict[str, str]) -> str:
    used = [name for name, value in asked.items() if value]
    return f", gefilterd op {', '.join(used)}" if used else ""


def _record(web: Web, account: Account, handeling: Handeling, what: str, who: Betrokkenen | None = None) -> None:
    access = Access(account.gebruiker(Right.TOEGANGSLOG), handeling, _ACTIVITY, who or Betrokkenen(), toelichting=what)
    web.access_log.record(access)


def _file(account: Account, found: LogPage) -> Response:
    rows = [row | {"tijdstip": clock.to_local(row["tijdstip"])} for row in found.rows]

    def write(folder: Path) -> Path:
        path = folder / f"toegangslog-{clock.today():%Y%m%d}.xlsx"
        write_access_log(path, rows, made_by=account.email, made_at=clock.local_now())
        return path

    return download(write)


def _page(
    request: Request,
    found: LogPage,
    form: Form,
    *,
    asked: dict[str, str] | None = None,
    users: Sequence[str] = (),
    page: int = 1,
    sealed: str | None = None,
    status: int = 200,
) -> Response:
    web = web_of(request)
    activities: dict[str, Any] = {one.code: one.naam for one in web.activities.all()}
    chosen = asked or dict.fromkeys(_FIELDS, "")
    return render(
        request,
        "logboek/lijst.html",
        status=status,
        found=found,
        page=page,
        form=form,
        chosen=chosen,
        query=urlencode({name: value for name, value in chosen.items() if value}),
        users=[(_short(one), one) for one in users],
        acts=[(one.value, one.value) for one in Handeling],
        activities=activities,
        sealed=sealed,
        about_one=asked is None and status == 200,
    )
