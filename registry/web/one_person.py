"""A person whom a page is about: his BSN comes by POST, and goes on to the next form sealed, bound to the account."""

from registry.accounts.account import Account
from registry.crypto import KeysError
from registry.domain.identifiers import parse_bsn
from registry.errors import InvalidIdentifierError
from registry.web.forms import Form
from registry.web.state import Web

SEALED = "wie"


def seal_bsn(web: Web, account: Account, bsn: str) -> str:
    """What a hidden field carries instead of a BSN; only this account can send it back."""
    return web.cipher.encrypt(f"{account.account_id}:{bsn}")


def bsn_of(web: Web, account: Account, form: Form) -> str | None:
    """The BSN of a form, typed or sealed; None when it is none, and then ``form.errors`` says so.

    What was typed is not shown again.
    """
    try:
        return str(parse_bsn(_sent(web, account, form)))
    except KeysError:
        form.errors["bsn"] = "Vul het burgerservicenummer opnieuw in."
    except InvalidIdentifierError as error:
        form.errors["bsn"] = str(error)
    return None


def _sent(web: Web, account: Account, form: Form) -> str:
    """What was typed, or what a form of this account sealed."""
    if not form.get(SEALED):
        return form.get("bsn").replace(" ", "").replace(".", "")
    owner, _, text = web.cipher.decrypt(form.get(SEALED)).partition(":")
    if owner != str(account.account_id):
        raise KeysError("sealed for somebody else")
    return text
