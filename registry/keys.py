"""Opens the keys of a registry: given as text, or in a key file that is made once, outside the database."""

import os
from pathlib import Path

from registry.crypto import BsnCipher, Keys, KeysError, generate_keys

DEMO_KEYS = "woonregister-demo"
"""Stands in the name of the current key of a demo: such keys are in everybody's hands."""


def open_cipher(
    path: Path, given: str | None = None, *, in_use: bool = False, stand: int | None = None, production: bool = False
) -> BsnCipher:
    """The cipher of this registry.

    Args:
        path: the key file; made when it does not exist, readable by its owner only.
        given: the keys themselves, from a vault; then no file is used.
        in_use: whether the registry holds persons already; then new keys would recognise nobody.
        stand: how many hash keys the registry counts under; None is all.
        production: whether real persons are in it: then keys are never made by themselves, nor readable by others.

    Raises:
        KeysError: the keys are damaged or lost, or the file cannot be read or made; in production also when they are
            those of a demo, too weak, or open to others.
    """
    keys = read_keys(path, given, in_use=in_use, production=production)
    if production:
        _refuse_weak(keys)
    return BsnCipher(keys, stand)


def read_keys(path: Path, given: str | None = None, *, in_use: bool = False, production: bool = False) -> Keys:
    """The keys themselves; arguments and errors as for ``open_cipher``."""
    if given is not None:
        return Keys.from_text(given)
    try:
        if not path.exists():
            if in_use:
                raise KeysError(
                    f"Het sleutelbestand {path} is er niet, maar de registratie bevat al versleutelde personen. Zet "
                    "het bestand terug (uit een reservekopie), of wijs het aan met WOONREGISTER_SLEUTELBESTAND."
                )
            if production:
                raise KeysError(
                    f"Het sleutelbestand {path} is er niet. In productie worden sleutels niet vanzelf gemaakt: gebruik "
                    "'woonregister init', en bewaar ze buiten de database."
                )
            _create(path, generate_keys().to_text())
        if production and path.stat().st_mode & 0o077:
            raise KeysError(f"Het sleutelbestand {path} is voor anderen te lezen. Herstel dat met: chmod 600 {path}")
        return Keys.from_text(path.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError) as error:
        raise KeysError(f"Het sleutelbestand {path} is niet te lezen of te maken: {error}.") from error


def create_keys(path: Path, name: str = "k1") -> None:
    """Make a key file with new keys; ``name`` is that of the encryption key.

    Raises:
        KeysError: the file exists or cannot be made.
    """
    try:
        _create(path, generate_keys(name).to_text())
    except OSError as error:
        raise KeysError(f"Het sleutelbestand {path} is niet te maken: {error}.") from error


def replace_keys(path: Path, keys: Keys, *, keep: Path | None = None) -> None:
    """Put other keys in the place of those of a file, at once or not at all; the old ones go to ``keep``.

    Raises:
        KeysError: a file cannot be written.
    """
    made = path.with_name(f"{path.name}.nieuw")
    try:
        if keep is not None:
            _create(keep, path.read_text(encoding="ascii"))
        made.unlink(missing_ok=True)
        _create(made, keys.to_text())
        made.replace(path)
    except OSError as error:
        raise KeysError(f"Het sleutelbestand {path} is niet te vervangen: {error}.") from error


def _refuse_weak(keys: Keys) -> None:
    """A key with few different bytes was typed, not drawn; a demo's keys are known to all."""
    drawn = 12  # 32 random bytes hold fewer than 12 different ones once in 10^20 times
    if DEMO_KEYS in keys.current or any(len(set(key)) < drawn for key in (*keys.encryption.values(), *keys.hash_keys)):
        raise KeysError(
            "Met demosleutels of verzonnen sleutels start Woonregister niet in productie. Maak sleutels met "
            "'woonregister init'."
        )


def _create(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(text)
