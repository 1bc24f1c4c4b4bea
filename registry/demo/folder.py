"""The folder of a demo: made anew, and never taken from anybody else."""

from pathlib import Path

from registry.demo.manifest import MANIFEST_NAME
from registry.demo.town import GEMEENTE
from registry.errors import UsageError


def clear_folder(folder: Path) -> None:
    """Make the folder, or take away the deliveries of an earlier demo.

    Files of anybody else are safe: a real registry, or a real extract of gemeente 0606, has the same names.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        foreign = any(folder.iterdir()) and not (folder / MANIFEST_NAME).exists()
    except OSError as error:
        raise UsageError(
            f"De map {folder} is niet te maken of te lezen: {error.strerror}. Kies een andere map."
        ) from error
    if foreign:
        raise UsageError(
            f"De map {folder} is niet leeg en niet van een eerdere demo. Kies een nieuwe map, zo gaat er niets weg."
        )
    for pattern in (f"BAGGEM{GEMEENTE}L-*.zip", "gebieden-*.geojson"):
        for stale in folder.glob(pattern):
            stale.unlink()
    # Empty until the demo is complete: a demo that was broken off can be made again in the same folder.
    (folder / MANIFEST_NAME).write_text("", encoding="utf-8")
