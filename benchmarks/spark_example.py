"""The same rules on a Spark cluster: a standalone one of two workers on this machine, held against a single process.

``python -m benchmarks.spark_example [DWELLINGS]``; needs the extra ``spark`` (``pip install woonregister[spark]``) and
Java 17 or newer (Debian: ``default-jre-headless``). It shows that nothing of a rule changes when there is more than one
machine: ``rules.arrow.judge_batches`` goes into ``mapInArrow`` as it is. On one machine it is slower, of course.
Ends with 1 when an outcome or a receipt differs.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa

from benchmarks.bench_rules import add_ownership, make_frames
from rules.arrow import JUDGED, facts_of, judge_batches
from rules.catalogue import find_rule
from rules.parameters import shipped_law

RULES = ("overbewoning", "opkoopbescherming")
WORKERS, PARTS, DWELLINGS = 2, 8, 100_000
_ROOT = Path(__file__).resolve().parent.parent
_JUDGED = (
    "regel string, regel_versie bigint, adresseerbaar_object_id string, overdracht_id string, beding_id string, "
    "gemeente string, peildatum date, uitkomst string, beslissend string, onbekende_feiten array<string>, bewijs string"
)


def missing() -> str | None:
    """What is not there to run this; None when all is."""
    try:
        import pyspark  # noqa: F401, PLC0415
    except ModuleNotFoundError:
        return "pyspark is niet geïnstalleerd"
    return None if shutil.which("java") else "Java is niet geïnstalleerd"


def judge_in_spark(regel: str, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What each worker does with its share of the facts."""
    return judge_batches(find_rule(regel), shipped_law(), batches)


def run(dwellings: int = DWELLINGS) -> dict[str, object]:
    """Cases, seconds here and on the cluster, and how many outcomes differ, per rule."""
    frames, law = add_ownership(make_frames(dwellings, dwellings * 3)), shipped_law()
    figures: dict[str, object] = {"dwellings": dwellings, "workers": WORKERS}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        spark = stack.enter_context(_session(stack.enter_context(_cluster(folder))))
        for regel in RULES:
            facts = facts_of(find_rule(regel), frames, law)
            place = folder / regel
            _write(facts, place)
            started = time.perf_counter()
            alone = _sorted(pa.Table.from_batches(judge_batches(find_rule(regel), law, _batches(facts)), JUDGED))
            figures[f"{regel}, one process, s"] = round(time.perf_counter() - started, 2)
            started = time.perf_counter()
            shared = _sorted(_on_cluster(spark, regel, place))
            figures[f"{regel}, Spark, s"] = round(time.perf_counter() - started, 2)
            figures[f"{regel}, cases"] = alone.height
            figures[f"{regel}, differences"] = _differences(alone, shared)
    return figures


def _write(facts: pl.DataFrame, place: Path) -> None:
    """Parquet files in which no dwelling is divided: so is none of its cases."""
    place.mkdir()
    shares = facts.with_columns(deel=pl.col("adresseerbaar_object_id").hash() % PARTS)
    for (number,), part in shares.partition_by("deel", as_dict=True, maintain_order=True).items():
        part.drop("deel").write_parquet(place / f"{number}.parquet")


def _batches(facts: pl.DataFrame) -> list[pa.RecordBatch]:
    batches: list[pa.RecordBatch] = facts.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches(100_000)
    return batches


def _on_cluster(spark: Any, regel: str, place: Path) -> pa.Table:
    facts = spark.read.parquet(f"file://{place}")
    return facts.mapInArrow(partial(judge_in_spark, regel), _JUDGED).toArrow()


def _sorted(judged: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(judged)
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(type(frame).__name__)
    return frame.sort("adresseerbaar_object_id", "overdracht_id", "beding_id", "bewijs")


def _differences(alone: pl.DataFrame, shared: pl.DataFrame) -> int:
    """Rows that one of both has and the other has not."""
    if alone.equals(shared.select(alone.columns)):
        return 0
    columns = alone.columns
    one_way = alone.join(shared, on=columns, how="anti", nulls_equal=True).height
    return one_way + shared.join(alone, on=columns, how="anti", nulls_equal=True).height or abs(
        alone.height - shared.height
    )


@contextmanager
def _cluster(folder: Path) -> Iterator[str]:
    """A master and two workers of a core each, all on this machine; the address of the master."""
    import pyspark  # noqa: PLC0415

    program = Path(pyspark.__file__).parent / "bin" / "spark-class"
    environment = os.environ | {
        "PYTHONPATH": str(_ROOT), "SPARK_NO_DAEMONIZE": "1", "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_WORKER_DIR": str(folder / "work"),
    }  # fmt: skip
    port = _free_port()
    address = f"spark://127.0.0.1:{port}"
    deploy = "org.apache.spark.deploy"
    commands = [[f"{deploy}.master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0"]]
    commands += [
        [f"{deploy}.worker.Worker", "--cores", "1", "--memory", "1500m", "--host", "127.0.0.1", "--webui-port", "0",
         address]
    ] * WORKERS  # fmt: skip
    running = []
    try:
        with (folder / "cluster.log").open("ab") as log:
            for command in commands:
                running.append(subprocess.Popen([program, *command], env=environment, stdout=log, stderr=log))
                time.sleep(2)
        yield address
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(30)


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port: int = opened.getsockname()[1]
    return port


@contextmanager
def _session(address: str) -> Iterator[Any]:
    from pyspark.sql import SparkSession  # noqa: PLC0415

    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    builder = SparkSession.builder.master(address).appName("woonregister")
    for name, value in {
        "spark.executor.cores": "1",
        "spark.executor.memory": "1g",
        "spark.cores.max": str(WORKERS),
        "spark.driver.memory": "1g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.executorEnv.PYTHONPATH": str(_ROOT),
        "spark.sql.execution.arrow.maxRecordsPerBatch": "50000",
        "spark.log.level": "ERROR",
    }.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    try:
        yield spark
    finally:
        spark.stop()


def main(arguments: list[str]) -> int:
    """Run it and print the figures; 1 when outcomes differ, 2 when something is not installed."""
    lacking = missing()
    if lacking is not None:
        print(lacking, file=sys.stderr)
        return 2
    figures = run(int(arguments[0]) if arguments else DWELLINGS)
    print(json.dumps(figures, indent=2, ensure_ascii=False))
    return int(any(figures[f"{regel}, differences"] for regel in RULES))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
