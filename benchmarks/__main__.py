"""Runs the benchmarks in a process of their own, one after another, and prints their figures as Markdown.

``python -m benchmarks [NAME …]``; without names all but those that take an hour or more (``APART``). ``--page`` only
writes the page again. What was measured is kept in ``benchmarks/results.json``, by name, and shown in
``docs/prestaties.md`` (``page.py``); a benchmark that was not asked for keeps its figures of an earlier time, and one
that lacks what it needs says so and changes nothing.

A module ``bench_<name>.py`` gives a ``run()`` that returns its figures; the peer that it compares with runs in the same
run, so that a ratio does not depend on the machine. Its ``PEERS`` are packages whose versions are kept with them.
"""

import ast
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Final

from benchmarks.page import HERE, PAGE, PROCESSOR, RESULTS, Kept, shown, whole_page

APART: Final = {"inspectors": "bench-inspecteurs", "national": "bench-land"}  # name -> its target in the Makefile
BY_PROCESSOR: Final = ("bag_parse",)  # their seconds are never those of the clock
SKIPPED = "overgeslagen"  # the figure that says why there are none
_RUN = "import json, sys; from benchmarks.{module} import run; json.dump(run(), sys.stdout, default=str)"


def names() -> list[str]:
    """The benchmarks that there are."""
    return sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))


def figures(name: str) -> Mapping[str, object] | None:
    """What a benchmark measured; None when it failed, after its reason went to stderr."""
    command = [sys.executable, "-c", _RUN.format(module=f"bench_{name}")]
    result = subprocess.run(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True, check=False)
    if result.returncode:
        return None
    found: dict[str, object] = json.loads(result.stdout.splitlines()[-1])
    return found


def machine(name: str) -> dict[str, object]:
    """Where it was measured, and with which versions."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    found: dict[str, object] = {
        "day": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB",
        "load": f"{os.getloadavg()[1]:.1f}",  # above the number of cores: others were using the machine
        "python": platform.python_version(),
    }
    if name in BY_PROCESSOR:
        found["seconds"] = PROCESSOR
    for package in ("polars", "sqlalchemy", *peers(name)):
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found


def peers(name: str) -> tuple[str, ...]:
    """The packages that a benchmark names as its ``PEERS``; read, not imported."""
    for node in ast.parse((HERE / f"bench_{name}.py").read_text("utf-8")).body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="PEERS")], value=value)
                | ast.AnnAssign(target=ast.Name(id="PEERS"), value=ast.expr() as value)
            ):
                return tuple(ast.literal_eval(value))
    return ()


def keep(name: str, found: Mapping[str, object]) -> None:
    """Put the figures of a benchmark beside those of the others, and write the page anew."""
    results = kept()
    results[name] = {"measured": machine(name), "figures": dict(found)}
    RESULTS.write_text(json.dumps(dict(sorted(results.items())), indent=2) + "\n", "utf-8")
    write_page()


def kept() -> Kept:
    """All figures."""
    found: Kept = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    return found


def write_page() -> None:
    """The page, from what is kept."""
    PAGE.write_text(whole_page(kept()), "utf-8")


def main(wanted: list[str]) -> int:
    """Run the wanted benchmarks, or all but the longest; 1 when one failed, 2 when one does not exist."""
    if wanted == ["--page"]:
        write_page()
        return 0
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, Polars {version('polars')}, {platform.machine()}")
    failed = []
    for name in wanted or [name for name in names() if name not in APART]:
        found = figures(name)
        if found is None:
            failed.append(name)
            continue
        if SKIPPED not in found:
            keep(name, found)
        print(f"\n## {name}\n\n| figure | value |\n|---|---:|")
        for figure, value in found.items():
            print(f"| {figure} | {shown(value)} |", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
