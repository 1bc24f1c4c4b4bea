"""The style of the municipality: its own tokens of NL Design System, over those that come with the program."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from registry.errors import UsageError

_MOST = 512 * 1024  # bytes; the tokens of a whole design system are some tens of thousands


@dataclass(frozen=True, slots=True)
class Theme:
    """A sheet of style, and the address under which browsers keep it until it changes."""

    content: str

    @property
    def name(self) -> str:
        """Other content has another name."""
        return f"{hashlib.sha256(self.content.encode()).hexdigest()[:12]}.css"

    @property
    def address(self) -> str:
        """Where pages find it."""
        return f"/thema/{self.name}"


def read_theme(path: Path | None) -> Theme | None:
    """The theme in a file; None without a file.

    Raises:
        UsageError: the file cannot be read, or is no sheet of style.
    """
    if path is None:
        return None
    try:
        content = path.read_bytes()
        if len(content) > _MOST or b"<" in content or b"{" not in content:
            raise UsageError(f"WOONREGISTER_THEMA: {path.name} is geen opmaakbestand (.css) van ten hoogste 512 kB.")
        return Theme(content.decode("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"WOONREGISTER_THEMA: {path.name} is niet te lezen als tekst (UTF-8).") from error
