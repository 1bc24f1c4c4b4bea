"""How QGIS shows a layer of the stock: graduated colours by a share, in the file itself or beside it.

A GeoPackage carries its styles in the table ``layer_styles`` that QGIS reads on opening; beside a GeoJSON it looks for
a .qml of the same name.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Final

import pandas as pd
from lxml import etree
from matplotlib.ticker import MaxNLocator

from registry.exports.picture_style import ramp

STYLE_LAYER: Final = "layer_styles"
_CLASSES = 5
_PAPER = "255,255,255,255"


def qml(expression: str, values: Sequence[float], title: str) -> str:
    """A style with at most five classes.

    Args:
        expression: of QGIS, for instance ``"eigendom_corporatie" / "woningen"``.
        values: what it gives for the areas; the classes hold them all.
        title: what the layer is called in the legend.
    """
    low, high = min(values, default=0.0), max(values, default=1.0)
    edges = [
        float(edge) for edge in MaxNLocator(_CLASSES, steps=[1, 2, 2.5, 5, 10]).tick_values(low, max(high, low + 0.08))
    ]
    root = etree.Element("qgis", version="3.28", styleCategories="Symbology")
    renderer = etree.SubElement(
        root, "renderer-v2", type="graduatedSymbol", attr=expression, graduatedMethod="GraduatedColor", symbollevels="0"
    )
    ranges, symbols = etree.SubElement(renderer, "ranges"), etree.SubElement(renderer, "symbols")
    for place, ((lower, upper), colour) in enumerate(zip(pairwise(edges), ramp(len(edges) - 1), strict=True)):
        etree.SubElement(
            ranges, "range", lower=str(lower), upper=str(upper), symbol=str(place), render="true",
            label=f"{100 * lower:g} tot {100 * upper:g} %",
        )  # fmt: skip
        symbol = etree.SubElement(symbols, "symbol", type="fill", name=str(place), alpha="1")
        layer = etree.SubElement(symbol, "layer", {"class": "SimpleFill", "enabled": "1", "pass": "0", "locked": "0"})
        options = etree.SubElement(layer, "Option", type="Map")
        settings = {"color": _rgb(colour), "outline_color": _PAPER, "outline_width": "0.4", "style": "solid"}
        for name, value in settings.items():
            etree.SubElement(options, "Option", type="QString", name=name, value=value)
    etree.SubElement(etree.SubElement(root, "layer-title"), "text").text = title
    return etree.tostring(root, pretty_print=True, encoding="unicode")


def style_table(layer: str, style: str, name: str, made_at: datetime) -> pd.DataFrame:
    """The row of ``layer_styles`` that makes a style the default of a layer (QGIS, core: QgsOgrProviderUtils)."""
    return pd.DataFrame(
        {
            "f_table_catalog": [""],
            "f_table_schema": [""],
            "f_table_name": [layer],
            "f_geometry_column": ["geom"],
            "styleName": [name],
            "styleQML": [style],
            "styleSLD": [""],
            "useAsDefault": [True],
            "description": ["Gemaakt door Woonregister"],
            "owner": [""],
            "ui": [""],
            "update_time": pd.to_datetime([made_at.replace(tzinfo=None, microsecond=0)]),
        }
    )


def _rgb(colour: str) -> str:
    return ",".join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5)) + ",255"
