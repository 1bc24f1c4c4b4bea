"""Photos: told by content, limited, upright, and without what the camera wrote into them."""

import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from photo_files import photo
from PIL import Image

from importers.photos import MAX_BYTES, clean_photo
from registry.errors import SourceRefusedError


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_position_time_and_model_are_taken_off(kind: str) -> None:
    raw = photo(gps=True, kind=kind)
    assert b"Telefoon" in raw
    cleaned = clean_photo(raw)
    image = Image.open(io.BytesIO(cleaned.content))
    assert b"Telefoon" not in cleaned.content
    assert dict(image.getexif()) == {}
    assert (cleaned.taken_at, cleaned.latitude, cleaned.longitude) == (None, None, None)
    assert cleaned.media_type == f"image/{kind.lower()}"
    assert cleaned.sha256_received != cleaned.sha256


def test_position_and_time_stay_beside_the_image_where_asked_for() -> None:
    cleaned = clean_photo(photo(gps=True), keep_place_and_time=True)
    assert cleaned.latitude == pytest.approx(51.9194, abs=1e-4)
    assert cleaned.longitude == pytest.approx(4.3888, abs=1e-4)
    assert dict(Image.open(io.BytesIO(cleaned.content)).getexif()) == {}


def test_a_photo_on_its_side_is_turned_before_the_camera_s_word_for_it_is_gone() -> None:
    cleaned = clean_photo(photo(orientation=6))
    assert (cleaned.width, cleaned.height) == (20, 40)
    red, _, blue = Image.open(io.BytesIO(cleaned.content)).convert("RGB").getpixel((10, 2))  # type: ignore[misc]
    assert red > 200 > blue


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(SourceRefusedError, match="10 MB"):
        clean_photo(b"x" * (MAX_BYTES + 1))


def test_a_small_file_with_a_huge_image_is_refused_before_it_is_unpacked() -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    head = (50_000).to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )
    with pytest.raises(SourceRefusedError):
        clean_photo(bomb)


@given(cut=st.integers(0, 300), noise=st.binary(max_size=40))
def test_a_damaged_file_is_refused_or_cleaned_and_nothing_else(cut: int, noise: bytes) -> None:
    raw = photo(gps=True)
    try:
        cleaned = clean_photo(raw[:cut] + noise + raw[cut + len(noise) :], keep_place_and_time=True)
    except SourceRefusedError:
        return
    assert b"Telefoon" not in cleaned.content
