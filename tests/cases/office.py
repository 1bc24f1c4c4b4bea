"""LibreOffice without a screen: the program that a municipality may open a workbook or letter with."""

import subprocess
from pathlib import Path

import debian
import pytest

SECONDS = 240


def convert_or_skip(source: Path, target: str, folder: Path) -> Path:
    """The file as LibreOffice writes it out again; without LibreOffice the test is skipped with the reason."""
    try:
        program = debian.find_program("soffice", "libreoffice-calc", "libreoffice-writer")
    except debian.NotInstalledError as error:
        pytest.skip(f"geen LibreOffice: {error}")
    profile = (folder / "profiel").as_uri()
    done = subprocess.run(
        [
            program,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            target,
            "--outdir",
            str(folder),
            source,
        ],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    made = folder / f"{source.stem}.{target}"
    assert made.is_file(), f"{done.stdout} {done.stderr}"
    return made
