"""What leaves the registry about a case: the dossier as a workbook, the bundle, and letters in draft."""

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import Response

from registry import clock
from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.cases.fines import calculate_for
from registry.cases.letters import LetterInput, letter_context
from registry.errors import UsageError
from registry.exports.bundle import write_bundle
from registry.exports.dossier import CLASSIFICATION, DossierMaker, write_dossier
from registry.exports.letters import find_template, write_letter
from registry.web.auth.guard import needs
from registry.web.case_files import read_file
from registry.web.downloads import download
from registry.web.errors import HiddenError
from registry.web.state import Web, web_of

router = APIRouter()


@router.get("/zaken/{zaak}/dossier")
def give_dossier(request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)]) -> Response:
    """The dossier as a workbook, without names of people."""
    web = web_of(request)
    file = read_file(web, account, zaak, what="dossier")

    def write(folder: Path) -> Path:
        path = folder / f"dossier-{zaak}.xlsx"
        write_dossier(path, file, _maker(web, account))
        return path

    return download(write)


@router.get("/zaken/{zaak}/bundel")
def give_bundle(request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)]) -> Response:
    """Everything that was sent, decided and observed, in order, in one zip."""
    web = web_of(request)
    file = read_file(web, account, zaak, what="bundel")

    def write(folder: Path) -> Path:
        path = folder / f"bundel-{zaak}.zip"
        with web.store.read() as connection:
            write_bundle(connection, path, file, _maker(web, account))
        return path

    return download(write)


@router.get("/zaken/{zaak}/brief")
def give_letter(
    request: Request, zaak: str, account: Annotated[Account, needs(Right.ZAKEN)], soort: str = ""
) -> Response:
    """A letter in draft: facts filled in, blanks where a person decides."""
    web = web_of(request)
    try:
        template = find_template(soort, web.settings.briefsjablonen)
    except UsageError:
        raise HiddenError from None
    file = read_file(web, account, zaak, what=f"brief {soort}")
    sender = {
        "naam": f"het college van burgemeester en wethouders van {web.settings.gemeente_naam}",
        "adres": web.settings.afzender_adres or "",
        "rekening": web.settings.afzender_rekening or "",
    }
    with web.store.read() as connection:
        calculation = calculate_for(connection, file)
    context = letter_context(soort, file, LetterInput(sender=sender, official=account.naam), calculation=calculation)

    def write(folder: Path) -> Path:
        path = folder / f"{soort}-{zaak}.docx"
        write_letter(path, template, context)
        return path

    return download(write)


def _maker(web: Web, account: Account) -> DossierMaker:
    return DossierMaker(account.email, clock.local_now(), web.settings.rubricering or CLASSIFICATION)
