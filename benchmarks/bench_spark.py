"""Overbewoning and opkoopbescherming in Spark, beside one process: a standalone cluster of two workers on this machine.

The rules as they are go into ``mapInArrow`` (``spark_example.py``); ``differences`` counts outcomes and receipts that
are not the same. Two workers share the two cores that one process has for itself here, so this shows that it works, not
that it is faster. The first rule pays for the start of Java and of the Python workers.
"""

import json
from typing import Final

from benchmarks.spark_example import missing
from benchmarks.spark_example import run as run_example

PEERS: Final = ("pyspark",)


def run() -> dict[str, object]:
    """The figures of the example; why not, when Java or pyspark is not there."""
    lacking = missing()
    return run_example() if lacking is None else {"overgeslagen": lacking}


if __name__ == "__main__":
    print(json.dumps(run(), indent=2, ensure_ascii=False))
