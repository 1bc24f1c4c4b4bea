"""The columns of the worklist, and their bond with the source that reads them back."""

from importers.source import load_source
from registry.worklists.definitions import result_labels, worklist_columns
from rules.overbewoning import OVERBEWONING

HEADERS = [
    "Nr", "BAG-id", "Adres", "Postcode", "Woonplaats", "Wijk", "Buurt", "Regel", "Uitkomst", "Urgentie", "Personen min",
    "Personen max", "Oppervlakte (m2)", "Norm (m2 per persoon)", "Overschrijding (personen)", "Beslissende stap",
    "Toelichting", "Onbekende feiten", "Laatste inspectie", "Resultaat laatste inspectie", "Bronnen", "Peildatum",
    "Bewijsnummer", "Datum bezoek", "Tijd", "Inspecteur", "Resultaat", "Aantal personen", "Huishoudens",
    "Slaapplaatsen", "Kamers", "Gemeten oppervlakte (m2)", "Gebreken", "Opmerkingen",
]  # fmt: skip


def test_the_headers_are_these_and_no_others() -> None:
    assert [column.header for column in worklist_columns()] == HEADERS


def test_every_column_says_what_it_means_and_where_it_comes_from() -> None:
    for column in worklist_columns():
        assert column.help.endswith(".")
        assert column.source or column.key == "nr"
    assert len({column.key for column in worklist_columns()}) == len(HEADERS)


def test_the_source_of_inspections_knows_every_column() -> None:
    source = load_source("inspecties")
    read = {header for column in source.columns for header in column.headers}
    known = read | set(source.ignored)
    assert [header for header in HEADERS if header not in known] == []
    assert {column.header for column in worklist_columns() if column.fill_in} <= read


def test_the_drop_down_list_has_one_label_for_every_result() -> None:
    source = load_source("inspecties")
    labels = result_labels(source)
    choices = next(column.choices for column in worklist_columns() if column.header == "Resultaat")
    assert tuple(labels.values()) == choices
    assert set(labels) == set(source.lookups["resultaat"].values())
    assert all(source.lookups["resultaat"][label.lower()] == code for code, label in labels.items())


def test_the_rule_gives_the_columns_that_the_worklist_takes() -> None:
    taken = {name for column in worklist_columns() if column.take is not None for name in column.take.meta.root_names()}
    assert {"urgentie", "personen_min", "personen_max", "oppervlakte", "norm", "overschrijding"} <= taken
    assert taken & {"urgentie", "personen_min", "overschrijding"} <= set(OVERBEWONING.results)
