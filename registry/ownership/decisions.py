"""Decisions about portfolios: a person says that two owners are one, are not, or takes that back."""

from datetime import datetime

from registry.errors import UsageError
from registry.ownership.portfolios import Besluit, Owners
from registry.store.engine import WriteConnection
from registry.store.queries.portfolio import insert_besluit


def decide(
    connection: WriteConnection,
    owners: Owners,
    pair: tuple[str, str],
    besluit: Besluit,
    *,
    auteur: str,
    moment: datetime,
    toelichting: str | None = None,
) -> str:
    """Write down what a person decided about two owners, with the evidence of that moment, which comes back.

    Args:
        connection: where to write.
        owners: as they are now.
        pair: each owner as ``Owners.find`` takes it.
        besluit: what was decided.
        auteur: who decided.
        moment: when.
        toelichting: why; needed where no shared name or address speaks for it.

    Raises:
        UsageError: the two are one by number, there is nothing to undo, or no reason is known.
    """
    first, second = (owners.named(text) for text in pair)
    if besluit is Besluit.HERROEPEN:
        return _undo(connection, owners, (first, second), auteur=auteur, moment=moment, toelichting=toelichting)
    if owners.owner_of(first) == owners.owner_of(second):
        raise UsageError("Deze twee zijn al één eigenaar. Met 'woonregister portfolio' is te zien waardoor.")
    bewijs = owners.evidence(first, second)
    if bewijs is None and not toelichting:
        raise UsageError("Deze twee delen geen naam of postadres. Geef met --toelichting op waarop het besluit rust.")
    bewijs = bewijs or "eigen onderzoek"
    insert_besluit(
        connection,
        pair=(first, second),
        besluit=besluit.value,
        auteur=auteur,
        besloten_op=moment,
        bewijs=bewijs,
        toelichting=toelichting,
    )
    return bewijs


def _undo(
    connection: WriteConnection,
    owners: Owners,
    pair: tuple[str, str],
    *,
    auteur: str,
    moment: datetime,
    toelichting: str | None,
) -> str:
    """Take back every decision between the keys of two owners, or between the keys of one."""
    standing = owners.standing(*pair)
    if not standing:
        raise UsageError("Over deze twee is geen besluit dat geldt. Met 'woonregister portfolio' is te zien wat er is.")
    for keys, row in standing.items():
        insert_besluit(
            connection,
            pair=keys,
            besluit=Besluit.HERROEPEN.value,
            auteur=auteur,
            besloten_op=moment,
            bewijs=f"{row['besluit']} door {row['auteur']} op {row['besloten_op']:%d-%m-%Y}",
            toelichting=toelichting,
        )
    return "; ".join(f"{row['besluit']} door {row['auteur']}" for row in standing.values())
