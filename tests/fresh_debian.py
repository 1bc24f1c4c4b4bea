"""An empty Debian in a folder, in which the commands of a page are typed as root: chroot, own processes, no systemd."""

import re
import shutil
import subprocess
from pathlib import Path

import debian

MINUTES = 60
# What the machine that tests needs to reach its package mirrors; an empty Debian of a municipality has its own.
NETWORK = (
    "etc/resolv.conf",
    "etc/pip.conf",
    "etc/apt/apt.conf.d",
    "etc/apt/sources.list",
    "etc/apt/sources.list.d",
    "usr/share/keyrings/debian-archive-keyring.gpg",
)
# Starts what a unit says, as whom it says; there is no systemd in a chroot.
SYSTEMCTL = r"""#!/usr/bin/python3
import os, pwd, shlex, signal, subprocess, sys, time
from pathlib import Path

UNITS, PIDS = Path("/etc/systemd/system"), Path("/run")

def unit(name):
    found = {}
    for line in (UNITS / name).read_text().splitlines():
        if "=" in line and not line.startswith("#"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value.strip())
    return found

def environment(said):
    values = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/var/lib/woonregister"}
    lines = [line for path in said.get("EnvironmentFile", []) for line in Path(path).read_text().splitlines()]
    for line in [*said.get("Environment", []), *lines]:
        if line.strip() and not line.startswith("#"):
            key, _, value = line.partition("=")
            values[key] = value.strip().strip('"')
    return values

def start(name):
    said = unit(name)
    values = environment(said)
    user = said["User"][0]
    for command in said["ExecStart"]:
        words = [word.replace("$$", "$").replace("%%", "%") for word in shlex.split(command)]
        words = [values[word[2:-1]] if word.startswith("${") else word for word in words]
        log = open(f"/var/log/{name}.log", "a")
        options = {"cwd": said["WorkingDirectory"][0], "env": values, "user": user, "group": said["Group"][0],
                   "extra_groups": os.getgrouplist(user, pwd.getpwnam(user).pw_gid), "umask": 0o077,
                   "stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
        if said["Type"] == ["oneshot"]:
            code = subprocess.run(words, **options).returncode
            if code and str(code) not in said.get("SuccessExitStatus", []):
                sys.exit(code)
            continue
        child = subprocess.Popen(words, start_new_session=True, **options)
        (PIDS / f"{name}.pid").write_text(str(child.pid))
        time.sleep(8)  # what systemd would not wait for, the next command of the page would
        if child.poll() is not None:
            sys.exit(f"{name} ended: {Path(log.name).read_text()[-3000:]}")

def stop(name):
    pid = int((PIDS / f"{name}.pid").read_text())
    os.kill(pid, signal.SIGTERM)
    for _ in range(450):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    sys.exit(f"{name} does not stop")

verb, *names = [word for word in sys.argv[1:] if not word.startswith("--")]
for name in names:
    if name == "postgresql":
        subprocess.run(["pg_ctlcluster", "15", "main", verb], check=True)
    elif name == "nginx":
        subprocess.run(["nginx"], check=True)
    elif name.endswith(".timer"):
        unit(name), unit(name.replace(".timer", ".service"))
    else:
        stop(name) if verb == "stop" else start(name)
"""


def commands_of(page: Path) -> dict[int, list[str]]:
    """The commands of each numbered part of a page, in order: what is indented."""
    found: dict[int, list[str]] = {}
    part = 0
    for line in page.read_text(encoding="utf-8").splitlines():
        if heading := re.match(r"## (\d+)\.", line):
            part = int(heading.group(1))
        elif line.startswith("    ") and line.strip():
            found.setdefault(part, []).append(line.strip())
    return found


class FreshDebian:
    """A Debian 12 with nothing but what every Debian has."""

    def __init__(self, folder: Path) -> None:
        """Make it.

        Raises:
            debian.NotInstalledError: debootstrap is not there, or no mirror answers.
        """
        self.root = folder / "debian"
        program = debian.find_program("debootstrap", "debootstrap")
        done = subprocess.run(
            [program, "--variant=minbase", "bookworm", str(self.root), _mirror()],
            capture_output=True, text=True, check=False, timeout=20 * MINUTES,
        )  # fmt: skip
        if done.returncode != 0:
            raise debian.NotInstalledError(f"debootstrap: {done.stdout[-300:]} {done.stderr[-300:]}")
        (self.root / "etc/apt/sources.list").unlink()
        for name in NETWORK:
            self._take(name)
        # The package that the page installs makes its own; pip is told of that of this machine.
        shutil.copyfile("/etc/ssl/certs/ca-certificates.crt", self.root / "etc/machine.crt")
        shim = self.root / "usr/local/bin/systemctl"
        shim.write_text(SYSTEMCTL, encoding="utf-8")
        shim.chmod(0o755)
        (self.root / "usr/sbin/policy-rc.d").write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        (self.root / "usr/sbin/policy-rc.d").chmod(0o755)

    def _take(self, name: str) -> None:
        source, target = Path("/") / name, self.root / name
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)

    def type(self, commands: list[str], *, network: bool) -> str:
        """Type commands as root; the first that fails ends it. What they said.

        Everything that was started is gone afterwards: the processes have a namespace of their own.
        """
        lines = [
            "set -eu",
            "export PIP_CERT=/etc/machine.crt DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8",
            "export PATH=/usr/local/sbin:/usr/local/bin:$PATH",
        ]
        lines += [f"echo {_quoted('$ ' + line)}\n{line}" for line in commands]
        inside = ["chroot", str(self.root), "bash", "-s"]
        if not network:
            inside = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh", *inside]
        apart = ["unshare", "--fork", "--kill-child", "--pid", "--mount", f"--mount-proc={self.root / 'proc'}"]
        done = subprocess.run(
            [*apart, *([] if network else ["--net"]), *inside],
            input="\n".join(lines), capture_output=True, text=True, check=False, timeout=30 * MINUTES,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/"},
        )  # fmt: skip
        if done.returncode != 0:
            raise AssertionError(f"{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
        return done.stdout


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _mirror() -> str:
    """The package mirror of this machine; its own apt knows it."""
    done = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)"], capture_output=True, text=True, check=True
    )
    addresses = [line for line in done.stdout.splitlines() if line.rstrip("/").endswith("/debian")]
    if not addresses:
        raise debian.NotInstalledError("apt kent geen spiegel van Debian")
    return addresses[0]
