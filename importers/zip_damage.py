"""What ``zipfile`` raises for an archive that is damaged, cut off, encrypted or packed in an unknown way."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EINVAL

from registry.errors import SourceRefusedError

# NotImplementedError and RuntimeError: how zipfile reports encryption and unknown compression. ValueError: names and
# sizes that cannot be.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)


@contextmanager
def refusing_damage(refusal: Callable[[Exception], SourceRefusedError]) -> Iterator[None]:
    """Turn damage of a zip into a refusal.

    Args:
        refusal: makes the refusal of what was raised.

    Raises:
        SourceRefusedError: the zip is damaged.
    """
    try:
        yield
    except SourceRefusedError:
        raise
    except _DAMAGED as error:
        raise refusal(error) from error
    except OSError as error:
        # A directory that points before the file (EINVAL) or bzip2 that is none (no number); a full disk is no damage.
        if error.errno not in (None, EINVAL):
            raise
        raise refusal(error) from error
