"""A person as lists of other registers name one: by number, and where it is kept by name."""

from importers.records.base import TEXT, Column, Protection


def person_columns(role: str, noun: str) -> dict[str, Column]:
    """Who has the role: one key for whoever it is, and what the source says of him.

    The key is text like ``bsn:<nummer>``, ``rsin:<nummer>`` or ``kvk:<nummer>`` and stored as a keyed hash.
    """
    return {
        role: Column(TEXT, f"sleutel van de {noun}: BSN, anders RSIN, anders KvK", "", protection=Protection.PSEUDONYM),
        f"{role}_bsn": Column(TEXT, f"BSN van de {noun}", "", protection=Protection.ENCRYPTED),
        f"{role}_rsin": Column(TEXT, f"RSIN van de {noun}", ""),
        f"{role}_kvk": Column(TEXT, f"KvK-nummer van de {noun}", ""),
        f"{role}_naam": Column(TEXT, f"naam van de {noun}", "", protection=Protection.NAME),
    }
