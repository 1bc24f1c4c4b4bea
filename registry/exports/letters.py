"""Letters as Word files, from templates that the municipality edits in Word; every letter says that it is a draft."""

import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from registry.errors import ExportError, UsageError
from registry.exports.cells import clean_text
from registry.exports.files import SteadyZip, replacing

SHIPPED = Path(__file__).parent / "brieven"
DRAFT = "CONCEPT: dit is geen besluit zolang het niet is vastgesteld en ondertekend"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_MISSING = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'")


class LetterTemplateError(ExportError):
    """A template cannot be filled in; the text names the template and the field."""

    code = "briefsjabloon"


def letter_names(own: Path | None = None) -> list[str]:
    """The letters that can be made: those of the program and those in the folder of the municipality."""
    folders = [SHIPPED, *([own] if own is not None and own.is_dir() else [])]
    return sorted({path.stem for folder in folders for path in folder.glob("*.docx") if not path.name.startswith("~")})


def find_template(letter: str, own: Path | None = None) -> Path:
    """The template of a letter; that of the municipality goes before that of the program.

    Raises:
        UsageError: there is no such letter.
    """
    if _NAME.fullmatch(letter):
        for folder in (own, SHIPPED):
            if folder is not None and (folder / f"{letter}.docx").is_file():
                return folder / f"{letter}.docx"
    raise UsageError(f"Er is geen brief '{letter}'. Kies uit: {', '.join(letter_names(own))}.")


def write_letter(path: Path, template: Path, context: Mapping[str, Any]) -> None:
    """Fill in a template and mark it as a draft; equal input gives equal bytes.

    Raises:
        LetterTemplateError: the template is no Word file, has a mistake, or asks for a field that does not exist.
        ExportError: the file cannot be written.
    """
    content = fill_template(template, context)
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def fill_template(template: Path, context: Mapping[str, Any]) -> bytes:
    """The letter as the bytes of a Word file. Errors as ``write_letter``."""
    name = template.name
    # Templates come from outside: they may read fields, and nothing else.
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=True)
    filled = io.BytesIO()
    try:
        document = DocxTemplate(template)
        document.render(_clean(context), environment, autoescape=True)
        _mark_as_draft(document)
        document.save(filled)
    except TemplateSyntaxError as error:
        raise LetterTemplateError(f"{name}: het sjabloon heeft een schrijffout ({error.message}).") from error
    except UndefinedError as error:
        raise LetterTemplateError(f"{name}: {_missing_field(str(error))}") from error
    except TemplateError as error:
        raise LetterTemplateError(f"{name}: het sjabloon kan niet worden ingevuld ({error}).") from error
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise LetterTemplateError(f"{name}: dit is geen leesbaar Word-bestand (.docx).") from error
    return _steady(filled.getvalue())


def _missing_field(text: str) -> str:
    found = _MISSING.search(text)
    field = "onbekend" if found is None else found[1] or found[2]
    return f"het veld '{field}' bestaat niet. Verbeter het sjabloon; de velden staan in docs/brieven.md."


def _clean(value: Any) -> Any:
    """The context with only texts that a Word file can hold."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {key: _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def _mark_as_draft(document: Any) -> None:
    """Say in the header of every page that this is a draft, whatever the template says."""
    for section in document.docx.sections:
        for header in (section.header, section.first_page_header, section.even_page_header):
            first = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
            first.insert_paragraph_before(DRAFT)


def _steady(content: bytes) -> bytes:
    """The same Word file with members in a fixed order and of a fixed date."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, SteadyZip(made, "w", zipfile.ZIP_DEFLATED) as target:
        # Word wants the list of content types first.
        for name in sorted(source.namelist(), key=lambda one: (one != "[Content_Types].xml", one)):
            target.writestr(name, source.read(name))
    return made.getvalue()
