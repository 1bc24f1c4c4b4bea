"""A machine that is so busy that a process of the server says nothing for a while: what it was asked is answered."""

import os
import signal
import time
from pathlib import Path
from threading import Thread

import httpx2 as httpx
import pytest
from running import answers, environment, free_port, process, wait_for

SILENT_SECONDS = 12.0  # more than twice as long as uvicorn by itself waits before it replaces a process


def children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    return [int(one) for one in found if b"resource_tracker" not in Path(f"/proc/{one}/cmdline").read_bytes()]


@pytest.mark.proof
@pytest.mark.postgresql
def test_a_process_that_is_silent_for_a_while_keeps_its_requests(
    assets: None, postgresql_url: str, tmp_path: Path
) -> None:
    port, statuses = free_port(), []
    address = f"http://127.0.0.1:{port}"
    told = environment(postgresql_url, tmp_path / "sleutels", tmp_path)
    with process(["serve", "--port", str(port), "--processen", "2"], tmp_path, told) as server:
        wait_for(lambda: len(children(server.pid)) == 2 and answers(address) == 200, "two processes answer")
        before = children(server.pid)
        for one in before:
            os.kill(one, signal.SIGSTOP)

        def ask() -> None:
            statuses.append(httpx.get(f"{address}/aanmelden", timeout=120).status_code)

        asking = Thread(target=ask)
        asking.start()
        time.sleep(SILENT_SECONDS)
        assert statuses == []
        for one in before:
            os.kill(one, signal.SIGCONT)
        asking.join(120)
        assert statuses == [200]
        assert children(server.pid) == before
