"""Installs programs of Debian that tests need, where this process may do so."""

import os
import shutil
import subprocess

INSTALL_SECONDS = 600


class NotInstalledError(Exception):
    """A program is not on this machine and could not be installed; the text says why."""


def install(*packages: str) -> None:
    """Install Debian packages without what they merely recommend.

    Raises:
        NotInstalledError: no right to install, no apt-get, or apt-get failed.
    """
    names = " ".join(packages)
    if os.geteuid() != 0:
        raise NotInstalledError(f"{names} staat niet op deze machine en er is geen recht om het te installeren")
    if shutil.which("apt-get") is None:
        raise NotInstalledError(f"{names} staat niet op deze machine en apt-get is er niet")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        try:
            subprocess.run(
                ["apt-get", "-q", *arguments],
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=True,
                timeout=INSTALL_SECONDS,
            )
        except subprocess.SubprocessError as error:
            raise NotInstalledError(f"{names} is niet te installeren (apt-get {arguments[0]}: {error})") from error


def find_program(name: str, *packages: str) -> str:
    """The path of a program, installed first when it is missing.

    Raises:
        NotInstalledError: it is not there and cannot be installed.
    """
    found = shutil.which(name)
    if found is None:
        install(*packages)
        found = shutil.which(name)
    if found is None:
        raise NotInstalledError(f"{name} is niet gevonden na het installeren van {' '.join(packages)}")
    return found
