"""The errors that only the web knows, each with its HTTP status; ``answers.py`` makes them a page or problem+json."""

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from registry.errors import UsageError, WoonregisterError

_HIDDEN = "Deze pagina bestaat niet, of is niet voor u."


class WebError(WoonregisterError):
    """An error with its HTTP status."""

    status = HTTPStatus.BAD_REQUEST


class HiddenError(WebError):
    """What was asked does not exist, or not for this account: the answer is the same."""

    code = "niet_gevonden"
    status = HTTPStatus.NOT_FOUND

    def __init__(self) -> None:
        super().__init__(_HIDDEN)


class SignInNeededError(WebError):
    """Nobody is signed in."""

    code = "aanmelden"
    status = HTTPStatus.UNAUTHORIZED

    def __init__(self) -> None:
        super().__init__("Meld u eerst aan.")


class SecondStepNeededError(WebError):
    """The municipality asks for a second step that this account does not have yet."""

    code = "tweede_stap"
    status = HTTPStatus.FORBIDDEN

    def __init__(self) -> None:
        super().__init__("Zet eerst de tweede stap aan.")


class FormRefusedError(WebError):
    """A form without the token of this session: made elsewhere, or kept open since the session ended."""

    code = "formulier_verlopen"
    status = HTTPStatus.FORBIDDEN

    def __init__(self) -> None:
        super().__init__("Dit formulier is verlopen. Ga terug, ververs de pagina en verstuur het opnieuw.")


class TooManyError(WebError):
    """Too many attempts in a short time."""

    code = "te_veel_pogingen"
    status = HTTPStatus.TOO_MANY_REQUESTS


class TooLargeError(WebError):
    """More was sent than is accepted."""

    code = "te_groot"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class ConflictError(WebError):
    """Somebody else changed the same thing first."""

    code = "intussen_gewijzigd"
    status = HTTPStatus.CONFLICT


@contextmanager
def as_conflict() -> Iterator[None]:
    """Tell as a conflict what is refused within: the page offered it, so somebody else was first.

    Raises:
        ConflictError: a ``UsageError`` was raised within; the text is the same.
    """
    try:
        yield
    except UsageError as error:
        raise ConflictError(str(error)) from error


class NotReadyError(WebError):
    """The application cannot work at this moment."""

    code = "niet_beschikbaar"
    status = HTTPStatus.SERVICE_UNAVAILABLE
