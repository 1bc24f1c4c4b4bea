"""Fuzzes every importer for a given time, led by the code that a file reaches (atheris, libFuzzer).

``make fuzz`` runs it in an environment of its own. A fault does not stop it: each kind is kept once, with the file that
caused it, and named at the end.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path
from random import Random

REPOSITORY = Path(__file__).resolve().parents[1]
TESTS = REPOSITORY / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "importers"), str(REPOSITORY)]

import atheris  # noqa: E402 - the path comes first

with atheris.instrument_imports(include=["importers"]):
    import hostile_files


def fuzz_one(number: int, seconds: int, out: Path) -> None:
    """Fuzz one form of one source in this process; libFuzzer ends the process."""
    target = hostile_files.targets()[number]
    folder = Path(tempfile.mkdtemp())
    report = {"target": target.title, "runs": 0, "taken": 0, "refused": 0, "faults": {}, "seconds": 0.0}
    started = time.monotonic()
    warnings.simplefilter("error")

    def note() -> None:
        report["seconds"] = time.monotonic() - started
        (out / f"{number:02}.json").write_text(json.dumps(report, indent=1), encoding="utf-8")

    def test(part: bytes) -> None:
        report["runs"] += 1
        try:
            taken = hostile_files.read_hostile(target, part, folder)
            report["taken" if taken else "refused"] += 1
        except Exception as error:  # noqa: BLE001 - that any error is a finding is the point
            frames = [one for one in traceback.extract_tb(error.__traceback__) if "importers" in one.filename]
            place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
            kind = f"{type(error).__name__} {place}"
            if kind not in report["faults"]:
                report["faults"][kind] = repr(error)[:300]
                (out / f"{number:02}-{len(report['faults'])}.bin").write_bytes(part)
                note()
        if report["runs"] % 100 == 0:
            note()

    def mutate(part: bytes, most: int, seed: int) -> bytes:
        random = Random(seed)  # noqa: S311 - makes files, no secrets
        if random.random() < 0.25:
            return atheris.Mutate(part, most)
        return hostile_files.spoil(target, part or target.seed, random)[:most]

    corpus = Path(tempfile.mkdtemp())
    (corpus / "seed").write_bytes(target.seed)
    options = [f"-max_total_time={seconds}", "-max_len=65536", "-verbosity=0", "-rss_limit_mb=3000", "-timeout=60"]
    atheris.Setup([sys.argv[0], str(corpus), *options], test, custom_mutator=mutate)
    note()
    atheris.Fuzz()


def main() -> int:
    """Fuzz all of them one after another; 1 when there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="per form of a source")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "build" / "fuzz")
    parser.add_argument("--only", default="", help="part of the name of a form")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    if given.one is not None:
        fuzz_one(given.one, given.seconds, given.out)
        return 0
    faults, runs, seconds = {}, 0, 0.0
    for number, target in enumerate(hostile_files.targets()):
        if given.only not in target.title:
            continue
        again = [sys.executable, __file__, "--one", str(number), "--seconds", str(given.seconds), "--out", given.out]
        ended = subprocess.run(  # noqa: S603 - our own file, and arguments that were parsed above
            again, check=False, capture_output=True, text=True, errors="replace"
        )
        written = given.out / f"{number:02}.json"
        if not written.is_file():
            faults[target.title] = ended.stderr[-2000:]
            continue
        report = json.loads(written.read_text(encoding="utf-8"))
        runs, seconds = runs + report["runs"], seconds + report["seconds"]
        found = dict(report["faults"])
        if ended.returncode:
            said = [line for line in ended.stderr.splitlines() if "panicked" in line or "memory" in line]
            found["the process itself"] = said[0] if said else ended.stderr[-300:]
        faults |= {f"{target.title}: {kind}": text for kind, text in found.items()}
        sys.stdout.write(f"{target.title}: {report['runs']} files, {report['taken']} taken, {len(found)} faults\n")
        sys.stdout.flush()
    sys.stdout.write(f"\n{runs} files in {seconds / 60:.1f} minutes, {len(faults)} kinds of fault\n")
    sys.stdout.writelines(f"{kind}\n    {text}\n" for kind, text in faults.items())
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
