"""The retention terms that hold for this registry: those of the municipality, else those of the program."""

from registry.privacy.retention import Bewaartermijn, read_terms, shipped_terms
from registry.web.state import Web


def terms_of(web: Web) -> tuple[Bewaartermijn, ...]:
    """Every term, of any period.

    Raises:
        LawFileError: the file of the municipality is wrong.
    """
    path = web.settings.bewaartermijnen
    return read_terms(path) if path else shipped_terms()
