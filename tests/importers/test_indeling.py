"""The column names of a municipality: read as text, refused with a reason that repeats nothing of a wrong file."""

from pathlib import Path

import pytest

from importers.indeling import MOST_BYTES, load_indeling, read_indeling
from importers.source import Mapping, load_source
from registry.errors import SourceRefusedError

SOURCE = load_source("meldingen")
A_BSN = "999993653"  # of the test range of RvIG
LAUGHS = "a: &a [x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)}, ' * 9}]\n" for n in range(9))


def test_what_a_municipality_writes_is_read_as_text() -> None:
    text = "kolommen:\n  2024: datum\n  nee: soort\ndatumformaat: dd/mm/jjjj\nnegeren: [Kleur, 12]\n"
    read = read_indeling(b"\xef\xbb\xbf" + text.encode(), "eigen.yml", SOURCE)
    assert read == Mapping({"2024": "datum", "nee": "soort"}, "dd/mm/jjjj", ("Kleur", "12"))
    assert read_indeling(b"kolommen: {Dag: datum}\ndatumformaat:\n", "eigen.yml", SOURCE).date_format is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (f"naam;bsn\njan;{A_BSN}\n", "geen sleutels"),
        (f"jan: {A_BSN}\n", "iets anders in dan kolommen, datumformaat, negeren"),
        (f"kolommen: [{A_BSN}]\n", "onder 'kolommen:'"),
        (f"kolommen: {{Dag: {A_BSN}}}\n", "een leeg of onleesbaar veld"),
        ("kolommen: {Dag: dag}\n", "heeft: dag. Bekende velden"),
        ("negeren: [x]\n", "'kolommen:' ontbreekt"),
        (f"kolommen:\n  x: [{A_BSN}\n", "geen YAML"),
        ("", "geen sleutels"),
        (LAUGHS, "regel 2 is geen YAML"),
        ("[" * 20_000, "te veel in elkaar"),
        ("kolommen: {Naam melder: datum}\n", "niet verwerkt mogen worden"),
        ('kolommen: {Dag: datum}\ndatumformaat: "%H"\n', "geen dag, maand en jaar"),
        ("kolommen: {Dag: datum}\ndatumformaat: dd-mm-jj\n", "geen dag, maand en jaar"),
        (b"\xff\xfe\x00k", "UTF-8"),
        (b"#" * (MOST_BYTES + 1), "ten hoogste 64 kB"),
    ],
    ids=["a delivery", "another key", "no names", "no field", "unknown field", "no columns", "broken", "empty",
         "laughs", "deep", "refused column", "an hour", "half a year", "binary", "large"],
)  # fmt: skip
def test_what_is_no_indeling_is_refused_without_repeating_it(content: str | bytes, reason: str) -> None:
    given = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(SourceRefusedError) as refused:
        read_indeling(given, "eigen.yml", SOURCE)
    assert reason in str(refused.value)
    assert A_BSN not in str(refused.value)


def test_a_source_with_a_layout_of_its_own_takes_none(tmp_path: Path) -> None:
    path = tmp_path / "eigen.yml"
    path.write_text("kolommen: {Dag: datum}\n", encoding="utf-8")
    assert load_indeling(path, SOURCE).columns == {"Dag": "datum"}
    with pytest.raises(SourceRefusedError, match="vaste indeling"):
        load_indeling(path, load_source("bag"))
