"""Runs commands of woonregister in children that die at a given moment: the server process of ``kills.py``.

Everything is imported once, and each child is a fork of that: two hundred kills need no two hundred starts. An order
is one line of JSON on stdin; the answer is one line on stdout.
"""

import json
import os
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from registry.cli import main

PRELOADED = (
    "registry.cli.intake", "registry.cli.judge", "registry.cli.lists", "registry.cli.dossiers",
    "registry.cli.policy_export", "registry.cli.history", "registry.cli.manage", "registry.cli.retention",
)  # fmt: skip
# What a process does to files, and when its work is begun or kept.
STEPS = frozenset({"open", "os.rename", "os.remove", "os.mkdir"})


def count_steps(last: int | None) -> list[int]:
    """Count requests to the database and changes of files; at step ``last`` this process is gone."""
    done = [0]

    def step(*_: object) -> None:
        done[0] += 1
        if done[0] == last:
            os.kill(os.getpid(), signal.SIGKILL)

    for event in ("before_cursor_execute", "commit"):
        sa.event.listen(sa.Engine, event, step)
    sys.addaudithook(lambda event, _arguments: step() if event in STEPS else None)
    return done


def child(order: dict[str, Any]) -> None:
    """The command, as a user in that folder would give it; what it said goes to a file there."""
    os.chdir(order["folder"])
    os.environ.update(order["environment"])
    said = os.open("gezegd.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    done = count_steps(order["step"])
    sys.argv = ["woonregister", *order["command"]]
    code = 0
    try:
        main()
    except SystemExit as left:
        code = int(left.code or 0)
    steps = done[0]
    Path("stappen.txt").write_text(str(steps), encoding="ascii")
    sys.stdout.flush()
    os._exit(code)


def serve() -> None:
    """Answer orders until stdin ends."""
    for name in PRELOADED:
        import_module(name)
    print("ready", flush=True)  # noqa: T201 - the answer
    for line in sys.stdin:
        order = json.loads(line)
        begun = time.monotonic()
        pid = os.fork()
        if pid == 0:
            child(order)
        if order["seconds"] is not None:
            time.sleep(order["seconds"])
            os.kill(pid, signal.SIGKILL)  # not waited for yet, so this number is still that of the child
        _, status = os.waitpid(pid, 0)
        answer = {"code": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - begun}
        print(json.dumps(answer), flush=True)  # noqa: T201 - the answer


if __name__ == "__main__":
    serve()
