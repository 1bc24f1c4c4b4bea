"""The vocabulary in which ``importers.bag_tables`` describes a document: namespaces, fields and tables."""

from dataclasses import dataclass, field
from enum import StrEnum

from importers.records import RecordType

NAMESPACES = {
    "Objecten": "www.kadaster.nl/schemas/lvbag/imbag/objecten/v20200601",
    "Objecten-ref": "www.kadaster.nl/schemas/lvbag/imbag/objecten-ref/v20200601",
    "Historie": "www.kadaster.nl/schemas/lvbag/imbag/historie/v20200601",
    "nen5825": "www.kadaster.nl/schemas/lvbag/imbag/nen5825/v20200601",
    "KenmerkInOnderzoek": "www.kadaster.nl/schemas/lvbag/imbag/kenmerkinonderzoek/v20200601",
    "selecties-extract": "http://www.kadaster.nl/schemas/lvbag/extract-selecties/v20200601",
    "sl-bag-extract": "http://www.kadaster.nl/schemas/lvbag/extract-deelbestand-lvc/v20200601",
    "sl": "http://www.kadaster.nl/schemas/standlevering-generiek/1.0",
    "mlm": "http://www.kadaster.nl/schemas/lvbag/extract-deelbestand-mutaties-lvc/v20200601",
    "ml": "http://www.kadaster.nl/schemas/mutatielevering-generiek/1.0",
    "gml": "http://www.opengis.net/gml/3.2",
    "gwr-bestand": "www.kadaster.nl/schemas/lvbag/gem-wpl-rel/gwr-deelbestand-lvc/v20200601",
    "gwr-product": "www.kadaster.nl/schemas/lvbag/gem-wpl-rel/gwr-producten-lvc/v20200601",
    "bagtypes": "www.kadaster.nl/schemas/lvbag/gem-wpl-rel/bag-types/v20200601",
    "xb": "http://www.kadaster.nl/schemas/lvbag/extract-levering/v20200601",
}


def qualified(name: str) -> str:
    """``sl:stand`` as lxml writes it: ``{namespace}stand``."""
    prefix, local = name.split(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


class Form(StrEnum):
    """What the text of a column must look like."""

    TEXT = "tekst"
    DATE = "datum"
    MOMENT = "tijdstip"
    NUMBER = "getal"
    FLAG = "J of N"


@dataclass(frozen=True, slots=True)
class Field:
    """One column: where its text stands and what it must be. ``low`` and ``high`` are inclusive.

    ``optional`` is what the schema says (minOccurs 0), not what the registry needs.
    """

    path: str
    form: Form = Form.TEXT
    many: bool = False
    pattern: str | None = None
    values: tuple[str, ...] = ()
    optional: bool = False
    low: int = 0
    high: int = 999_999_999


@dataclass(frozen=True, slots=True)
class Table:
    """One document kind: which element is a row, and which column each element below it fills.

    ``container`` is the path from the root to the parent of the rows; ``row`` is counted to prove that nothing was
    lost; ``body`` leads from the row to the object. ``constants`` are columns that the kind itself decides.
    """

    code: str
    record: RecordType
    container: str
    row: str
    body: str
    fields: dict[str, Field]
    constants: dict[str, str] = field(default_factory=dict)
    geometry: bool = False

    @property
    def root(self) -> str:
        """The document element, with its prefix."""
        return self.container.split("/")[0]

    @property
    def scalars(self) -> list[str]:
        """Columns that hold one text."""
        return [name for name, part in self.fields.items() if not part.many]

    @property
    def lists(self) -> list[str]:
        """Columns that hold a list of texts."""
        return [name for name, part in self.fields.items() if part.many]
