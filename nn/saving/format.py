"""The bytes of a file: safetensors, with a checksum over every one of them.

The format is an 8-byte length, a header in JSON, and the numbers (https://github.com/huggingface/safetensors). Its
header has room for text of one's own: ours has the checksum and the part of what is saved that is no array.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd import errors

from .errors import FileError, damaged

DTYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?", "C64": "<c8",
}  # fmt: skip
"""NumPy's names for the dtypes of the format."""

BLANK = b"0" * 64
"""What stands in the place of the checksum while it is computed."""

CHECKSUM = re.compile(rb"sha256\W{1,8}([0-9a-f]{64})")

FOREIGN = {
    b"PK\x03\x04": (
        "a zip archive, such as torch.save writes: a pickle, which may run any program",
        "in PyTorch: safetensors.torch.save_file(torch.load(path, weights_only=True), 'model.safetensors')",
    ),
    b"\x80": (
        "a pickle, which may run any program",
        "in PyTorch: safetensors.torch.save_file(torch.load(path, weights_only=True), 'model.safetensors')",
    ),
    b"\x93NUMPY": ("an array of NumPy's", "model.load_state_dict({'weight': np.load(path)})"),
    b"\x89HDF": ("an HDF5 file", "the arrays in a dict: nn.save({'0.weight': array}, 'model.safetensors')"),
}
"""How files of other formats begin, what they are, and what to do with them."""


def to_bytes(arrays: Mapping[str, Any], tree: Any = None) -> bytes:
    """The file that holds arrays by name, and a tree of what is none.

    Raises:
        DtypeError: an array of a dtype that the format does not know.
    """
    import json

    save = _safetensors("nn.save").numpy.save
    ordered = {name: _in_order(name, x) for name, x in arrays.items()}
    text = json.dumps({"sha256": BLANK.decode(), "tree": tree}, separators=(",", ":"))
    data = save(ordered, {"chainrule": text})
    place = _checksum_place(data)
    if place is None:
        raise AssertionError("a header without a place for the checksum")
    return data[: place.start] + _checksum(data, place).encode() + data[place.stop :]


def from_bytes(data: bytes, path: str) -> tuple[dict[str, Any], Any]:
    """The arrays of a file, and the tree where it has one.

    Args:
        data: the bytes of the file.
        path: its name, for messages.

    Raises:
        FileError: the file is of another format, cut short, or not as it was written.
    """
    import json

    safetensors = _safetensors("nn.load")
    try:
        found = dict(safetensors.deserialize(data))
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    except (safetensors.SafetensorError, ValueError, RecursionError) as error:
        raise _not_readable(data, path, str(error)) from error
    notes = header.get("__metadata__", {})
    place = _checksum_place(data)
    if place is not None and _checksum(data, place).encode() != data[place]:
        raise damaged(path, "the bytes that were written", "others: their checksum is not the one that was saved")
    if place is None and "chainrule" in notes:
        raise damaged(path, "a checksum", "none, though nn.save writes one")
    arrays = {name: _array(name, found[name], path) for name in header if name in found}
    ours = json.loads(notes["chainrule"]) if "chainrule" in notes else {}
    return {**arrays, **_shared(notes, arrays)}, ours.get("tree")


def _safetensors(did: str) -> Any:
    """The package, or an error that says how to get it."""
    try:
        import safetensors.numpy
    except ImportError as error:
        raise errors.not_installed(did, "safetensors", "safetensors") from error
    return safetensors


def _in_order(name: str, x: Any) -> Any:
    """An array as the format wants it: row after row, the low byte first."""
    if x.dtype.newbyteorder("<").str not in {np.dtype(dtype).str for dtype in DTYPES.values()}:
        cures = {"complex128": "nn.save of network.to(np.complex64), or its real and imaginary parts"}
        cure = cures.get(str(x.dtype), "array.astype(np.float64)")
        expected = "a dtype of the format safetensors: floats up to 64 bits, complex64, whole numbers, bool"
        raise errors.DtypeError(errors.message(f"nn.save: {name}", expected, str(x.dtype), cure))
    return np.asarray(x, x.dtype.newbyteorder("="), order="C")


def _array(name: str, tensor: Mapping[str, Any], path: str) -> Any:
    """One array of a file; the 16 bits of a bfloat16 are the first half of a float32."""
    if tensor["dtype"] == "BF16":
        halves = np.frombuffer(tensor["data"], "<u2").astype(np.uint32) << 16
        return halves.view(np.float32).reshape(tensor["shape"])
    if tensor["dtype"] not in DTYPES:
        cure = "in PyTorch: save_file({name: tensor.float() for name, tensor in state_dict.items()}, path)"
        did = f"reading {name!r} of {path!r}"
        raise FileError(errors.message(did, "a dtype that NumPy has", tensor["dtype"], cure))
    return np.frombuffer(tensor["data"], DTYPES[tensor["dtype"]]).reshape(tensor["shape"])


def _shared(notes: Mapping[str, str], arrays: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters that PyTorch's ``save_model`` left out because they share their numbers with another."""
    return {name: arrays[same] for name, same in notes.items() if same in arrays and name not in arrays}


def _checksum_place(data: bytes) -> slice | None:
    """Where in the file the checksum is."""
    found = CHECKSUM.search(data, 8, 8 + int.from_bytes(data[:8], "little"))
    return slice(*found.span(1)) if found else None


def _checksum(data: bytes, place: slice) -> str:
    """SHA-256 over the whole file, with zeros in the place of the checksum."""
    import hashlib

    whole = memoryview(data)
    found = hashlib.sha256(whole[: place.start])
    found.update(BLANK)
    found.update(whole[place.stop :])
    return found.hexdigest()


def _not_readable(data: bytes, path: str, reason: str) -> FileError:
    """The error for a file that safetensors refuses."""
    for beginning, (what, cure) in FOREIGN.items():
        if data.startswith(beginning):
            return FileError(errors.message(f"reading {path!r}", "a safetensors file", what, cure))
    return damaged(path, "a whole safetensors file", f"{len(data):,} bytes that are none: {reason}")
