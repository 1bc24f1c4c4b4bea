"""The one root of every error that a user may see.

An error carries a stable ``code`` for programs and a Dutch text for people that says what to do. The command line
and the web translate it in one place each; nothing else catches it to print.
"""

from typing import ClassVar


class WoonregisterError(Exception):
    """Something the user can be told: ``str(error)`` is the Dutch text."""

    code: ClassVar[str] = "fout"


class SourceRefusedError(WoonregisterError):
    """A delivery cannot be taken in at all; the registry stays as it was."""

    code = "bron_geweigerd"


class InvalidIdentifierError(WoonregisterError, ValueError):
    """A text is not the identifier that it should be; the text itself is not repeated (it may be a BSN)."""

    code = "ongeldige_identificatie"


class InvalidDateError(WoonregisterError, ValueError):
    """A text is not a date, not even an incomplete one."""

    code = "ongeldige_datum"


class LawFileError(WoonregisterError):
    """A law file or scenario file is wrong; the text names file, key and reason."""

    code = "ongeldig_wetsbestand"


class UsageError(WoonregisterError):
    """The command was given something that does not exist or cannot be combined."""

    code = "verkeerd_gebruik"


class StoreError(WoonregisterError):
    """The database cannot do what is asked (absent, locked, full, of another version)."""

    code = "database"


class StoreBusyError(StoreError):
    """Another one writes at this moment; asked again a little later it can be done."""

    code = "database_bezet"


class StoreFullError(StoreError):
    """There is no room on the disk of the database, or where uploaded files wait; with room it can be done."""

    code = "schijf_vol"


class ExportError(WoonregisterError):
    """A file cannot be written (full disk, open in another program, folder absent); nothing is left behind."""

    code = "uitvoer"
