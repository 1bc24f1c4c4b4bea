"""The fast extractor steps back from anything that is not ordinary, and the reference extractor stays small."""

import subprocess
import sys
from pathlib import Path

import pytest
from bag_files import SQUARE, object_xml, stand_xml

from importers.bag_fast import extract_fast
from importers.bag_head import read_head
from importers.bag_raw import RawRecords
from importers.bag_tables import TABLES

ROW = object_xml("VBO")


def fast(data: bytes, code: str = "VBO") -> RawRecords | None:
    return extract_fast(TABLES[code], "x.xml", read_head(data, "x.xml"), data)


def test_it_reads_what_is_ordinary() -> None:
    raw = fast(stand_xml("VBO", [ROW, ROW]))
    assert raw is not None
    assert raw.values["source_row"].to_list() == [1, 2]


@pytest.mark.parametrize(
    "data",
    [
        stand_xml("VBO", []),
        stand_xml("VBO", [ROW, "<sl:stand/>"]),  # more row elements than rows
        stand_xml("VBO", [ROW, object_xml("PND")]),
        stand_xml("VBO", [ROW]).replace(b"<sl:dataset>", b"<!-- <sl:stand> --><sl:dataset>"),
        stand_xml("VBO", [ROW, object_xml("VBO", documentnummer=None)]),  # a path that gives nothing
        stand_xml("VBO", [ROW, object_xml("VBO", pand=None)]),
        stand_xml("VBO", [ROW, object_xml("VBO", punt=None)]),
        stand_xml("VBO", [object_xml("VBO", oppervlakte=[1, 2])]),
        stand_xml("VBO", [ROW]).replace(b"UTF-8", b"windows-1252"),
        stand_xml("VBO", [ROW]).replace(b"imbag/historie/v20200601", b"imbag/historie/v2"),
        stand_xml("VBO", [ROW]).replace(b"</sl-bag-extract:bagStand>", b""),
    ],
)
def test_it_steps_back(data: bytes) -> None:
    assert fast(data) is None


def test_it_steps_back_from_several_surfaces() -> None:
    other = tuple((x + 20, y) for x, y in SQUARE)
    assert fast(stand_xml("WPL", [object_xml("WPL", vlak=[[SQUARE], [other]])]), "WPL") is None
    assert fast(stand_xml("PND", [object_xml("PND").replace(' srsDimension="3"', "")]), "PND") is None


STREAM = """
import re, sys
from pathlib import Path
from importers.bag_tables import TABLES
from importers.bag_xml import extract
head, row, foot = (part.encode() for part in sys.stdin.read().split("|"))
class Stream:
    left = 600
    def read(self, size=-1):
        self.left -= 1
        return head if self.left == 599 else row * 100 if self.left > 0 else foot if self.left == 0 else b""
rows = sum(raw.values.height for raw in extract(TABLES["NUM"], "x.xml", Stream()))
# The peak that getrusage gives is inherited from the process that started this one; the kernel's own record is not.
print(rows, int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="alleen Linux zegt hier de piek van een proces")
def test_the_reference_extractor_forgets_what_it_read() -> None:
    row = object_xml("NUM")
    head, _, foot = stand_xml("NUM", ["|"]).decode().partition("|")
    given = f"{head}|{row}|{foot}"
    done = subprocess.run([sys.executable, "-c", STREAM], input=given, capture_output=True, text=True, check=True)
    rows, peak = map(int, done.stdout.split())
    assert rows == 59_800
    assert peak < 250, "MB of a process that reads 60 MB of XML; kept as a tree it takes more than 500"
