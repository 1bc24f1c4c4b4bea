"""WOZ values: answers of the published API, lists of a municipality, and what is odd in either."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from importers import woz
from importers.issues import ISSUE
from importers.records import WOZ_WAARDEN, Batch
from importers.source import Mapping, load_source
from registry.errors import SourceRefusedError

SOURCE = load_source("woz")
HOME, OTHER = "0606010000000001", "0606010000000002"
HEAD = "WOZ-objectnummer;BAG-id;Waardepeildatum;Ingangsdatum;WOZ-waarde;Status;Bezwaar"


def read(path: Path, mapping: Mapping | None = None) -> Batch:
    [batch] = woz.read(path, source=SOURCE, mapping=mapping).batches
    assert batch.frame.schema == WOZ_WAARDEN.schema
    assert batch.issues.schema == ISSUE
    return batch


def read_rows(tmp_path: Path, *rows: str, head: str = HEAD) -> Batch:
    path = tmp_path / "woz.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return read(path)


def read_json(tmp_path: Path, *answers: Any, name: str = "woz.json") -> Batch:
    path = tmp_path / name
    path.write_text("\n".join(json.dumps(answer, default=str) for answer in answers), encoding="utf-8")
    return read(path)


def woz_object(*values: dict[str, Any], number: str = "060600000001", ids: tuple[str, ...] = (HOME,)) -> dict[str, Any]:
    return {"identificatie": number, "adresseerbaarObjectIdentificaties": list(ids), "waarden": list(values)}


def value(amount: Any = 250_000, peil: str = "2024-01-01", **other: Any) -> dict[str, Any]:
    return {"vastgesteldeWaarde": amount, "waardepeildatum": peil} | other


def codes(batch: Batch, level: str = "uitval") -> list[str]:
    return batch.issues.filter(level=level)["code"].to_list()


def test_a_row_of_a_list_comes_out_as_values(tmp_path: Path) -> None:
    [row] = read_rows(tmp_path, f"060600000001;{HOME};01-01-2024;01-01-2025;€ 312.000,00;01, 10;").frame.to_dicts()
    assert (row["woz_object"], row["adresseerbaar_object_id"]) == ("060600000001", HOME)
    assert (row["waardepeildatum"], row["ingangsdatum"]) == (date(2024, 1, 1), date(2025, 1, 1))
    assert (row["ingangsdatum_afgeleid"], row["waarde"]) == (False, 312_000)
    assert (row["beschikkingsstatussen"], row["bezwaar"]) == (["01", "10"], True)


@pytest.mark.parametrize(
    ("written", "euro"),
    [("250000", 250_000), ("250.000", 250_000), ("1.250.000,-", 1_250_000), ("€250.000,0", 250_000), ("2", 2)],
)
def test_whole_euros_as_people_write_them(tmp_path: Path, written: str, euro: int) -> None:
    batch = read_rows(tmp_path, f"060600000001;{HOME};01-01-2024;;{written};;")
    assert batch.frame["waarde"].to_list() == [euro]


@pytest.mark.parametrize("written", ["250000,50", "250.00", "ca. 250000", "-1", "1e6", "99999999999", "250 000"])
def test_what_is_no_value_is_set_aside(tmp_path: Path, written: str) -> None:
    batch = read_rows(tmp_path, f"060600000001;{HOME};01-01-2024;;{written};;")
    assert codes(batch) == ["waarde"]
    assert batch.frame.is_empty()
    [kept] = batch.issues.filter(level="uitval")["row"].to_list()
    assert json.loads(kept)["WOZ-waarde"] == written


@pytest.mark.parametrize("amount", [0, 1])
def test_zero_and_one_go_in_with_a_warning(tmp_path: Path, amount: int) -> None:
    batch = read_rows(tmp_path, f"060600000001;{HOME};01-01-2024;01-01-2025;{amount};01;")
    assert batch.frame["waarde"].to_list() == [amount]
    assert codes(batch, "waarschuwing") == ["waarde_onbepaald"]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"06060000000;{HOME};01-01-2024;;1000;;", None),
        (f"0606000000;{HOME};01-01-2024;;1000;;", "woz_objectnummer"),
        (f"06060000000X;{HOME};01-01-2024;;1000;;", "woz_objectnummer"),
        (f";{HOME};01-01-2024;;1000;;", "leeg"),
        ("060600000001;;01-01-2024;;1000;;", "geen_adres"),
        ("060600000001;0606100000000001;01-01-2024;;1000;;", "bag_id"),
        (f"060600000001;{HOME};31-02-2024;;1000;;", "datum"),
        (f"060600000001;{HOME};01-01-1994;;1000;;", "datum_buiten_bereik"),
        (f"060600000001;{HOME};01-01-2024;31-12-2023;1000;;", "ingang_voor_peildatum"),
        (f"060600000001;{HOME};01-01-2024;01-01-2024;1000;;", None),
        (f"060600000001;{HOME};01-01-2024;;1000;04;", "onbekende_waarde"),
        (f"060600000001;{HOME};01-01-2024;;1000;01;misschien", "onbekende_waarde"),
    ],
)
def test_the_edge_of_what_goes_in(tmp_path: Path, row: str, code: str | None) -> None:
    batch = read_rows(tmp_path, row)
    assert codes(batch) == ([] if code is None else [code])
    assert batch.frame.height == (code is None)


def test_two_values_for_one_moment_are_both_set_aside_and_one_value_said_twice_goes_in_once(tmp_path: Path) -> None:
    batch = read_rows(
        tmp_path,
        f"060600000001;{HOME};01-01-2024;01-01-2025;100000;01;",
        f"060600000001;{OTHER};01-01-2024;01-01-2025;110000;01;",
        f"060600000002;{HOME};01-01-2024;01-01-2025;120000;01;",
        f"060600000002;{HOME};01-01-2024;01-01-2025;120000;01;",
        f"060600000002;{OTHER};01-01-2024;01-01-2025;120000;01;",
    )
    assert codes(batch) == ["tegenstrijdige_rijen"] * 2
    assert batch.frame.select("woz_object", "adresseerbaar_object_id").rows() == [
        ("060600000002", HOME), ("060600000002", OTHER),
    ]  # fmt: skip


def test_who_has_an_interest_is_not_read(tmp_path: Path) -> None:
    head = HEAD + ";Naam eigenaar;BSN;Eigenaar"
    batch = read_rows(tmp_path, f"060600000001;{HOME};01-01-2024;;x;;;Jansen;999990019;Pieters", head=head)
    everything = str(batch.frame.rows()) + str(batch.issues.rows())
    assert not [text for text in ("Jansen", "999990019", "Pieters") if text in everything]
    answer = woz_object(value(-5)) | {"belanghebbendeEigenaar": {"burgerservicenummer": "999990019", "naam": "Jansen"}}
    found = read_json(tmp_path, answer)
    assert codes(found) == ["waarde"]
    assert not [text for text in ("Jansen", "999990019") if text in str(found.frame.rows()) + str(found.issues.rows())]


def test_the_name_of_a_street_is_no_name_of_a_person(tmp_path: Path) -> None:
    head = "WOZ-objectnummer;Naam openbare ruimte;Huisnummer;Postcode;Waardepeildatum;Waarde;Naam gebruiker"
    batch = read_rows(tmp_path, "060600000001;Singel;12a;1381AB;01-01-2024;1000;Jansen", head=head)
    assert batch.frame.select("straat", "huisnummer", "suffix").rows() == [("Singel", 12, "a")]
    assert "Jansen" not in str(batch.frame.rows()) + str(batch.issues.rows())


def test_a_municipality_has_its_own_names(tmp_path: Path) -> None:
    path = tmp_path / "woz.csv"
    path.write_text(f"nr,vbo,prijspeil,bedrag,wijk\n060600000001,{HOME},2024/01/01,200000,Oost\n", encoding="utf-8")
    names = {"nr": "woz_object", "vbo": "adresseerbaar_object_id", "prijspeil": "waardepeildatum", "bedrag": "waarde"}
    batch = read(path, Mapping(names, "jjjj/mm/dd", ("wijk",)))
    assert batch.frame.select("waarde", "ingangsdatum", "ingangsdatum_afgeleid").rows() == [
        (200_000, date(2025, 1, 1), True)
    ]
    with pytest.raises(SourceRefusedError, match="wijk"):
        read(path, Mapping(names))


def test_an_answer_of_the_published_api_comes_in(tmp_path: Path, shared_data: Path) -> None:
    """Every example value of the specification, in an object and in a collection."""
    text = (shared_data / "specs" / "woz-bevragen-openapi.yaml").read_text(encoding="utf-8")
    schemas = yaml.safe_load(text)["components"]["schemas"]
    answer = example(schemas, schemas["WozObjectHal"]) | {"identificatie": "022600000123"}
    collection = {"_links": {}, "_embedded": {"wozObjecten": [answer | {"identificatie": "022600000124"}]}}
    frame = read_json(tmp_path, answer, collection, name="woz.jsonl").frame
    assert frame["woz_object"].to_list() == ["022600000123", "022600000124"]
    assert frame["adresseerbaar_object_id"].unique().to_list() == ["0226010000038820"]
    assert frame.select("waarde", "waardepeildatum", "ingangsdatum", "ingangsdatum_afgeleid").unique().rows() == [
        (127_000, date(2019, 1, 1), date(2020, 1, 1), False)
    ]
    statuses = schemas["StatusBeschikkingEnum"]["enum"]
    all_of_them = woz_object(*(value(peil=f"{2000 + place}-01-01", beschikkingsStatussen=[status], ingangsdatum=None)
                               for place, status in enumerate(statuses)))  # fmt: skip
    batch = read_json(tmp_path, all_of_them)
    assert codes(batch) == []
    described = schemas["StatusBeschikkingEnum"]["description"]
    by_year = dict(batch.frame.select(pl.col("waardepeildatum").dt.year(), "beschikkingsstatussen").iter_rows())
    for place, status in enumerate(statuses):
        [code] = by_year[2000 + place]
        assert f"`{status}` - {code}:" in described
    assert set(batch.frame.filter("bezwaar")["beschikkingsstatussen"].explode()) == {"10", "20", "23", "30"}


def example(schemas: dict[str, Any], schema: dict[str, Any]) -> Any:
    """An instance of a schema of the specification, made of its own examples."""
    if "$ref" in schema:
        return example(schemas, schemas[schema["$ref"].rsplit("/", 1)[1]])
    if "example" in schema:
        return schema["example"]
    if "allOf" in schema:
        return {key: item for part in schema["allOf"] for key, item in example(schemas, part).items()}
    kind = schema["type"]
    made = {
        "array": lambda: [example(schemas, schema["items"])],
        "object": lambda: {key: example(schemas, part) for key, part in schema["properties"].items()},
        "boolean": lambda: True,
        "integer": lambda: 1,
        "string": lambda: schema.get("enum", ["x"])[0],
    }
    return made[kind]()


def test_the_published_api_leaves_ingangsdatum_and_statuses_out(tmp_path: Path) -> None:
    answer = woz_object(value(peil="2023-01-01"), value(peil="2024-01-01", indicatieBezwaarBeroep=True))
    batch = read_json(tmp_path, answer)
    assert batch.frame.select("ingangsdatum", "ingangsdatum_afgeleid", "bezwaar", "beschikkingsstatussen").rows() == [
        (date(2024, 1, 1), True, False, None), (date(2025, 1, 1), True, True, None),
    ]  # fmt: skip
    [warning] = batch.issues.filter(code="ingangsdatum_afgeleid")["text"].to_list()
    assert "Bij 2 waarden" in warning


def test_an_objection_is_unknown_when_nobody_speaks_of_it(tmp_path: Path) -> None:
    assert read_rows(tmp_path, f"060600000001;{HOME};01-01-2024;01-01-2025;1000;;").frame["bezwaar"].to_list() == [None]
    assert read_rows(tmp_path, f"060600000001;{HOME};01-01-2024;01-01-2025;1000;;Nee").frame["bezwaar"].to_list() == [
        False
    ]


def test_several_dwellings_each_have_the_value_of_the_whole(tmp_path: Path) -> None:
    frame = read_json(tmp_path, woz_object(value(500_000), ids=(HOME, OTHER, HOME))).frame
    assert frame.select("adresseerbaar_object_id", "waarde").rows() == [(HOME, 500_000), (OTHER, 500_000)]


def test_without_an_object_the_address_on_the_beschikking_is_kept_to_link_by(tmp_path: Path) -> None:
    place = {"straat": "Singel", "huisnummer": 12, "huisletter": "B", "huisnummertoevoeging": "3", "postcode": "1381AB"}
    by_number = {"nummeraanduidingIdentificatie": "0606200000000001"}
    frame = read_json(
        tmp_path,
        [woz_object(value(), ids=()) | {"aanduiding": place},
         woz_object(value(), number="060600000002", ids=()) | {"aanduiding": place | by_number}],
    ).frame  # fmt: skip
    assert frame.select("straat", "huisnummer", "suffix", "postcode", "nummeraanduiding_id").rows() == [
        ("Singel", 12, "B 3", "1381AB", None), (None, None, None, None, "0606200000000001"),
    ]  # fmt: skip


def test_a_woz_object_without_dwelling_or_value_is_remarked(tmp_path: Path) -> None:
    batch = read_json(tmp_path, woz_object(value(), ids=()), woz_object(number="060600000002"))
    assert batch.frame.is_empty()
    assert codes(batch, "waarschuwing") == ["woz_zonder_adres", "woz_zonder_waarde"]
    assert batch.read == 2


def test_more_pages_and_unknown_keys_are_noted(tmp_path: Path) -> None:
    answer = {"_links": {"next": {"href": "x"}}, "_embedded": {"wozObjecten": [woz_object(value()) | {"gas": "nee"}]}}
    path = tmp_path / "woz.json"
    path.write_text(json.dumps(answer), encoding="utf-8")
    notes = woz.read(path, source=SOURCE).notes
    assert [("gas" in note, "volgende pagina" in note) for note in notes] == [(True, False), (False, True)]


def test_an_error_of_the_api_is_no_delivery(tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match="status 403"):
        read_json(tmp_path, {"status": 403, "title": "U bent niet geautoriseerd voor deze operatie."})
    with pytest.raises(SourceRefusedError, match="geen WOZ-object"):
        read_json(tmp_path, {"bewoningen": []})


@given(
    st.lists(
        st.tuples(st.sampled_from(["2022", "2023", "2024"]), st.integers(0, 10**9), st.sampled_from([HOME, OTHER])),
        max_size=8,
    )
)
def test_a_list_and_answers_say_the_same(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, int, str]]
) -> None:
    """Whatever is in it: the two shapes give the same values and set the same aside."""
    folder = tmp_path_factory.mktemp("woz")
    listed = read_rows(folder, *(f"060600000001;{home};01-01-{year};;{amount};;nee" for year, amount, home in rows))
    if not rows:
        assert listed.frame.is_empty()
        return
    answered = read_json(
        folder, *(woz_object(value(amount, f"{year}-01-01"), ids=(home,)) for year, amount, home in rows)
    )
    same = pl.exclude("source_file", "source_row")
    assert listed.frame.select(same).equals(answered.frame.select(same))
    assert sorted(codes(listed)) == sorted(codes(answered))
    moments = {(year, amount) for year, amount, _ in rows}
    clear = {year for year, _ in moments if sum(other == year for other, _ in moments) == 1}
    assert set(answered.frame["waardepeildatum"].dt.year().cast(pl.String)) == clear
