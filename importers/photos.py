"""Photos of a visit: the type is told by the content, the size is limited, and what the camera added is taken off."""

import hashlib
import io
import struct
import warnings
from dataclasses import dataclass
from typing import Any, Final

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from registry.errors import SourceRefusedError

MAX_BYTES: Final = 10 * 1024**2
"""What a photo may measure as a file."""
MAX_PIXELS: Final = 60_000_000
"""What it may measure unpacked: a small file can hold an image that fills all memory."""

_TYPES: Final = {"JPEG": "image/jpeg", "PNG": "image/png"}
_QUALITY: Final = 92
_DAMAGED: Final = (
    OSError,
    ValueError,
    TypeError,
    SyntaxError,
    struct.error,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is stored.

    Attributes:
        content: the image without metadata, turned upright.
        sha256: of ``content``, hexadecimal.
        sha256_received: of the file as it came.
        media_type: ``image/jpeg`` or ``image/png``.
        width: pixels.
        height: pixels.
        taken_at: moment by the camera, ``YYYY-MM-DD HH:MM:SS`` without a time zone; only where asked for.
        latitude: WGS84, degrees; only where asked for.
        longitude: WGS84, degrees; only where asked for.
    """

    content: bytes
    sha256: str
    sha256_received: str
    media_type: str
    width: int
    height: int
    taken_at: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def clean_photo(raw: bytes, *, keep_place_and_time: bool = False) -> Photo:
    """Check a photo and take off what the camera wrote into it.

    Args:
        raw: the file.
        keep_place_and_time: keep position and moment beside the image; in the image itself they never stay.

    Raises:
        SourceRefusedError: it is too large, damaged, or no JPEG or PNG; the text says which.
    """
    if len(raw) > MAX_BYTES:
        raise SourceRefusedError(f"De foto is groter dan {MAX_BYTES // 1024**2} MB. Verklein haar.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of metadata that are damaged: they are taken off anyway
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image: Image.Image = Image.open(io.BytesIO(raw), formats=tuple(_TYPES))
            kind = image.format or ""
            if image.width * image.height > MAX_PIXELS:
                raise SourceRefusedError(f"De foto heeft meer dan {MAX_PIXELS // 10**6} miljoen beeldpunten.")
            place_and_time = _place_and_time(image.getexif()) if keep_place_and_time else (None, None, None)
            image.load()
            upright = ImageOps.exif_transpose(image)
    except UnidentifiedImageError as error:
        raise SourceRefusedError("Het bestand is geen JPEG- of PNG-foto.") from error
    except _DAMAGED as error:
        raise SourceRefusedError("De foto is beschadigd of onvolledig.") from error
    content = _encoded(upright, kind)
    taken_at, latitude, longitude = place_and_time
    return Photo(
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        sha256_received=hashlib.sha256(raw).hexdigest(),
        media_type=_TYPES[kind],
        width=upright.width,
        height=upright.height,
        taken_at=taken_at,
        latitude=latitude,
        longitude=longitude,
    )


def thumbnail(content: bytes, *, longest: int = 360) -> bytes:
    """A small JPEG of a stored photo, for a page that shows many.

    Args:
        content: as ``clean_photo`` gave it.
        longest: pixels of its longest side.
    """
    image: Image.Image = Image.open(io.BytesIO(content), formats=tuple(_TYPES))
    image.draft("RGB", (longest, longest))  # a JPEG need not be unpacked whole
    small = image.convert("RGB")
    small.thumbnail((longest, longest))
    stream = io.BytesIO()
    small.save(stream, "JPEG", quality=72)
    return stream.getvalue()


def _encoded(image: Image.Image, kind: str) -> bytes:
    """The image alone: a copy of its pixels has no metadata, thumbnail or text of the file that it came from."""
    bare = Image.frombytes(image.mode, image.size, image.tobytes())
    palette = image.getpalette()
    if palette is not None:
        bare.putpalette(palette)
    stream = io.BytesIO()
    if kind == "JPEG":
        bare.save(stream, "JPEG", quality=_QUALITY)
    else:
        bare.save(stream, "PNG")
    return stream.getvalue()


def _place_and_time(exif: Image.Exif) -> tuple[str | None, float | None, float | None]:
    taken = exif.get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.DateTimeOriginal)
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef))
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef))
    moment = taken.replace(":", "-", 2) if isinstance(taken, str) else None
    return moment, latitude, longitude


def _degrees(parts: Any, reference: Any) -> float | None:
    """Degrees, minutes and seconds as one number; south and west are negative."""
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    return -value if reference in ("S", "W") else value
