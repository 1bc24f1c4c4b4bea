"""Fifty inspectors in a town of 40,000 dwellings while the BAG and the BRP of a month come in and all is judged anew.

Everything runs as in production, on PostgreSQL that waits for its disk: two processes of `woonregister serve`, one
`woonregister worker`, and fifty browsers that sign in, search an address, open a dwelling, open their list and save a
visit with a count, one in three with a photo; they think as long as the table says between two actions. So each saves
a visit in two minutes, which is ten times as often as an inspector on the street. A beheerder sends in the files of one
month after another over the same pages, and asks for an evaluation each time. Afterwards every visit that was answered
as saved is read back: exactly once, with its count and its photos; `woonregister check` finds nothing, the chain of the
access log included. `during_work` is what was asked while the worker was at it; who saves then waits until an import is
in. Not part of `make bench`: `make bench-inspecteurs`. `MINUTEN` (10) and `WONINGEN` (40000) in the environment say how
long and how large.
"""

import io
import json
import os
import random
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from benchmarks.databases import Figures
from benchmarks.inspectors_checked import found_defects, read_back, task_state, turns_lost
from benchmarks.monthly import write_next_bag, write_next_brp
from benchmarks.web_client import Browser, ServedTown, served_town
from registry.demo.manifest import Manifest, read_manifest

MINUTES = float(os.environ.get("MINUTEN", "10"))
INSPECTORS = 50
THINK_SECONDS = 8.0  # on average, between two actions of one inspector
ARRIVE_SECONDS = 60.0  # in which all of them sign in
PEILDATUM = date(2026, 3, 20)
BEHEERDER = "beheer@testdam.nl"
_PATIENCE = 180.0  # seconds for one answer; a browser of the field gives up later still
_DAY = "2026-05-04"


@dataclass(slots=True)
class Notes:
    """What was measured and saved, by all threads together."""

    seconds: dict[str, list[tuple[float, bool]]] = field(default_factory=lambda: defaultdict(list))
    visits: dict[str, tuple[str, int]] = field(default_factory=dict)  # number -> dwelling and count
    photos: Counter[str] = field(default_factory=Counter)  # per number of a visit
    errors: list[str] = field(default_factory=list)
    months: int = 0
    works: bool = False  # whether the worker is at it
    lock: threading.Lock = field(default_factory=threading.Lock)

    def timed(self, action: str, expected: int, ask: Callable[[], Any]) -> Any:
        """Do one action; None when it did not answer as it should."""
        began, works = time.perf_counter(), self.works
        try:
            answer = ask()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is counted and shown
            self.wrong(f"{action}: {type(error).__name__} after {time.perf_counter() - began:.0f} s: {error}"[:300])
            return None
        with self.lock:
            self.seconds[action].append((time.perf_counter() - began, works))
        if answer.status_code != expected:
            self.wrong(f"{action}: {answer.status_code} {_words(answer.text)}")
            return None
        return answer

    def wrong(self, what: str) -> None:
        """Something that may not happen."""
        with self.lock:
            self.errors.append(what)
        print(what, file=sys.stderr, flush=True)


@dataclass(slots=True)
class Inspector:
    """One of the fifty, in a thread."""

    town: ServedTown
    notes: Notes
    number: int
    dwellings: list[tuple[str, str]]  # object id and address
    dice: random.Random
    photos: list[bytes]

    @property
    def email(self) -> str:
        """The address of his account."""
        return f"inspecteur{self.number}@testdam.nl"

    def work(self, until: float) -> None:
        """Sign in and do one thing after another."""
        time.sleep(min(self.dice.uniform(0, ARRIVE_SECONDS), max(0.0, until - time.monotonic()) / 4))
        browser = self.town.sign_in(self.email, sender=f"10.1.0.{self.number}", timeout=_PATIENCE)
        lists = browser.get("/werklijsten").text.split('href="/werklijsten/')[1:]
        numbers = [one.split('"')[0] for one in lists if one.split('"')[0].isdecimal()]
        while time.monotonic() < until:
            object_id, adres = self.dice.choice(self.dwellings)
            doing = self.dice.choices(["search", "dwelling", "list", "visit"], [5, 5, 3, 1])[0]
            if doing == "search":
                text = adres.rpartition(",")[0] or adres
                self.notes.timed("search", 200, lambda: browser.get("/zoeken", params={"q": text}))  # noqa: B023
            elif doing == "dwelling":
                self.notes.timed("dwelling", 200, lambda: browser.get(f"/woningen/{object_id}"))  # noqa: B023
            elif doing == "list" and numbers:
                chosen = self.dice.choice(numbers)
                self.notes.timed("list", 200, lambda: browser.get(f"/werklijsten/{chosen}"))  # noqa: B023
            else:
                self._visit(browser, object_id)
            time.sleep(self.dice.expovariate(1 / THINK_SECONDS))
        browser.close()

    def _visit(self, browser: Browser, object_id: str) -> None:
        form = self.notes.timed("visit_form", 200, lambda: browser.get("/bezoeken/nieuw", params={"woning": object_id}))
        if form is None:
            return
        counted = self.dice.randint(0, 12)
        typed = {
            "woning": object_id, "datum": _DAY, "inspecteur": "Ada", "aantal_personen": str(counted),
            "resultaat": "toegang_met_toestemming", "opmerkingen": f"{self.number}, {time.time_ns()}",
        }  # fmt: skip
        saved = self.notes.timed("visit_save", 303, lambda: browser.post("/bezoeken/nieuw", typed))
        if saved is None:
            return
        report = saved.headers["location"]
        number = report.partition("nummer=")[2].partition("&")[0]
        with self.notes.lock:
            self.notes.visits[number] = (object_id, counted)
        if self.notes.timed("visit_report", 200, lambda: browser.get(report)) is None or self.dice.random() > 1 / 3:
            return
        photo = {"foto": ("foto.jpg", self.dice.choice(self.photos), "image/jpeg")}
        kept = self.notes.timed(
            "photo_save", 303, lambda: browser.post("/bezoeken/fotos", {"nummer": number}, files=photo)
        )
        if kept is not None:
            with self.notes.lock:
                self.notes.photos[number] += 1


@dataclass(slots=True)
class Beheerder:
    """Sends in one month after another."""

    town: ServedTown
    notes: Notes
    manifest: Manifest
    browser: Browser = field(init=False)

    def work(self, until: float) -> None:
        """The files of a month, an evaluation, and again; what was begun is finished."""
        self.browser = self.town.sign_in(BEHEERDER, sender="10.2.0.1", timeout=_PATIENCE)
        folder = self.town.folder / "stad"
        bag, brp = (folder / self.manifest.bestanden[bron] for bron in ("bag", "brp"))
        stand, day = self.manifest.bag_stand, self.town.peildatum
        while time.monotonic() < until:
            later = folder / f"brp-{self.notes.months}.csv"
            write_next_brp(brp, later)
            bag, brp = write_next_bag(bag, folder, stand), later
            stand, day = _next_month(stand), _next_month(day)
            self.notes.works = True
            done = (
                self._send("import_bag", "/imports", {"bron": "bag"}, bag)
                and self._send("import_brp", "/imports", {"bron": "brp", "leverdatum": day.isoformat()}, brp)
                and self._send("evaluate", "/imports/toetsen", {}, None)
            )
            self.notes.works = False
            self.notes.months += done
            if not done:
                return

    def _send(self, action: str, path: str, fields: dict[str, str], file: Path | None) -> bool:
        began = time.perf_counter()
        files = {} if file is None else {"files": {"bestand": (file.name, file.read_bytes())}}
        self.browser.get("/imports")
        asked = self.notes.timed(f"{action}_send", 303, lambda: self.browser.post(path, fields, **files))
        if asked is None:
            return False
        number = int(asked.headers["location"].rpartition("/")[2])
        while (state := task_state(self.town.url, number))[0] in ("wacht", "bezig"):
            time.sleep(1)
        with self.notes.lock:
            self.notes.seconds[f"{action}_done"].append((time.perf_counter() - began, True))
        if state[0] != "klaar":
            self.notes.wrong(f"{action}: {state}")
        return state[0] == "klaar"


def run(minutes: float = MINUTES) -> Figures:
    """Counts, errors, lost writes, p50, p95 and p99 in milliseconds per action, and the share of the processors."""
    with served_town(peildatum=PEILDATUM, settings={"max_connections": "60"}) as town:
        manifest = read_manifest(town.folder / "stad")
        town.add_accounts(
            {BEHEERDER: "beheerder"} | {f"inspecteur{one}@testdam.nl": "inspecteur" for one in range(INSPECTORS)}
        )
        notes, photos, dwellings = Notes(), [_photo(seed) for seed in range(6)], _dwellings(town)
        until = time.monotonic() + minutes * 60
        workers: list[Any] = [Beheerder(town, notes, manifest)] + [
            Inspector(town, notes, number, dwellings, random.Random(number), photos)  # noqa: S311 (no secret)
            for number in range(INSPECTORS)
        ]
        began, busy, own = time.perf_counter(), town.cpu_seconds(), time.process_time()
        threads = [threading.Thread(target=_safely, args=(notes, one, until), daemon=True) for one in workers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - began
        figures: Figures = {
            "dwellings": manifest.woningen, "inspectors": INSPECTORS, "minutes": round(seconds / 60, 1),
            "think_seconds": THINK_SECONDS, "cores": os.cpu_count() or 0,
            "served_cpu_share": round((town.cpu_seconds() - busy) / seconds, 2),
            "generator_cpu_share": round((time.process_time() - own) / seconds, 2),
        }  # fmt: skip
        stopped = town.stop()
        if stopped != [0, 0]:
            notes.wrong(f"the processes ended with {stopped}")
        failed = town.said().count('"level": "error"')
        lost, double = read_back(town.url, notes.visits, notes.photos)
        defects, again = found_defects(town.url), turns_lost(town.url)
    for one in defects:
        notes.wrong(one)
    return figures | {
        "months_taken_in": notes.months, "requests": sum(map(len, notes.seconds.values())),
        "errors": len(notes.errors), "errors_in_logs": failed, "defects_found_by_check": len(defects),
        "visits_saved": len(notes.visits), "photos_saved": notes.photos.total(), "writes_lost": lost,
        "writes_double": double, "visits_done_again": again,
    } | _percentiles(notes)  # fmt: skip


def _safely(notes: Notes, worker: Any, until: float) -> None:
    """A thread that falls is an error, not a silent pause."""
    try:
        worker.work(until)
    except Exception as error:  # noqa: BLE001 - as in ``Notes.timed``
        notes.wrong(f"{type(worker).__name__}: {type(error).__name__}: {error}")


def _percentiles(notes: Notes) -> Figures:
    found: Figures = {}
    for action, measured in sorted(notes.seconds.items()):
        whole = [seconds for seconds, _ in measured]
        if action.endswith("_done"):
            found[f"{action}_s"] = round(max(whole), 1)
            continue
        found[f"{action}_n"] = len(whole)
        for name, values in (("", whole), ("_during_work", [seconds for seconds, works in measured if works])):
            if len(values) >= 20:
                for share in (50, 95, 99):
                    found[f"{action}{name}_p{share}_ms"] = round(float(np.percentile(values, share)) * 1000)
    return found


def _dwellings(town: ServedTown) -> list[tuple[str, str]]:
    """A thousand dwellings with their addresses, all over the town."""
    from registry.store.engine import open_store  # noqa: PLC0415
    from registry.store.queries.search import current_adressen  # noqa: PLC0415

    wanted = [f"0606010000{number:06d}" for number in range(1, 20_001, 20)]
    store = open_store(town.url)
    with store.read() as connection:
        found = current_adressen(connection, wanted, on=town.peildatum)
    store.close()
    return [(object_id, one.adres) for object_id, one in sorted(found.items())]


def _photo(seed: int) -> bytes:
    """As a telephone makes it: 1600 by 1200 pixels, half a megabyte."""
    noise = np.random.default_rng(seed).integers(0, 255, (300, 400, 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(noise).resize((1600, 1200)).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, day.day)


def _words(text: str) -> str:
    """What a page says, without its tags."""
    main = text.partition("<main")[2] or text
    return " ".join("".join(part.partition(">")[2] for part in main.split("<")).split())[:200]


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
