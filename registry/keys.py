"""Opens the keys of a registry: given as text, or in a key file that is made once, outside the database."""

import os
from pathlib import Path

from registry.crypto import BsnCipher, Keys, KeysError, generate_keys


def open_cipher(path: Path, given: str | None = None, *, in_use: bool = False) -> BsnCipher:
    """The cipher of this registry.

    Args:
        path: the key file; made when it does not exist, readable by its owner only.
        given: the keys themselves, from a vault; then no file is used.
        in_use: whether the registry holds persons already; then new keys would recognise nobody.

    Raises:
        KeysError: the keys are damaged or lost, or the file cannot be read or made.
    """
    if given is not None:
        return BsnCipher(Keys.from_text(given))
    try:
        if not path.exists():
            if in_use:
                raise KeysError(
                    f"Het sleutelbestand {path} is er niet, maar de registratie bevat al versleutelde personen. Zet "
                    "het bestand terug (uit een reservekopie), of wijs het aan met WOONREGISTER_SLEUTELBESTAND."
                )
            _create(path, generate_keys().to_text())
        return BsnCipher(Keys.from_text(path.read_text(encoding="ascii")))
    except (OSError, UnicodeDecodeError) as error:
        raise KeysError(f"Het sleutelbestand {path} is niet te lezen of te maken: {error}.") from error


def _create(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
