"""The rules of this house that a machine can check, each with an example that breaks it and one that does not.

A rule looks at one module's syntax tree and yields the lines that break it. ``allowed`` are the only places where
its subject may stand. Each rule came from a habit or a mistake in comparable systems: see ``docs/decisions``.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

PACKAGES = ("registry", "importers", "rules")
REPOSITORY = Path(__file__).resolve().parent.parent

Finding = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that may stand in ``allowed`` only (a file, or a folder that ends in a slash)."""

    name: str
    why: str
    find: Callable[[ast.Module], Iterator[Finding]]
    allowed: tuple[str, ...]
    breaks: str
    keeps: str

    def allows(self, path: str) -> bool:
        """Whether this rule does not look at ``path``."""
        return any(path == place or (place.endswith("/") and path.startswith(place)) for place in self.allowed)


def modules() -> list[tuple[str, str]]:
    """Every module of the project: its path from the root, and its text."""
    found = []
    for package in PACKAGES:
        for path in sorted((REPOSITORY / package).rglob("*.py")):
            relative = path.relative_to(REPOSITORY).as_posix()
            if not relative.startswith("registry/store/migrations/"):
                found.append((relative, path.read_text(encoding="utf-8")))
    return found


def violations(rule: Rule, text: str, path: str = "module.py") -> list[str]:
    """Where a module breaks a rule."""
    return [f"{path}:{line}: {what} ({rule.why})" for line, what in rule.find(parsed(text))]


@cache
def parsed(text: str) -> ast.Module:
    """The syntax tree of a module; every rule looks at the same one."""
    return ast.parse(text)


def imported(*names: str) -> Callable[[ast.Module], Iterator[Finding]]:
    """Finds imports of these packages, whole or in part."""

    def find(tree: ast.Module) -> Iterator[Finding]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                found = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found = [f"{node.module}.{alias.name}" for alias in node.names]
            else:
                continue
            yield from (
                (node.lineno, f"import {module}")
                for module in found
                if any(module == name or module.startswith(f"{name}.") for name in names)
            )

    return find


def called(pattern: str) -> Callable[[ast.Module], Iterator[Finding]]:
    """Finds calls whose full dotted text matches."""
    compiled = re.compile(pattern)

    def find(tree: ast.Module) -> Iterator[Finding]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and compiled.search(ast.unparse(node.func)):
                yield node.lineno, f"{ast.unparse(node.func)}(…)"

    return find


def mentioned(pattern: str) -> Callable[[ast.Module], Iterator[Finding]]:
    """Finds dotted names that match, called or not, and names taken out of a module by an import."""
    compiled = re.compile(pattern)

    def find(tree: ast.Module) -> Iterator[Finding]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and compiled.search(ast.unparse(node)):
                yield node.lineno, ast.unparse(node)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    if compiled.search(f"{node.module}.{alias.name}"):
                        yield node.lineno, f"from {node.module} import {alias.name}"

    return find


def broad_except(tree: ast.Module) -> Iterator[Finding]:
    """Finds handlers that would also swallow a mistake in the program; one that ends by raising it again tidies up."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler) and not _raises_again(node):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            for kind in kinds:
                text = "" if kind is None else ast.unparse(kind)
                if text in {"", "Exception", "BaseException"}:
                    yield node.lineno, f"except {text}".strip()


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def asserted(tree: ast.Module) -> Iterator[Finding]:
    """Finds assert statements: ``python -O`` drops them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield node.lineno, ast.unparse(node)


RULES = (
    Rule(
        "sql",
        "SQL stands in registry/store",
        imported("sqlalchemy", "psycopg", "sqlite3", "alembic"),
        ("registry/store/",),
        "from sqlalchemy import select",
        "from registry.store import engine",
    ),
    Rule(
        "commit",
        "one place opens and commits a transaction",
        called(r"\.(commit|rollback|begin|begin_nested)$"),
        ("registry/store/engine.py",),
        "connection.commit()",
        "beginning(frame)",
    ),
    Rule(
        "clock",
        "only registry/clock.py knows what day it is",
        mentioned(
            r"(^|\.)(date|datetime|Timestamp)\.(today|now|utcnow)$"
            r"|(^|\.)time\.(time|time_ns|localtime|gmtime|strftime|ctime)$"
            r"|(^|\.)func\.(now|current_\w+)$"
        ),
        ("registry/clock.py",),
        "moment = datetime.now(tz=UTC)",
        "moment = clock.now()",
    ),
    Rule(
        "environment",
        "only registry/settings.py reads the environment",
        mentioned(r"^os\.(environ|environb|getenv|putenv)$"),
        ("registry/settings.py",),
        "from os import environ",
        "os.fsync(handle)",
    ),
    Rule(
        "workbook",
        "one writer of .xlsx: there formula injection is impossible",
        imported("openpyxl", "xlsxwriter", "pandas.ExcelWriter"),
        ("registry/exports/workbook.py", "registry/exports/tables.py"),
        "from openpyxl import Workbook",
        "import python_calamine",
    ),
    Rule(
        "login",
        "fastapi-users stays behind one file",
        imported("fastapi_users"),
        ("registry/web/auth/users.py",),
        "import fastapi_users.db",
        "import fastapi",
    ),
    Rule(
        "dialect",
        "two files know which database this is",
        mentioned(r"(^|\.)dialect\.name$|^sqlalchemy\.dialects\."),
        ("registry/store/engine.py", "registry/store/types.py"),
        "fast = connection.dialect.name == 'postgresql'",
        "name = field.name",
    ),
    Rule(
        "network",
        "files come in through the command line; nothing fetches",
        imported("requests", "httpx", "urllib.request", "urllib3", "socket", "ftplib", "smtplib", "aiohttp"),
        ("registry/web/auth/provider.py",),  # asks the identity provider of the municipality
        "import urllib.request",
        "from urllib.parse import quote",
    ),
    Rule(
        "print",
        "output goes through the command line",
        called(r"^print$"),
        ("registry/cli/",),
        "print('klaar')",
        "console.print('klaar')",
    ),
    Rule(
        "except",
        "a broad except turns a mistake into an answer",
        broad_except,
        ("registry/cli/__init__.py",),  # the outer edge: it logs what nobody foresaw and ends with exit code 2
        "try:\n    run()\nexcept (ValueError, Exception):\n    valid = False",
        "try:\n    run()\nexcept ValueError:\n    valid = False\nexcept BaseException:\n    tidy()\n    raise",
    ),
    Rule(
        "assert",
        "python -O drops it; raise an error with a text instead",
        asserted,
        (),
        "assert rows",
        "raise_unless(rows)",
    ),
    Rule(
        "eval",
        "code is never made from text",
        called(r"^(eval|exec|compile|__import__)$"),
        (),
        "eval(condition)",
        "re.compile(pattern)",
    ),
)


def function_lengths(text: str) -> Iterator[tuple[str, int]]:
    """Name and number of lines of each function's body; signature and docstring explain and do not count."""
    for node in ast.walk(parsed(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) is not None else node.body
            first, last = (body[0].lineno, body[-1].end_lineno or 0) if body else (0, -1)
            yield node.name, last - first + 1
