"""docs/installatie.md works: its commands are typed as they stand there, in an empty Debian."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import debian
import pytest
from fresh_debian import MINUTES, FreshDebian, commands_of

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = REPOSITORY / "docs" / "installatie.md"
DEPLOY = REPOSITORY / "deploy"
# It says what is missing, and that is much in an empty registry: the page tells so.
ATTENTION = "woonregister init"
READY = "curl --silent --fail http://127.0.0.1:8000/health/ready"


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> FreshDebian:
    """An empty Debian with the release where the page says that it lies."""
    if os.geteuid() != 0:
        pytest.skip("een lege Debian maken kan alleen root")
    folder = tmp_path_factory.mktemp("installatie")
    try:
        debian.find_program("ip", "iproute2")
        fresh = FreshDebian(folder)
    except debian.NotInstalledError as error:
        pytest.skip(f"geen lege Debian: {error}")
    release = fresh.root / "usr/local/src/woonregister"
    release.mkdir(parents=True)
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(release), str(REPOSITORY)]
    subprocess.run(build, check=True, capture_output=True, timeout=5 * MINUTES)
    shutil.copyfile(REPOSITORY / "requirements.txt", release / "requirements.txt")
    shutil.copytree(DEPLOY, release / "deploy")
    return fresh


@pytest.mark.proof
@pytest.mark.slow
def test_the_page_leads_from_an_empty_debian_to_a_running_registry(machine: FreshDebian) -> None:
    parts = commands_of(PAGE)
    assert set(range(1, 10)) <= set(parts)
    # Packages come from outside; from then on the machine is alone, and everything must work without a network.
    machine.type([*parts[1], *parts[2]], network=True)
    rest = [
        f"{line} || test $? = 1" if line.startswith(ATTENTION) else line
        for part in range(3, 10)
        for line in parts[part]
    ]
    # What the timers start, and keys that are replaced under the services.
    later = ["systemctl start woonregister-retention.service", "woonregister sleutels roteer"]
    said = machine.type(["pg_ctlcluster 15 main start", *rest, *later, READY], network=False)
    assert "De database is bijgewerkt." not in said  # remarks go to stderr
    assert said.count("\nok") == 4
    assert "Aanmelden" in said
    copies = list((machine.root / "var/lib/woonregister-reservekopie").glob("*.zip"))
    assert len(copies) == 2
    keys = machine.root / "var/lib/woonregister/sleutels/woonregister.sleutels"
    assert keys.stat().st_mode & 0o077 == 0
    log = "".join(path.read_text() for path in (machine.root / "var/log").glob("woonregister*.log"))
    assert "Traceback" not in log
