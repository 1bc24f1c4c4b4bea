"""How pages write days, numbers and the words that the registry keeps in snake case."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from registry import clock
from registry.exports.persons import TECHNICAL_COLUMNS, told

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november",
    "december",
)  # fmt: skip
# What is not just its own name without underscores.
_WORDS = dict(TECHNICAL_COLUMNS) | {
    "niet_van_toepassing": "niet van toepassing",
    "geen_signaal": "geen signaal",
    "juridisch_toetsen": "juridisch toetsen",
    "onbekend": "nog onbekend",
}


# What is an option of the command line, and a field of a form on a page.
_OPTIONS = {
    "laat --indeling weg": "laat het veld Indeling leeg",
    "(--indeling)": "(het veld Indeling bij het inlezen)",
    "Laat --levering stand weg.": "Kies bij het inlezen niet voor alles van deze bron (stand).",
    "geef dan --levering deel": "kies dan bij het inlezen voor een deel",
    "geef dan --nieuwe-gemeente": "kies dan bij het inlezen voor een BAG-extract van een gemeente erbij",
    "Met --proef is": "Met alleen proberen is",
}


def on_page(text: str | None) -> str:
    """A refusal of an import for who works on pages: with the names of fields, not of options of the command line."""
    shown = text or ""
    for option, field in _OPTIONS.items():
        shown = shown.replace(option, field)
    return shown


def day(value: date | str | None, empty: str = "onbekend") -> str:
    """``2 mei 2023``; what is not a whole day (a year, a month) stays as it is written."""
    if value is None or value == "":
        return empty
    try:
        found = value if isinstance(value, date) else date.fromisoformat(value)
    except ValueError:
        return str(value)
    return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"


def span(days: Mapping[str, date | None] | None, empty: str = "onbekend") -> str:
    """When something began or ended of which the first and last possible day are known (``eerste``, ``laatste``)."""
    first, last = (days["eerste"], days["laatste"]) if days else (None, None)
    if first is None:
        return empty if last is None else f"uiterlijk {day(last)}"
    if last is None:
        return f"op of na {day(first)}"
    if first == last:
        return day(first)
    year = first.replace(month=1, day=1), first.replace(month=12, day=31)
    return f"in {first.year}" if (first, last) == year else f"tussen {day(first)} en {day(last)}"


def moment(value: datetime | None, empty: str = "nooit") -> str:
    """``2 mei 2023, 14:05`` on a Dutch clock."""
    if value is None:
        return empty
    known = value if value.tzinfo else value.replace(tzinfo=UTC)
    local = known.astimezone(clock.AMSTERDAM)
    return f"{day(local.date())}, {local:%H:%M}"


def number(value: float | None, empty: str = "onbekend") -> str:
    """``1.234,5``: with Dutch signs, without needless decimals."""
    if value is None:
        return empty
    text = f"{value:,.2f}".rstrip("0").rstrip(".") if value != int(value) else f"{int(value):,}"
    return text.translate(str.maketrans(",.", ".,"))


def amount(value: float | None, empty: str = "onbekend") -> str:
    """``€ 355.000``."""
    return empty if value is None else f"€ {number(value)}"


def fact(value: object, empty: str = "onbekend") -> str:
    """A fact or a value of the law, whatever its kind."""
    match value:
        case None:
            return empty
        case bool():
            return "ja" if value else "nee"
        case int() | float():
            return number(value)
        case list() | tuple():
            return ", ".join(word(str(one)) for one in value) or "geen"
        case date():
            return day(value)
        case _:
            return word(day(str(value)))


def word(value: str | None, empty: str = "onbekend") -> str:
    """A stored word as people write it."""
    if value is None or value == "":
        return empty
    return _WORDS.get(value, value.replace("_", " "))


def fact_of(value: object, name: str) -> str:
    """A value of one of the columns that are kept of a person; nothing for nothing."""
    return fact(told(name, value), "")
