"""A file is written whole, or not at all: whatever happens meanwhile, the old one stays as it was."""

from __future__ import annotations

import os
from contextlib import suppress

from .errors import missing


def write(path: str, data: bytes) -> None:
    """Put ``data`` into a file beside ``path``, make sure that it is on the disk, and give it the name.

    The last step is one action of the file system, so that there is the old file, or the new one, at any moment.

    Args:
        path: the name of the file; what was there is replaced.
        data: what it will hold.

    Raises:
        MissingFileError: the folder does not exist.
        OSError: the file cannot be written; the old one is untouched.
    """
    path = os.path.realpath(path)  # the file that a link leads to, not the link
    folder, name = os.path.split(path)
    if not os.path.isdir(folder):
        raise missing("writing to", folder, "folder")
    beside = f"{_prefix(name)}{os.getpid()}-{os.urandom(4).hex()}.tmp"
    temporary = os.path.join(folder, beside)
    try:
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if os.path.exists(path):
            os.chmod(temporary, os.stat(path).st_mode & 0o7777)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    _sync_folder(folder)
    _clear_up(folder, _prefix(name))


def _prefix(name: str) -> str:
    """How the names of temporary files begin, for one file and one machine."""
    machine = os.uname().nodename if hasattr(os, "uname") else "here"
    return f".{name}.{machine}."


def _sync_folder(folder: str) -> None:
    """Make sure that the new name is on the disk, where the system can do so."""
    if hasattr(os, "O_DIRECTORY"):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _clear_up(folder: str, prefix: str) -> None:
    """Remove what processes left behind that were killed while they wrote."""
    for name in os.listdir(folder):
        writer = name.removeprefix(prefix).partition("-")[0]
        if name.startswith(prefix) and name.endswith(".tmp") and writer.isdigit() and not _runs(int(writer)):
            with suppress(OSError):
                os.unlink(os.path.join(folder, name))


def _runs(process: int) -> bool:
    """Whether a process is alive; where the system cannot say, it is."""
    if os.name != "posix":
        return True  # os.kill(process, 0) would end it there
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
