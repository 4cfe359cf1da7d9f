"""Messages as bytes: a JSON object and sometimes one buffer, which holds arrays one after the other.

A message without a buffer is a text. One with a buffer is, in this order: the length of the header as a little-endian
uint32, the header (the JSON object in UTF-8), zeros up to the next multiple of 8, the buffer. In a buffer each array
starts at a multiple of 8, and the object's ``parts`` says what they are.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from nonlin.errors import InputError

TEXT_LIMIT, HEADER_LIMIT, BUFFER_LIMIT = 256_000, 64_000, 25_000_000  # bytes
DEPTH_LIMIT = 8
ALIGNMENT, LENGTH = 8, 4
DTYPES = {"u1": "<u1", "f4": "<f4"}

Content = dict[str, Any]


def encode(content: Mapping[str, Any], buffer: bytes | None = None) -> str | bytes:
    r"""Write a message: a text, or bytes if it has a buffer. Numbers that JSON lacks (NaN, infinities) become null.

    Examples
    --------
    >>> encode({"do": "play"})
    '{"do":"play"}'
    >>> encode({"do": "upload"}, b"a,b")
    b'\x0f\x00\x00\x00{"do":"upload"}\x00\x00\x00\x00\x00a,b'
    """
    text = _to_json(content)
    if buffer is None:
        return text
    header = text.encode()
    return len(header).to_bytes(LENGTH, "little") + header + _padding(LENGTH + len(header)) + buffer


def decode(message: str | bytes) -> tuple[Content, bytes | None]:
    """Read a message as :func:`encode` writes it, and nothing else.

    Raises
    ------
    InputError
        It is too long, cut off, not a JSON object, too deep, or has a number that is not finite.

    Examples
    --------
    >>> decode(encode({"do": "upload"}, b"a,b"))
    ({'do': 'upload'}, b'a,b')
    """
    if isinstance(message, str):
        _check_length("text", len(message.encode(errors="surrogatepass")), TEXT_LIMIT)
        return _from_json(message), None
    if len(message) < LENGTH:
        raise InputError(f"a binary message must begin with the length of its header, got {len(message)} bytes")
    length = int.from_bytes(message[:LENGTH], "little")
    _check_length("header", length, HEADER_LIMIT)
    start = LENGTH + length + len(_padding(LENGTH + length))
    if start > len(message):
        raise InputError(f"a header of {length:,} bytes must be whole, got a message of {len(message):,} bytes")
    _check_length("buffer", len(message) - start, BUFFER_LIMIT)
    if any(message[LENGTH + length : start]):
        raise InputError("the bytes between header and buffer must be zero")
    return _from_json(message[LENGTH : LENGTH + length]), bytes(message[start:])


def pack(arrays: Mapping[str, Any]) -> tuple[list[Content], bytes]:
    r"""Put arrays of uint8 and float32 into one buffer; return its ``parts`` and the buffer.

    Examples
    --------
    >>> import numpy as np
    >>> pack({"held": np.array([0, 1], dtype=np.uint8)})
    ([{'name': 'held', 'dtype': 'u1', 'shape': [2]}], b'\x00\x01')
    """
    import numpy as np

    parts: list[Content] = []
    chunks: list[bytes] = []
    for name, array in arrays.items():
        values = np.asarray(array)
        dtype = "u1" if values.dtype == np.uint8 else "f4"
        if chunks:
            chunks.append(_padding(len(chunks[-1])))
        chunks.append(values.astype(DTYPES[dtype], copy=False).tobytes())
        parts.append({"name": name, "dtype": dtype, "shape": list(values.shape)})
    return parts, b"".join(chunks)


def check(content: object, buffer: bytes | None = None) -> Content:
    """Refuse what is no message, however it came: not an object, too deep, not finite, or too large a buffer."""
    if not isinstance(content, dict):
        raise InputError(f"a message must be a JSON object, got {type(content).__name__}")
    if not isinstance(content.get("do"), str):
        raise InputError(f"a message must name what to do in 'do', got {content.get('do')!r:.80}")
    _check_values(content)
    _check_length("buffer", len(buffer or b""), BUFFER_LIMIT)
    return content


def _to_json(content: Mapping[str, Any]) -> str:
    try:
        return json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(finite(content), separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def finite(value: Any) -> Any:
    """The same value with None for every number that is not finite."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, list | tuple) else value


def _from_json(text: str | bytes) -> Content:
    try:
        return check(json.loads(text if isinstance(text, str) else text.decode()))
    except InputError:
        raise
    except RecursionError:
        raise _too_deep() from None
    except ValueError:  # no JSON, no UTF-8, or an integer of thousands of digits
        raise InputError("a message must be JSON in UTF-8") from None


def _check_values(content: Content) -> None:
    """Level by level, so that no depth of nesting can exhaust the stack."""
    level: list[Any] = [content]
    for _ in range(DEPTH_LIMIT):
        for value in level:
            _check_scalar(value)
        level = [item for value in level for item in _items(value)]
    if level:
        raise _too_deep()


def _check_scalar(value: object) -> None:
    if isinstance(value, float) and not math.isfinite(value):
        raise InputError("the numbers of a message must be finite")
    if isinstance(value, str) and not value.isascii() and value.encode(errors="ignore").decode() != value:
        raise InputError("the texts of a message must be Unicode, got half of a surrogate pair")


def _items(value: object) -> Iterable[Any]:
    if isinstance(value, dict):
        return itertools.chain(value, value.values())
    return value if isinstance(value, list) else ()


def _too_deep() -> InputError:
    return InputError(f"a message must be at most {DEPTH_LIMIT} levels deep")


def _check_length(what: str, length: int, limit: int) -> None:
    if length > limit:
        raise InputError(f"the {what} of a message must be at most {limit:,} bytes, got {length:,}")


def _padding(length: int) -> bytes:
    return bytes(-length % ALIGNMENT)
