"""Runs every benchmark in a process of its own, one after another, and prints their figures as Markdown.

``python -m benchmarks [NAME …]``. A module ``bench_<name>.py`` gives a ``run()`` that returns its figures; the peer
that it compares with runs in the same run, so that a ratio does not depend on the machine.
"""

import json
import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
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
        print(f"\n## {name}\n\n| figure | value |\n|---|---:|")
        for figure, value in found.items():
            print(f"| {figure} | {shown(value)} |", flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
