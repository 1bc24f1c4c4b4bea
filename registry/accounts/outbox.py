"""Messages to users as files in a folder; the municipality's own mail system sends them. No mail server is assumed."""

import os
import secrets
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from registry import clock
from registry.errors import ExportError


def write_message(folder: Path, to: str, link: str, expires_at: datetime) -> Path:
    """Write the message with which somebody sets a new password.

    Raises:
        ExportError: the file cannot be written.
    """
    until = expires_at.astimezone(clock.AMSTERDAM)
    message = EmailMessage()
    message["To"] = to
    message["Subject"] = "Woonregister: nieuw wachtwoord"
    message.set_content(
        "Iemand, waarschijnlijk uzelf, vroeg om een nieuw wachtwoord voor Woonregister.\n\n"
        f"Kies het hier: {link}\n\n"
        f"De verwijzing werkt een keer, tot {until:%d-%m-%Y %H:%M}. Vroeg u dit niet? Dan hoeft u niets te doen.\n"
    )
    path = folder / f"{clock.now():%Y%m%dT%H%M%S}-{secrets.token_hex(4)}.eml"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(message.as_bytes())
    except OSError as error:
        raise ExportError(f"Het bericht kan niet in de map {folder} worden geschreven: {error}.") from error
    return path
