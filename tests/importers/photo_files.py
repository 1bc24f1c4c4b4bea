"""Photos as a phone makes them, with position, moment and orientation in their metadata."""

import io
from functools import cache

from PIL import ExifTags, Image


@cache
def photo(*, gps: bool = False, orientation: int = 1, size: tuple[int, int] = (40, 20), kind: str = "JPEG") -> bytes:
    """A small photo: left half red, right half blue."""
    image = Image.new("RGB", size, (255, 0, 0))
    image.paste((0, 0, 255), (size[0] // 2, 0, *size))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Model] = "Telefoon van de inspecteur"
    if gps:
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = "2026:12:01 19:31:00"
        position = exif.get_ifd(ExifTags.IFD.GPSInfo)
        position[ExifTags.GPS.GPSLatitudeRef] = "N"
        position[ExifTags.GPS.GPSLatitude] = (51.0, 55.0, 9.84)
        position[ExifTags.GPS.GPSLongitudeRef] = "E"
        position[ExifTags.GPS.GPSLongitude] = (4.0, 23.0, 19.68)
    stream = io.BytesIO()
    image.save(stream, kind, exif=exif)
    return stream.getvalue()
