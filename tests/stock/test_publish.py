"""A table that goes out: rounded, hidden where it must be, and it says so."""

from small_stock import OP, Stock

from registry.stock.composition import compose
from registry.stock.disclosure import Limits
from registry.stock.publish import publish


def town_of(counts: dict[tuple[str, int], int]) -> Stock:
    """Dwellings by buurt and oppervlakte."""
    stock = Stock()
    number = 0
    for (buurt, area), count in counts.items():
        for _ in range(count):
            stock.dwelling(f"o{number}", oppervlakte=area)
            stock.lies(f"o{number}", buurt)
            number += 1
    return stock


def test_a_table_goes_out_without_its_small_counts() -> None:
    records = town_of({("A", 60): 43, ("A", 110): 4, ("B", 60): 38, ("B", 110): 21, ("C", 60): 6}).records()
    composition = compose(records, per=["buurt", "grootteklasse"], op=OP)
    [published] = publish([composition], Limits())
    rows = {row["buurt"] + row["grootteklasse"][:2]: row for row in published.rows.to_dicts()}
    assert rows["A10"]["aantal"] is None
    assert rows["C50"]["aantal"] is None
    for row in rows.values():
        assert row["aantal"] is None or row["aantal"] % 5 == 0
        assert (row["aantal"] is None) == (row["oppervlakte"] is None) == (row["aandeel"] is None)
        assert row["oppervlakte"] is None or row["oppervlakte"] % 100 == 0
    assert "oppervlakte_onbekend" not in published.rows.columns
    assert "van 1 tot 10 zijn verborgen" in published.remarks[-1]
    assert published.definition == composition.definition


def test_tables_that_go_out_together_agree_on_what_they_share() -> None:
    records = town_of({("A", 60): 43, ("A", 110): 4, ("B", 60): 38, ("B", 110): 21}).records()
    both = [compose(records, per=per, op=OP) for per in (["buurt", "grootteklasse"], ["buurt"], [])]
    cells, totals, whole = publish(both, Limits(minimum=10, rounding=1))
    hidden = cells.rows.filter(cells.rows["aantal"].is_null())
    assert hidden.height >= 4
    assert totals.rows["aantal"].to_list() == [47, 59]
    assert whole.total == whole.rows["aantal"].item() == 106


def test_a_selection_of_few_dwellings_shows_nothing() -> None:
    records = town_of({("A", 60): 7}).records()
    [published] = publish([compose(records, per=["buurt"], op=OP)], Limits())
    assert published.total is None
    assert published.rows["aantal"].to_list() == published.rows["aandeel"].to_list() == [None]
