"""No template and no script opts out of escaping: what a register says can never become markup."""

import re
from pathlib import Path

import jinja2
import pytest
from visitor import REPOSITORY

from registry.web.rendering import open_templates

TEMPLATES = sorted(
    path
    for folder in ("registry/web/templates", "registry/exports/templates")
    for path in (REPOSITORY / folder).rglob("*")
    if path.suffix in {".html", ".j2"}
)
SCRIPTS = sorted((REPOSITORY / "registry").glob("web/frontend/js/*.js")) + sorted(
    (REPOSITORY / "registry").glob("exports/templates/*.js")
)
OPTS_OUT = re.compile(r"\|\s*safe\b|autoescape|\bMarkup\b|xmlattr")
INLINE = re.compile(r"\son[a-z]+=|\sstyle=\"|javascript:", re.IGNORECASE)
WRITES_MARKUP = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setHTML")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_escapes_everything(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert OPTS_OUT.search(text) is None
    if "web/templates" in path.as_posix():
        assert INLINE.search(text) is None


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_writes_text_and_no_markup(path: Path) -> None:
    assert WRITES_MARKUP.search(path.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("line", ["{{ x|safe }}", "{{ x | safe }}", "{% autoescape false %}"])
def test_a_template_that_opts_out_is_noticed(line: str) -> None:
    assert OPTS_OUT.search(line)


def test_the_environment_escapes_and_complains() -> None:
    environment = open_templates({})
    assert environment.from_string("{{ x }}").render(x="<b>\"'&") == "&lt;b&gt;&#34;&#39;&amp;"
    with pytest.raises(jinja2.UndefinedError):
        environment.from_string("{{ absent }}").render()
