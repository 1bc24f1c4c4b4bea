"""The BAG importer against GDAL's LVBAG driver: seven object types of a real gemeente, in the same run.

Both start from the nested zip. GDAL cannot open three levels, so its documents are taken out in memory first and read
with ``pyogrio.raw.read``, which raises the driver's errors (``read_arrow`` is faster and cuts off silently). GDAL gives
untested columns; ours are typed, checked against value lists and patterns, and carry issues. ``lxml_nothing_done`` is
the bound of lxml: every document walked through and forgotten, not a value taken. The compiled reader is xml2arrow
(Rust), in ``woonregister``: the lane that is used where it is installed, compared row by row with lxml in the tests.

Seconds are those of the processor, so that others on the machine hardly count; no lane waits for anything else.
Documents are independent, so two processes read two deliveries at once; ``hours_for_75_gb`` is the national extract at
the rate of each (XML, unpacked): a rate of parsing only, without linking, comparing and writing.
"""

import io
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from importers.bag import Lane, read
from importers.bag_fields import NAMESPACES
from importers.source import load_source

EXTRACT = (
    Path(__file__).resolve().parent.parent.parent / "shared/data/bag/lvbag-gemeente-weesp/BAGGEM0457L-15102021.zip"
)
TYPES = ("WPL", "OPR", "NUM", "VBO", "LIG", "STA", "PND")
REPEATS = 3
TIMES = 4  # how much larger the extract is on which memory must stay the same

Figures = dict[str, float | int | str]


def _zip_of(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _parts(path: Path) -> tuple[str, dict[str, bytes], dict[str, bytes]]:
    """Name of the zip of the gemeente, its zips of the seven types, and what stands beside it."""
    with zipfile.ZipFile(path) as outer:
        gem = next(name for name in outer.namelist() if "GEM" in name and name[0].isdigit())
        beside = {name: outer.read(name) for name in outer.namelist() if name.startswith("Leveringsdocument")}
        with zipfile.ZipFile(io.BytesIO(outer.read(gem))) as inner:
            return gem, {name: inner.read(name) for name in inner.namelist() if name[4:7] in TYPES}, beside


def _seven_types(source: Path, target: Path, times: int = 1) -> Path:
    """The same delivery with only the seven types, each document ``times`` over."""
    gem, parts, beside = _parts(source)
    if times > 1:
        for name, content in parts.items():
            with zipfile.ZipFile(io.BytesIO(content)) as part:
                parts[name] = _zip_of(
                    {
                        f"{document[:-10]}{turn}{document[-9:]}": part.read(document)
                        for document in part.namelist()
                        for turn in range(times)
                    }
                )
    target.write_bytes(_zip_of(beside | {gem: _zip_of(parts)}))
    return target


def _ours(lane: Lane) -> Callable[[Path], int]:
    def parse(path: Path) -> int:
        return sum(batch.frame.height for batch in read(path, source=load_source("bag"), lane=lane).batches)

    return parse


def _gdal(path: Path) -> int:
    import pyogrio  # noqa: PLC0415 - else its memory would count in every lane

    total = 0
    for content in _parts(path)[1].values():
        with zipfile.ZipFile(io.BytesIO(content)) as part:
            for name in sorted(part.namelist()):
                total += len(pyogrio.raw.read(part.read(name))[2])
    return total


def _nothing_done(path: Path) -> int:
    """Every element seen and forgotten; the number of voorkomens, to be sure that they passed."""
    from lxml import etree  # noqa: PLC0415

    total = 0
    for content in _parts(path)[1].values():
        with zipfile.ZipFile(io.BytesIO(content)) as part:
            for name in part.namelist():
                for _, element in etree.iterparse(io.BytesIO(part.read(name)), tag=_ROW):
                    total += 1
                    element.clear(keep_tail=False)
    return total


_ROW = f"{{{NAMESPACES['sl-bag-extract']}}}bagObject"

LANES: dict[str, Callable[[Path], int]] = {
    "woonregister": _ours("auto"),
    "woonregister_lxml": _ours("reference"),
    "gdal_raw_read": _gdal,
    "lxml_nothing_done": _nothing_done,
}
NATIONAL_GB = 75


def _measure(lane: str, path: Path, repeats: int, answer: Any) -> None:
    seconds = []
    rows = 0
    for _ in range(repeats):
        start = time.process_time()
        rows = LANES[lane](path)
        seconds.append(time.process_time() - start)
    answer.put((rows, seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def _in_process(lane: str, path: Path, repeats: int) -> tuple[int, list[float], float]:
    """Rows, seconds and peak memory (MB of the whole process) of a lane in a process of its own."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    process = context.Process(target=_measure, args=(lane, path, repeats, answer))
    process.start()
    result: tuple[int, list[float], float] = answer.get()
    process.join()
    return result


def _two_at_once(lane: str, path: Path) -> float:
    """Seconds of the processor with which two processes at once each read the delivery; the slower of the two."""
    context = multiprocessing.get_context("spawn")
    answer = context.Queue()
    processes = [context.Process(target=_measure, args=(lane, path, 2, answer)) for _ in range(2)]
    for process in processes:
        process.start()
    taken = [answer.get()[1] for _ in processes]
    for process in processes:
        process.join()
    return max(min(each[1:]) for each in taken)


def _xml_mb(path: Path) -> float:
    """The XML of the seven types, unpacked, in MB."""
    total = 0
    for content in _parts(path)[1].values():
        with zipfile.ZipFile(io.BytesIO(content)) as part:
            total += sum(info.file_size for info in part.infolist())
    return total / 1e6


def _rates(xml_mb: float, seconds: dict[str, float], processes: int) -> Figures:
    """MB of XML per second and the hours that the national extract would take, per lane."""
    figures: Figures = {}
    for lane, taken in seconds.items():
        rate = processes * xml_mb / taken
        many = "" if processes == 1 else f"_{processes}_processes"
        figures[f"{lane}{many}_mb_per_s"] = round(rate, 1)
        figures[f"{lane}{many}_hours_for_75_gb"] = round(NATIONAL_GB * 1000 / rate / 3600, 2)
    return figures


def run(extract: Path = EXTRACT) -> Figures:
    """Median seconds, rows and peak memory per lane, the ratio to GDAL, and our memory at ``TIMES`` the size."""
    if not extract.is_file():
        return {"overgeslagen": f"{extract.name} is er niet"}
    figures: Figures = {}
    with tempfile.TemporaryDirectory() as folder:
        path = _seven_types(extract, Path(folder) / "seven.zip")
        seconds: dict[str, list[float]] = {lane: [] for lane in LANES}
        for _ in range(REPEATS):  # in turns, so that a busy moment of the machine hits every lane
            for lane in LANES:
                rows, taken, peak = _in_process(lane, path, 2)
                seconds[lane].append(taken[1])  # the first turn imports and warms up
                figures[f"{lane}_rows"], figures[f"{lane}_peak_mb"] = rows, round(peak)
        for lane, taken in seconds.items():
            figures[f"{lane}_seconds"] = round(statistics.median(taken), 3)
        xml_mb = _xml_mb(path)
        figures["xml_mb"] = round(xml_mb, 1)
        figures |= _rates(xml_mb, {lane: float(figures[f"{lane}_seconds"]) for lane in LANES}, 1)
        figures |= _rates(xml_mb, {lane: _two_at_once(lane, path) for lane in LANES}, 2)
        larger = _seven_types(extract, Path(folder) / "larger.zip", TIMES)
        figures["woonregister_peak_mb_at_4_times"] = round(_in_process("woonregister", larger, 1)[2])
        figures["whole_delivery_seconds"] = round(_in_process("woonregister", extract, 2)[1][1], 3)
    peer = float(figures["gdal_raw_read_seconds"])
    figures["ratio_to_gdal"] = round(float(figures["woonregister_seconds"]) / peer, 2)
    nothing = float(figures["lxml_nothing_done_seconds"])
    figures["ratio_to_lxml_with_nothing_done"] = round(float(figures["woonregister_seconds"]) / nothing, 2)
    figures["ratio_lxml_to_fast"] = round(
        float(figures["woonregister_lxml_seconds"]) / float(figures["woonregister_seconds"]), 2
    )
    figures["ratio_lxml_to_gdal"] = round(float(figures["woonregister_lxml_seconds"]) / peer, 2)
    return figures


def _table(figures: Figures) -> str:
    lines = [f"{'lane':<20}{'rows':>8}{'seconds':>10}{'peak MB':>9}"]
    for lane in LANES:
        row = [figures[f"{lane}_{what}"] for what in ("rows", "seconds", "peak_mb")]
        lines.append(f"{lane:<20}{row[0]:>8}{row[1]:>10}{row[2]:>9}")
    return "\n".join(lines)


if __name__ == "__main__":
    outcome = run()
    if "overgeslagen" not in outcome:
        print(_table(outcome))
    print(json.dumps(outcome, indent=2))
