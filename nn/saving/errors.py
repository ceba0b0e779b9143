"""What can be wrong with a file."""

from __future__ import annotations

from autograd.errors import ChainruleError, message


class FileError(ChainruleError, ValueError):
    """A file that cannot be read: of another format, cut short, or changed."""


class MissingFileError(ChainruleError, FileNotFoundError):
    """A file, or the folder to write it to, that is not there."""

    __str__ = ChainruleError.__str__


def damaged(path: str, expected: str, given: str) -> FileError:
    """A file that is not as it was written."""
    cure = "an earlier copy of the file: nothing was loaded from this one"
    return FileError(message(f"reading {path!r}", expected, given, cure))


def missing(did: str, path: str, what: str) -> MissingFileError:
    """There is no such file, or no such folder."""
    cure = "os.path.abspath(path) says where it was looked for" if what == "file" else "os.makedirs(folder) before"
    return MissingFileError(message(f"{did} {path!r}", f"a {what} of this name", "none", cure))
