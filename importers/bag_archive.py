"""Finds the documents of an LVBAG delivery in a zip of zips of zips, or in a folder, by their names.

Nothing is unpacked to disk: an XML document is a stream, a zip inside a zip is held in memory (beyond ``SPOOL_BYTES``
in a temporary file, still compressed). Names that do not belong to a delivery (README, ``__MACOSX``, ``.DS_Store``)
are passed over. Sizes and ratios are limited, so that a small file cannot fill the memory.
"""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Self

from importers.zip_damage import refusing_damage
from registry.errors import SourceRefusedError

SPOOL_BYTES = 32 * 1024 * 1024
MAX_XML_BYTES = 1024**3  # Kadaster writes 10,000 records to a document: about 16 MB
MAX_ZIP_BYTES = 16 * 1024**3
MAX_RATIO = 500  # real documents compress 40 to 70 times
RATIO_COUNTS_FROM = 10 * 1024 * 1024  # bytes; a small document cannot hurt
MAX_DEPTH = 4

LEVERINGSDOCUMENT = "Leveringsdocument-BAG-Extract.xml"

_CONTAINER = re.compile(
    r"^(\d{4}GEM\d{8}|\d{4}(InOnderzoek|NietBag|Inactief)\d{8}|BAG(GEM|NLD)\w*-[\d-]+)\.zip$", re.IGNORECASE
)
_PART = re.compile(
    r"^(?P<stem>\d{4}(?P<code>(NB|IA|IO)?(WPL|OPR|NUM|VBO|LIG|STA|PND))\d{8})(-\d+)?\.(?P<ending>zip|xml)$",
    re.IGNORECASE,
)
_GEM_WPL = re.compile(r"^(?P<stem>(?P<code>GEM-WPL)-RELATIE-\d{8})(-\d+)?\.(?P<ending>zip|xml)$", re.IGNORECASE)
_MUTATIONS = re.compile(
    r"^(?P<stem>\d{4}(?P<code>(IO|NB|IA)?MUT)\d{8}(-\d{8})?)(-\d{1,6})?\.(?P<ending>zip|xml)$", re.IGNORECASE
)
_LEVERINGSDOCUMENT = re.compile(r"^Leveringsdocument-BAG-(Extract|Mutaties)\.xml$", re.IGNORECASE)
_AGAIN = "Download het extract opnieuw bij het Kadaster en lees het nog eens in."


@dataclass(frozen=True, slots=True)
class Part:
    """Documents of one kind: an XML, or a zip of them. ``chain`` leads to it: the file, then names inside zips."""

    code: str
    stem: str
    file: Path
    inside: tuple[str, ...]

    @property
    def name(self) -> str:
        """The last name of the chain, without folders."""
        return PurePosixPath(self.inside[-1]).name if self.inside else self.file.name

    @property
    def is_zip(self) -> bool:
        """Whether the documents are in a zip of their own."""
        return self.name.lower().endswith(".zip")


class _Guarded:
    """A stream of known ``size`` (bytes, unpacked) that turns damage of the zip into a refusal."""

    def __init__(self, stream: IO[bytes], name: str, size: int) -> None:
        self._stream = stream
        self._name = name
        self.size = size

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes."""
        with refusing_damage(lambda _: SourceRefusedError(f"{self._name} is beschadigd of afgebroken. {_AGAIN}")):
            return self._stream.read(size)


def _refusing(name: str) -> AbstractContextManager[None]:
    def refusal(error: Exception) -> SourceRefusedError:
        if isinstance(error, NotImplementedError | RuntimeError):
            return SourceRefusedError(
                f"{name} is versleuteld of op een onbekende manier ingepakt. "
                "Lever het bestand zoals het Kadaster het geeft."
            )
        return SourceRefusedError(f"{name} is geen heel zip-bestand: beschadigd of afgebroken. {_AGAIN}")

    return refusing_damage(refusal)


class Archive:
    """Open zips of one delivery; containers stay open until the archive is closed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open: dict[tuple[Path, tuple[str, ...]], zipfile.ZipFile] = {}
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def parts(self) -> Iterator[Part]:
        """Every document or zip of documents by which a delivery is known, Leveringsdocument included."""
        if self.path.is_dir():
            for file in sorted(self.path.rglob("*")):
                relative = file.relative_to(self.path)
                if file.is_file() and not _is_hidden(relative.parts):
                    yield from self._classify(file, (), file.name)
        else:
            yield from self._members(self.path, ())

    def _members(self, file: Path, inside: tuple[str, ...]) -> Iterator[Part]:
        if len(inside) >= MAX_DEPTH:
            raise SourceRefusedError(f"{inside[-1]} zit te diep in andere zip-bestanden. {_AGAIN}")
        names = self._container(file, inside).namelist()
        if "[Content_Types].xml" in names:
            raise SourceRefusedError(
                f"{file.name} is een Office-bestand (Excel of Word), geen BAG-extract. "
                "Kies het zip-bestand dat het Kadaster heeft geleverd (BAGGEM…L-….zip)."
            )
        for name in sorted(names):
            parts = PurePosixPath(name).parts
            if parts and not name.endswith("/") and not _is_hidden(parts):
                yield from self._classify(file, (*inside, name), parts[-1])

    def _classify(self, file: Path, inside: tuple[str, ...], name: str) -> Iterator[Part]:
        if _CONTAINER.match(name):
            yield from self._members(file, inside)
        elif _LEVERINGSDOCUMENT.match(name):
            yield Part(LEVERINGSDOCUMENT, LEVERINGSDOCUMENT, file, inside)
        elif found := _PART.match(name) or _GEM_WPL.match(name) or _MUTATIONS.match(name):
            yield Part(found["code"].upper(), found["stem"].upper(), file, inside)

    def _container(self, file: Path, inside: tuple[str, ...]) -> zipfile.ZipFile:
        """The zip at the end of a chain; opened once."""
        key = (file, inside)
        if key not in self._open:
            self._open[key] = self._stack.enter_context(self._open_zip(file, inside))
        return self._open[key]

    @contextmanager
    def _open_zip(self, file: Path, inside: tuple[str, ...]) -> Iterator[zipfile.ZipFile]:
        with ExitStack() as stack:
            with _refusing(inside[-1] if inside else file.name):
                if inside:
                    stream = stack.enter_context(self._member(file, inside, MAX_ZIP_BYTES))
                    spool = stack.enter_context(tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES))
                    shutil.copyfileobj(stream, spool, 1024 * 1024)
                    opened = stack.enter_context(zipfile.ZipFile(spool))
                else:
                    opened = stack.enter_context(zipfile.ZipFile(file))
            yield opened

    @contextmanager
    def _member(self, file: Path, inside: tuple[str, ...], limit: int) -> Iterator[_Guarded]:
        """A stream over the file itself, or over a member of the zip that holds it."""
        if not inside:
            with file.open("rb") as plain:
                yield _Guarded(plain, file.name, file.stat().st_size)
            return
        archive = self._container(file, inside[:-1])
        with self._member_of(archive, inside[-1], limit) as stream:
            yield stream

    @contextmanager
    def _member_of(self, archive: zipfile.ZipFile, name: str, limit: int) -> Iterator[_Guarded]:
        info = archive.getinfo(name)
        ratio = info.file_size / max(info.compress_size, 1)
        if info.file_size > limit or (info.file_size > RATIO_COUNTS_FROM and ratio > MAX_RATIO):
            raise SourceRefusedError(
                f"{name} wordt uitgepakt veel groter dan een BAG-bestand kan zijn en is daarom niet gelezen. {_AGAIN}"
            )
        with _refusing(name):
            opened = archive.open(info)
        with opened as stream:
            # zipfile never gives more than the size that the directory promised.
            yield _Guarded(stream, PurePosixPath(name).name, info.file_size)

    def content(self, part: Part, limit: int) -> tuple[str, bytes]:
        """Name and first ``limit`` bytes of a single document."""
        with self._member(part.file, part.inside, MAX_XML_BYTES) as stream:
            return part.name, stream.read(limit)

    def documents(self, part: Part) -> Iterator[tuple[str, _Guarded]]:
        """The XML documents of a part as (name, stream), in order of name; each stream is valid until the next."""
        if not part.is_zip:
            with self._member(part.file, part.inside, MAX_XML_BYTES) as stream:
                yield part.name, stream
            return
        with self._open_zip(part.file, part.inside) as archive:
            names = sorted(
                name
                for name in archive.namelist()
                if name.lower().endswith(".xml") and not _is_hidden(PurePosixPath(name).parts)
            )
            if not names:
                raise SourceRefusedError(f"{part.name} bevat geen XML-bestand. {_AGAIN}")
            for name in names:
                with self._member_of(archive, name, MAX_XML_BYTES) as stream:
                    yield PurePosixPath(name).name, stream


def _is_hidden(parts: tuple[str, ...]) -> bool:
    return any(part.startswith(".") or part == "__MACOSX" for part in parts)


def check_path(path: Path) -> None:
    """Refuse what cannot be a delivery at all, with the reason.

    Raises:
        SourceRefusedError: there is nothing there, it is empty, or it is no zip.
    """
    if path.is_dir():
        return
    if not path.is_file():
        raise SourceRefusedError(
            f"{path} bestaat niet. Geef het pad van het BAG-extract of van de map met het extract."
        )
    if path.stat().st_size == 0:
        raise SourceRefusedError(f"{path.name} is leeg. {_AGAIN}")
    if zipfile.is_zipfile(path):
        return
    with path.open("rb") as file:
        start = file.read(4)
    if start == b"PK\x03\x04":
        raise SourceRefusedError(f"{path.name} is een afgebroken zip-bestand: het einde ontbreekt. {_AGAIN}")
    raise SourceRefusedError(
        f"{path.name} is geen zip-bestand. Kies het zip-bestand dat het Kadaster heeft geleverd (BAGGEM…L-….zip), "
        "of de map waarin het is uitgepakt."
    )
