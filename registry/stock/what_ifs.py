"""What-ifs under a name: kept with their result, listed, calculated again, withdrawn. Nothing is ever overwritten."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from registry.errors import UsageError
from registry.signals.whatif import Change
from registry.stock.reach import WARM, Reach, WarmFrames, read_reach
from registry.stock.reach_changes import law_hash
from registry.store.engine import ReadConnection, WriteConnection
from registry.store.queries.policy import insert_what_if, insert_withdrawal, read_what_ifs
from rules.catalogue import find_rule
from rules.parameters import Law

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Kept:
    """A what-if as it was kept.

    Attributes:
        then: the rows of its table when it was kept.
        law: the hash of what was the law then.
        withdrawn: who withdrew it, when and why; null while it stands.
    """

    number: int
    naam: str
    regel: str
    changes: Mapping[str, Change]
    per: str
    peildatum: date
    known: int
    law: str
    then: list[dict[str, Any]]
    auteur: str
    kept_at: datetime
    toelichting: str | None
    withdrawn: str | None


@dataclass(frozen=True, slots=True)
class Again:
    """A kept what-if beside the same question now, and what may explain a difference."""

    kept: Kept
    now: Reach
    reasons: tuple[str, ...]


def list_what_ifs(connection: ReadConnection) -> list[Kept]:
    """Every what-if, oldest first, withdrawn ones included."""
    return [
        Kept(
            number=row["what_if_id"], naam=row["naam"], regel=row["regel"], changes=json.loads(row["changes"]),
            per=row["per"], peildatum=row["peildatum"], known=row["known_run_id"], law=row["wet_hash"],
            then=json.loads(row["results"]), auteur=row["auteur"], kept_at=row["kept_at"],
            toelichting=row["toelichting"],
            withdrawn=None
            if row["withdrawn_by"] is None
            else f"{row['withdrawn_by']}, {row['withdrawn_at']:%d-%m-%Y}: {row['reden']}",
        )
        for row in read_what_ifs(connection).iter_rows(named=True)
    ]  # fmt: skip


def find_what_if(connection: ReadConnection, naam: str) -> Kept:
    """The what-if that stands under a name.

    Raises:
        UsageError: none does.
    """
    standing = [one for one in list_what_ifs(connection) if one.withdrawn is None]
    for one in standing:
        if one.naam.casefold() == naam.strip().casefold():
            return one
    names = ", ".join(one.naam for one in standing) or "geen enkele"
    raise UsageError(f"Er is geen verkenning '{naam}'. Bewaard zijn: {names}.")


def keep_what_if(
    connection: WriteConnection, found: Reach, law: Law, *, naam: str, auteur: str, moment: datetime,
    toelichting: str | None = None,
) -> int:  # fmt: skip
    """Keep a what-if with its result under a name; its number.

    Raises:
        UsageError: the name is empty, too long or taken, or nobody is named as author.
    """
    naam, auteur = " ".join(naam.split()), " ".join(auteur.split())
    if not naam or len(naam) > _LONGEST_NAME or not auteur:
        raise UsageError(f"Geef een naam van 1 tot en met {_LONGEST_NAME} tekens, en een auteur.")
    taken = {one.naam.casefold() for one in list_what_ifs(connection) if one.withdrawn is None}
    if naam.casefold() in taken:
        raise UsageError(f"De naam '{naam}' is in gebruik. Kies een andere, of herroep eerst de oude.")
    return insert_what_if(
        connection, naam=naam, regel=found.regel, per=found.per,
        changes=json.dumps(dict(found.changes), sort_keys=True), peildatum=found.op,
        known=found.known, wet_hash=law_hash(law),
        results=json.dumps(found.rows.to_dicts(), ensure_ascii=False), auteur=auteur, kept_at=moment,
        toelichting=toelichting,
    )  # fmt: skip


def withdraw_what_if(connection: WriteConnection, naam: str, *, auteur: str, moment: datetime, reden: str) -> None:
    """Withdraw the what-if that stands under a name; it stays in the list, with who did it and why.

    Raises:
        UsageError: none stands under this name, or author or reason is empty.
    """
    found = find_what_if(connection, naam)
    if not auteur.strip() or not reden.strip():
        raise UsageError("Geef wie de verkenning herroept en waarom.")
    insert_withdrawal(connection, found.number, auteur=auteur.strip(), withdrawn_at=moment, reden=reden.strip())


def repeat_what_if(
    connection: ReadConnection, naam: str, law: Law, *, peildatum: date, warm: WarmFrames = WARM
) -> Again:
    """The same question on another day, with what is known now.

    Raises:
        UsageError: none stands under this name.
        LawFileError: a parameter no longer exists.
    """
    kept = find_what_if(connection, naam)
    now = read_reach(connection, find_rule(kept.regel), law, kept.changes, per=kept.per, peildatum=peildatum, warm=warm)
    reasons = []
    if now.op != kept.peildatum:
        reasons.append(f"De peildatum was {kept.peildatum:%d-%m-%Y} en is nu {now.op:%d-%m-%Y}.")
    if now.known != kept.known:
        reasons.append("Sindsdien zijn er gegevens ingelezen.")
    if law_hash(law) != kept.law:
        reasons.append("Sindsdien zijn de wetsbestanden gewijzigd.")
    return Again(kept, now, tuple(reasons))
