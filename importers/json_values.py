"""Values of a JSON answer that may hold anything: what is not of the wanted kind counts as absent."""

from typing import Any


def as_dict(value: object) -> dict[str, Any]:
    """The object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_dicts(value: object) -> list[dict[str, Any]]:
    """The objects in a list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def as_text(value: object) -> str | None:
    """Text without outer space; a number as its digits."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def as_texts(value: object) -> list[str]:
    """The texts in a list."""
    return [text for item in value if (text := as_text(item)) is not None] if isinstance(value, list) else []


def as_whole(value: object) -> int | None:
    """A whole number, also when it came as 185000.0."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    whole = int(value) if isinstance(value, int) or value.is_integer() else None
    return whole if whole is not None and abs(whole) < 2**63 else None


def as_truth(value: object) -> bool | None:
    """True or false, else None."""
    return value if isinstance(value, bool) else None
