"""Runs every benchmark in a process of its own, one after another, and prints their figures as Markdown.

``python -m benchmarks [NAME …]``. What was measured is kept in ``benchmarks/results.json``, by name, and shown in
``docs/prestaties.md``; a benchmark that was not asked for keeps its figures of an earlier time.

A module ``bench_<name>.py`` gives a ``run()`` that returns its figures; the peer that it compares with runs in the same
run, so that a ratio does not depend on the machine.
"""

import ast
import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
RESULTS, PAGE = HERE / "results.json", HERE.parent / "docs" / "prestaties.md"
INTRODUCTION = """# Prestaties

Deze bladzijde maakt `make bench` (`python -m benchmarks`). Elke meting loopt in een eigen proces; het programma waarmee
wordt vergeleken loopt in dezelfde meting, want alleen een verhouding zegt iets op een andere machine. Tijden zijn in
seconden, geheugen in MB van het hele proces. De beschrijvingen zijn die van de metingen zelf, in het Engels.
"""
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


def shown(value: object) -> str:
    """A figure with three significant digits, or whole."""
    return f"{value:.3g}" if isinstance(value, float) and abs(value) < 1000 else str(value)


def machine() -> dict[str, object]:
    """Where it was measured, and with which versions."""
    return {
        "day": datetime.now(UTC).date().isoformat(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": f"{os.getloadavg()[1]:.1f}",  # above the number of cores: others were using the machine
        "python": platform.python_version(),
        "polars": version("polars"),
        "sqlalchemy": version("sqlalchemy"),
    }


def keep(name: str, found: Mapping[str, object]) -> None:
    """Put the figures of a benchmark beside those of the others, and write the page anew."""
    results: dict[str, dict[str, dict[str, object]]] = (
        json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    )
    results[name] = {"measured": machine(), "figures": dict(found)}
    RESULTS.write_text(json.dumps(dict(sorted(results.items())), indent=2) + "\n", "utf-8")
    parts = [
        INTRODUCTION,
        *(section(each, kept["measured"], kept["figures"]) for each, kept in sorted(results.items())),
    ]
    PAGE.write_text("\n".join(parts), "utf-8")


def section(name: str, measured: Mapping[str, object], found: Mapping[str, object]) -> str:
    """One benchmark on the page: what it is (its own words), where it was measured, and a table."""
    source = ast.parse((HERE / f"bench_{name}.py").read_text("utf-8"))
    about = (ast.get_docstring(source) or "").split("\n\n")
    rows = [f"| {figure} | {shown(value)} |" for figure, value in found.items()]
    where = ", ".join(f"{key} {value}" for key, value in measured.items())
    return "\n".join([f"## {name}", "", *about, "", f"*{where}*", "", "| figure | value |", "|---|---:|", *rows, ""])


def main(wanted: list[str]) -> int:
    """Run the wanted benchmarks, or all; 1 when one failed, 2 when one does not exist."""
    unknown = sorted(set(wanted) - set(names()))
    if unknown:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join(names())}", file=sys.stderr)
        return 2
    print(f"Python {platform.python_version()}, Polars {version('polars')}, {platform.machine()}")
    failed = []
    for name in wanted or names():
        found = figures(name)
        if found is None:
            failed.append(name)
            continue
        keep(name, found)
        print(f"\n## {name}\n\n| figure | value |\n|---|---:|")
        for figure, value in found.items():
            print(f"| {figure} | {shown(value)} |", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
