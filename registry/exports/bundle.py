"""The bundle for objection and appeal: one zip with everything in order, an index, and a manifest of hashes.

It can be read without this program: the workbook, the papers, an explanation of every outcome in words, the facts that
it rests on, and the text of the law as it was used. Equal content gives equal bytes.
"""

import hashlib
import html
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from registry.cases.file import CaseFile
from registry.errors import ExportError, UsageError
from registry.exports.dossier import DossierMaker, write_dossier
from registry.exports.files import SteadyZip, replacing
from registry.store.engine import ReadConnection
from registry.store.queries.case_visits import read_photo
from registry.store.queries.cases import read_content
from registry.store.queries.signals import read_law
from rules.explain import explain

INDEX, MANIFEST, WORKBOOK = "00-inhoud.html", "manifest.sha256", "01-dossier.xlsx"
_EXTENSION = re.compile(r"[a-z0-9]{1,5}")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the bundle: its name in the zip, and what the index says of it."""

    name: str
    datum: str
    soort: str
    titel: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The hash of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written: how many parts, and the hash of the manifest, which stands for all of them."""

    path: Path
    parts: int
    manifest_sha256: str


def write_bundle(connection: ReadConnection, path: Path, file: CaseFile, maker: DossierMaker) -> Bundle:
    """Write the bundle of a case.

    Raises:
        UsageError: the file is of a selection, not of a case.
        ExportError: the zip cannot be written, or the content of a paper is not what was kept.
    """
    if not file.subject.is_case:
        raise UsageError("Een bundel hoort bij een zaak: open eerst een zaak met 'woonregister zaak open'.")
    parts = [
        _workbook(file, maker),
        *_papers(connection, file),
        *_explanations(file),
        *_laws(connection, file),
        *_photos(connection, file),
    ]
    index = _index(file, maker, parts).encode()
    lines = [f"{hashlib.sha256(index).hexdigest()}  {INDEX}", *(f"{part.sha256}  {part.name}" for part in parts)]
    manifest = ("\n".join(lines) + "\n").encode()
    with replacing(path) as temporary, SteadyZip(temporary, "w", allowZip64=True) as archive:
        archive.writestr(INDEX, index)
        for part in parts:
            archive.writestr(part.name, part.content)
        archive.writestr(MANIFEST, manifest)
    return Bundle(path, len(parts), hashlib.sha256(manifest).hexdigest())


def _workbook(file: CaseFile, maker: DossierMaker) -> Part:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / WORKBOOK
        write_dossier(path, file, maker)
        content = path.read_bytes()
    return Part(WORKBOOK, f"{maker.made_at:%d-%m-%Y}", "dossier", "Het hele dossier als werkboek", content)


def _papers(connection: ReadConnection, file: CaseFile) -> Iterator[Part]:
    """The papers in the order of their day; the name says number, day and kind, never the name that it came with."""
    for number, row in enumerate(file.papers.documents, start=1):
        content = read_content(connection, row["sha256"])
        if content is None or hashlib.sha256(content).hexdigest() != row["sha256"]:
            raise ExportError(
                f"De inhoud van stuk {row['stuk_id']} is niet meer wat is bewaard. Herstel een reservekopie."
            )
        ending = Path(row["bestand"]).suffix.lower().removeprefix(".")
        extension = ending if _EXTENSION.fullmatch(ending) else "bin"
        name = f"02-stukken/{number:03d}-{row['datum']:%Y-%m-%d}-{slug(row['soort'])}.{extension}"
        told = f"{row['titel']} ({row['richting']})"
        yield Part(name, f"{row['datum']:%d-%m-%Y}", row["soort"], told, content)


def _explanations(file: CaseFile) -> Iterator[Part]:
    """Each outcome in words, and the facts and values of the law that its receipt stands for."""
    for row in file.signals.iter_rows(named=True):
        stem = f"03-uitleg/{row['nummer']:03d}-{slug(row['regel'])}-{row['bewijs']}"
        where = row["adres"] or row["adresseerbaar_object_id"]
        title = f"Signaal {row['nummer']}: {row['regel'].replace('_', ' ')}, {where}"
        day = f"{row['peildatum']:%d-%m-%Y}"
        try:
            text = explain(row).text()
        except UsageError as error:
            text = str(error)
        yield Part(f"{stem}.txt", day, "uitleg", title, f"{text}\n".encode())
        receipt = {
            name: row[name]
            for name in (
                "bewijs",
                "regel",
                "regel_versie",
                "uitkomst",
                "known_run_id",
                "wet_hash",
                "feiten_hash",
                "software",
            )
        }
        receipt |= {"peildatum": row["peildatum"].isoformat(), "feiten": json.loads(row["feiten"])}
        receipt["parameters"] = json.loads(row["parameters"])
        content = json.dumps(receipt, ensure_ascii=False, sort_keys=True, indent=1)
        yield Part(f"{stem}.json", day, "bewijs", f"{title}: feiten en normen", f"{content}\n".encode())


def _laws(connection: ReadConnection, file: CaseFile) -> Iterator[Part]:
    """The law files by which was judged, as they stood."""
    for number, wet_hash in enumerate(sorted(file.signals["wet_hash"].unique().to_list()), start=1):
        kept: Mapping[str, str] = json.loads(read_law(connection, wet_hash) or "{}")
        for name, text in sorted(kept.items()):
            title = f"{name}, kenmerk wet {wet_hash[:16]}"
            yield Part(f"04-wet/{number:02d}-{wet_hash[:16]}/{slug_path(name)}", "", "wet", title, text.encode())


def _photos(connection: ReadConnection, file: CaseFile) -> Iterator[Part]:
    for row in file.photos.iter_rows(named=True):
        content = read_photo(connection, row["sha256"], known=file.known)
        if content is None or hashlib.sha256(content).hexdigest() != row["sha256"]:
            raise ExportError(f"Foto {row['foto']} is niet meer wat is bewaard. Herstel een reservekopie.")
        title = row["omschrijving"] or "Foto zonder omschrijving"
        yield Part(f"05-{row['bestand']}", row["gemaakt_op"] or "", "foto", title, content)


def write_photos(connection: ReadConnection, path: Path, file: CaseFile) -> int:
    """Write the photos of a file as a zip with a manifest of hashes, named as on its sheet Foto's; how many.

    Raises:
        ExportError: the zip cannot be written, or a photo is not what was kept.
    """
    count, lines = 0, []
    with replacing(path) as temporary, SteadyZip(temporary, "w", allowZip64=True) as archive:
        for part in _photos(connection, file):
            name = part.name.removeprefix("05-")
            archive.writestr(name, part.content)
            lines.append(f"{part.sha256}  {name}\n")
            count += 1
        archive.writestr(MANIFEST, "".join(lines))
    return count


def _index(file: CaseFile, maker: DossierMaker, parts: list[Part]) -> str:
    zaak: Mapping[str, Any] = file.subject.zaak or {}
    head = [
        ("Zaak", str(zaak.get("zaak", ""))),
        ("Aanleiding", str(zaak.get("aanleiding", ""))),
        ("Peildatum", f"{file.peildatum:%d-%m-%Y}"),
        ("Bekend na run", str(file.known)),
        ("Gemaakt door", maker.made_by),
        ("Gemaakt op", f"{maker.made_at:%d-%m-%Y %H:%M}"),
    ]
    rows = "\n".join(
        f"<tr><td>{number}</td><td>{_safe(part.datum)}</td><td>{_safe(part.soort)}</td>"
        f'<td><a href="{_safe(part.name)}">{_safe(part.titel)}</a></td><td><code>{part.sha256}</code></td></tr>'
        for number, part in enumerate(parts, start=1)
    )
    told = "\n".join(f"<dt>{_safe(name)}</dt><dd>{_safe(value)}</dd>" for name, value in head)
    return f"""<!DOCTYPE html>
<html lang="nl"><head><meta charset="utf-8"><title>Inhoud {_safe(head[0][1])}</title>
<style>body{{font-family:sans-serif;margin:2rem}}table{{border-collapse:collapse;width:100%}}
td,th{{border:1px solid #999;padding:.3rem;text-align:left;vertical-align:top}}
code{{word-break:break-all;font-size:.75rem}}
dt{{font-weight:bold}}</style></head><body>
<p><strong>{_safe(maker.classification)}</strong></p>
<h1>Inhoud van het dossier {_safe(head[0][1])}</h1>
<dl>{told}</dl>
<p>De stukken staan op volgorde van dag. Van uitkomst naar bron: het bewijsnummer op het blad Signalen van
{WORKBOOK}, de stappen op het blad Toetsing, de levering op het blad Bronnen; in woorden in de map 03-uitleg.
Het bestand {MANIFEST} noemt van elk bestand het kenmerk (SHA-256); na te gaan met: sha256sum -c {MANIFEST}</p>
<table><thead><tr><th>Nr</th><th>Datum</th><th>Soort</th><th>Stuk</th><th>SHA-256</th></tr></thead>
<tbody>
{rows}
</tbody></table></body></html>
"""


def _safe(text: str) -> str:
    return html.escape(text, quote=True)


def slug(text: str) -> str:
    """A text as a part of a file name: small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60] or "stuk"


def slug_path(text: str) -> str:
    """The path of a law file without anything that leads elsewhere."""
    return "-".join(re.sub(r"[^A-Za-z0-9._-]+", "-", part) for part in Path(text).parts if part not in ("..", "/"))
