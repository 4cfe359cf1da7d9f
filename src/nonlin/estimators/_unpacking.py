"""Unpacking a model file under a limit, whatever its members claim to be.

A small zip can unpack to more than any machine holds. Here the sizes are added up before anything is unpacked, and each
member is unpacked piece by piece, no further than its size. What reads the model then finds members that are stored as
they are.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

SCHEMA = "schema.json"
_PER_CHARACTER = 24  # bytes that JSON text can take when it is read: "[]," makes a list
_PIECE = 2**20


class TooLargeError(Exception):
    """A file that unpacks to more than it may; ``size`` is how much at least."""

    def __init__(self, size: int) -> None:
        super().__init__(size)
        self.size = size


def unpacked(data: bytes, limit: int) -> bytes:
    """The same archive with its members stored as they are.

    Raises
    ------
    TooLargeError
        Reading it would take more bytes than the limit.
    zipfile.BadZipFile
        It is damaged, or a member is packed in a way that :func:`nonlin.estimators.save` does not use.
    """
    plain = _stored(data, limit, limit)
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        sizes = {info.filename: info.file_size for info in archive.infolist()}
        needed = _PER_CHARACTER * sizes.get(SCHEMA, 0)
        if needed <= limit:
            needed += sum(sizes.get(name, 0) for name in _references(json.loads(archive.read(SCHEMA))))
    if needed > limit:
        raise TooLargeError(needed)
    return plain


def _stored(data: bytes, room: int, limit: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(buffer, "w") as plain:
        room -= sum(info.file_size for info in packed.infolist())
        if room < 0:
            raise TooLargeError(limit - room)
        for info in packed.infolist():
            content = _content(packed, info)
            if info.filename.endswith(".npz"):  # an archive itself: a sparse matrix
                content = _stored(content, room, limit)
                room -= len(content)
            plain.writestr(info.filename, content)
    return buffer.getvalue()


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A member, unpacked in pieces; the methods beside these two would unpack a piece to any size."""
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(f"{info.filename} is packed by a method that models do not use")
    with archive.open(info) as member:
        content = b"".join(iter(lambda: member.read(_PIECE), b""))
    if len(content) != info.file_size:
        raise zipfile.BadZipFile(f"{info.filename} has not the size that it should have")
    return content


def _references(schema: Any) -> Iterator[str]:
    """The members that a schema names, as often as it names them."""
    nodes = [schema]
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict):
            nodes.extend(node.values())
            if isinstance(node.get("file"), str):
                yield node["file"]
        elif isinstance(node, list):
            nodes.extend(node)
