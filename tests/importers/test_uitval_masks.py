"""What an export of set-aside rows masks comes back exactly, and nothing else changes."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importers.corrections import MASK, Restorer, read_uitval
from importers.issues import no_issues
from importers.tables import Table
from registry import logs
from registry.errors import SourceRefusedError

FIELDS = {"a": "Kolom A", "b": "Kolom B"}
TEXT = st.text(alphabet="0123456789 .ab", min_size=1, max_size=12)
LINES = st.lists(st.tuples(TEXT | st.none(), TEXT | st.none()), min_size=1, max_size=3)


def table(rows: Sequence[tuple[str | None, str | None, str | None]]) -> Table:
    """A table of a file with two columns and the column uitval."""
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.String, "uitval": pl.String}, orient="row")
    placed = frame.with_columns(pl.lit("u.csv").alias("source_file"), source_row=pl.int_range(2, frame.height + 2))
    return Table(placed, FIELDS | {"uitval": "uitval"}, no_issues(), frame.height)


def test_the_mask_is_the_one_of_the_export() -> None:
    assert MASK == logs.MASK


@given(
    kept=st.dictionaries(st.integers(1, 99).map(str), LINES, min_size=1, max_size=4),
    masked=st.sets(st.tuples(st.integers(0, 11), st.sampled_from("ab"))),
    part=st.integers(0, 3),
    cut=st.integers(1, 5),
)
def test_masked_cells_come_back_whatever_the_batches(
    kept: dict[str, list[tuple[str | None, str | None]]], masked: set[tuple[int, str]], part: int, cut: int
) -> None:
    rows = [(a, b, number) for number, lines in kept.items() for a, b in lines]

    def exported(place: int, column: str, text: str | None) -> str | None:
        # Part of a cell is masked where a number stands in free text.
        return (
            text if text is None or (place, column) not in masked else text[:part] + MASK if part < len(text) else MASK
        )

    shown = [(exported(n, "a", a), exported(n, "b", b), number) for n, (a, b, number) in enumerate(rows)]
    texts = {n: json.dumps([dict(zip(FIELDS.values(), line, strict=True)) for line in kept[n]]) for n in kept}
    restorer = Restorer(texts)
    restored = [
        row
        for start in range(0, len(shown), cut)
        for row in restorer.restore(table(shown[start : start + cut])).frame.select("a", "b", "uitval").rows()
    ]
    assert restored == rows


@pytest.mark.parametrize(
    ("row", "kept"),
    [
        ((MASK, None, "7"), {"Kolom A": None}),
        ((MASK, None, "7"), {"Kolom B": "1"}),
        ((f"bsn {MASK}", None, "7"), {"Kolom A": "nummer 123456782"}),
        ((MASK, None, None), {"Kolom A": "1"}),
        ((MASK, None, "8"), {"Kolom A": "1"}),
    ],
)
def test_a_mask_without_a_kept_value_names_its_place(
    row: tuple[str | None, str | None, str | None], kept: dict[str, str | None]
) -> None:
    with pytest.raises(SourceRefusedError, match=r"u\.csv, regel 2, kolom 'Kolom A'"):
        Restorer({"7": json.dumps(kept)}).restore(table([row]))


def test_asterisks_of_an_ordinary_delivery_are_left_alone() -> None:
    ordinary = table([(MASK, "x", None)])
    ordinary.headers.pop("uitval")
    assert Restorer({}).restore(ordinary).frame["a"].to_list() == [MASK]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"uitval;Kolom A\n7;x\n;y\n8;z\n", {2: "7", 4: "8"}),
        (b"titel\nKolom A,UITVAL\nx, 7 \n", {3: "7"}),
        (b"Kolom A;Kolom B\n1;2\n", {}),
        (b"uitval\n7\n", {}),
        (b"", {}),
        (b"PK\x03\x04 geen zip", {}),
        (b"Kolom A;uitval\n\xeb;7\n", {}),
    ],
)
def test_which_rows_a_file_corrects(tmp_path: Path, content: bytes, expected: dict[int, str]) -> None:
    path = tmp_path / "u.csv"
    path.write_bytes(content)
    assert read_uitval(path) == expected
    assert read_uitval(tmp_path) == {}
