"""Forms: what was typed, and what is wrong with it beside the field. Nothing that was typed is lost."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

Model = TypeVar("Model", bound=BaseModel)
# What a key in the database can be: SQLite ends the request on a larger one.
RowNumber = Annotated[int, Path(ge=0, le=2**31 - 1)]

_TEXTS = {
    "missing": "Vul dit in.",
    "json_invalid": "Dit is geen geldige JSON.",
    "string_too_short": "Dit is te kort: ten minste {min_length} tekens.",
    "string_too_long": "Dit is te lang: ten hoogste {max_length} tekens.",
    "string_pattern_mismatch": "Dit heeft niet de goede vorm.",
    "too_long": "Dit zijn er te veel: ten hoogste {max_length}.",
    "extra_forbidden": "Dit wordt niet gevraagd.",
    "string_type": "Dit moet tekst zijn.",
    "int_type": "Vul een heel getal in.",
    "int_from_float": "Vul een heel getal in.",
    "bool_parsing": "Vul true of false in.",
    "model_attributes_type": "Stuur een JSON-object, met Content-Type: application/json.",
    "dict_type": "Stuur een JSON-object, met Content-Type: application/json.",
    "date_from_datetime_parsing": "Dit is geen datum. Voorbeeld: 2026-03-31.",
    "date_parsing": "Dit is geen datum. Voorbeeld: 2026-03-31.",
    "int_parsing": "Vul een heel getal in.",
    "float_parsing": "Vul een getal in.",
    "decimal_parsing": "Vul een getal in.",
    "greater_than_equal": "Dit is te laag: ten minste {ge}.",
    "less_than_equal": "Dit is te hoog: ten hoogste {le}.",
    "greater_than": "Dit moet meer zijn dan {gt}.",
    "less_than": "Dit moet minder zijn dan {lt}.",
    "enum": "Kies een van de mogelijkheden.",
    "literal_error": "Kies een van de mogelijkheden.",
}


def fault_text(fault: Mapping[str, Any]) -> str:
    """What is wrong with one value, in Dutch.

    Args:
        fault: one of ``ValidationError.errors()``. What was sent is not repeated: it may be personal.
    """
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"])
    return _TEXTS.get(fault["type"], "Dit is niet goed ingevuld.").format(**fault.get("ctx", {}))


@dataclass(slots=True)
class Form:
    """The fields of a form as they were sent, for a template to show again with what is wrong.

    Attributes:
        values: name of a field -> what was typed.
        lists: name of a field -> every value, where it may come more than once.
        files: name of a field -> the uploaded file.
        errors: name of a field -> what is wrong with it, in Dutch; the key "" is about the whole.
        uploads: name of a field -> every uploaded file, where more may be chosen.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, UploadFile] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    uploads: Mapping[str, list[UploadFile]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """What was typed in a field; empty when it was not sent."""
        return self.values.get(name, "")

    def read(self, model: type[Model]) -> Model | None:
        """The fields as a model; None when something is wrong, and then ``errors`` says what.

        Empty fields count as absent. A validator of the model that raises ``ValueError`` gives its own text.
        """
        fields = model.model_fields
        content: dict[str, object] = {}
        for name in fields:
            if name in self.lists and len(self.lists[name]) > 1:
                content[name] = self.lists[name]
            elif self.get(name).strip():
                content[name] = self.get(name).strip()
        try:
            return model.model_validate(content)
        except ValidationError as error:
            for one in error.errors():
                self.errors.setdefault(str(one["loc"][0]) if one["loc"] else "", fault_text(one))
            return None


async def read_form(request: Request) -> AsyncIterator[Form]:
    """The form of a request; its uploaded files are closed when the answer is made."""
    async with request.form() as sent:
        texts: dict[str, list[str]] = {}
        files: dict[str, list[UploadFile]] = {}
        for name, value in sent.multi_items():
            if isinstance(value, str):
                texts.setdefault(name, []).append(value.replace("\x00", ""))  # PostgreSQL keeps no nul
            elif value.filename:
                files.setdefault(name, []).append(value)
        yield Form(
            {name: values[-1] for name, values in texts.items()},
            texts,
            {name: found[-1] for name, found in files.items()},
            uploads=files,
        )


FormSent = Annotated[Form, Depends(read_form)]
