"""Asks at a constant rate, whatever the server does; an answer counts from when it should have been asked.

A generator that waits for an answer before it asks again asks less of a slow server, and leaves out the very moments
that somebody would have waited longest (coordinated omission). This one never waits.
"""

import asyncio
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import httpx2 as httpx

_TIMEOUT: Final = 30.0
_CONNECTIONS: Final = 60


@dataclass(frozen=True, slots=True)
class Ask:
    """One request.

    Attributes:
        page: under which name it counts.
        path: with its query.
        expected: what the answer must hold, or else it is an error.
        headers: of the request.
        form: what is posted; None is a GET.
    """

    page: str
    path: str
    expected: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """How long an answer took from the moment at which it should have been asked (s), and how late it was asked (s)."""

    page: str
    seconds: float
    late: float
    right: bool


def ask_all(address: str, asks: Sequence[Ask], rate: float) -> list[Answer]:
    """Ask them one after another at ``rate`` per second."""
    return asyncio.run(_ask_all(address, asks, rate))


async def _ask_all(address: str, asks: Sequence[Ask], rate: float) -> list[Answer]:
    limits = httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS)
    async with httpx.AsyncClient(base_url=address, timeout=_TIMEOUT, limits=limits) as client:
        loop = asyncio.get_running_loop()
        begin, going = loop.time() + 0.1, []
        for number, ask in enumerate(asks):
            due = begin + number / rate
            await asyncio.sleep(max(0.0, due - loop.time()))
            going.append(asyncio.create_task(_ask(client, ask, due)))
        return await asyncio.gather(*going)


async def _ask(client: httpx.AsyncClient, ask: Ask, due: float) -> Answer:
    loop = asyncio.get_running_loop()
    late = loop.time() - due
    method = "GET" if ask.form is None else "POST"
    try:
        answer = await client.request(method, ask.path, headers=ask.headers, data=ask.form)
        right = answer.status_code == 200 and ask.expected in answer.text
    except httpx.HTTPError:
        right = False
    return Answer(ask.page, loop.time() - due, late, right)


def figures(answers: Sequence[Answer]) -> dict[str, float | int]:
    """Milliseconds at the percentiles, and how many answers were wrong."""
    found = sorted(1000 * one.seconds for one in answers)
    cuts = statistics.quantiles(found if len(found) > 1 else found * 2, n=100, method="inclusive")
    return {
        "requests": len(found),
        "errors": sum(not one.right for one in answers),
        "p50, ms": round(cuts[49], 1),
        "p95, ms": round(cuts[94], 1),
        "p99, ms": round(cuts[98], 1),
        "max, ms": round(found[-1], 1),
    }
