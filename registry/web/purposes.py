"""For which purposes a page shows persons: each asks for one of them and for the case, and writes both down."""

from registry.accounts.account import Account
from registry.accounts.rights import Right
from registry.privacy.access import Access, Betrokkenen, Handeling
from registry.web.forms import Form
from registry.web.state import Web

PURPOSES = ("toezicht_huisvestingswet", "toezicht_omgevingsrecht", "handhavingszaak", "adreskwaliteit")
_LONGEST_CASE = 80


def purpose_options(web: Web) -> list[tuple[str, str]]:
    """The purposes to choose from: code and name."""
    return [(code, web.purpose(code).naam) for code in PURPOSES]


def check_purpose(form: Form) -> None:
    """Say at the fields ``doel`` and ``zaak`` what is missing."""
    if form.get("doel") not in PURPOSES:
        form.errors["doel"] = "Kies waarvoor u deze gegevens nodig hebt."
    if not form.get("zaak").strip():
        form.errors["zaak"] = "Vul het kenmerk van de zaak in."


def write_down_purpose(
    web: Web, account: Account, right: Right, form: Form, who: Betrokkenen, *, object_id: str | None = None
) -> None:
    """Write down who is about to be seen, for the purpose and the case of a form that was checked.

    Raises:
        AccessLogError: it could not be written: nothing may be shown.
    """
    web.access_log.record(
        Access(
            account.gebruiker(right),
            Handeling.INZIEN,
            form.get("doel"),
            who,
            zaak=form.get("zaak").strip()[:_LONGEST_CASE],
            object_id=object_id,
        )
    )
