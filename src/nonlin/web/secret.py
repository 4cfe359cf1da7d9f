"""The token of a port: kept from one server to the next, so that an open page finds a restarted server again."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import stat
from pathlib import Path

from nonlin.backends.cache import folder

BYTES = 32
TOKEN = re.compile(r"[\w-]{43}", re.ASCII)
NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag, and makes links only for administrators


def token_for(port: int) -> str:
    """The token of a port: the kept one if it is nobody else's, else a new one, which is kept if that is possible."""
    path = folder() / f"play-{port}.token"
    with contextlib.suppress(OSError, ValueError):
        return _read(path)
    token = secrets.token_urlsafe(BYTES)
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
        _write(path, token)
    return token


def _read(path: Path) -> str:
    """Read a token from a plain file that is ours alone; never through a link."""
    with os.fdopen(os.open(path, os.O_RDONLY | NO_FOLLOW), encoding="ascii") as file:
        if not _is_ours_alone(os.fstat(file.fileno())):
            raise ValueError("not ours alone")
        token = file.read(200)
    if not TOKEN.fullmatch(token):
        raise ValueError("not a token")
    return token


def _write(path: Path, token: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_FOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(token)


def _is_ours_alone(status: os.stat_result) -> bool:
    if not stat.S_ISREG(status.st_mode) or status.st_nlink != 1:
        return False
    return os.name == "nt" or (status.st_uid == os.getuid() and not status.st_mode & 0o077)
