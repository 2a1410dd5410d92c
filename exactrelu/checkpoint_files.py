"""Files of arrays: NumPy's .npz and .npy, .safetensors, torch's .pt and .pth, and JSON. No pickle is ever executed.

The numbers of a JSON file are taken as written, as in problem files; those of all other files are floats, and stand
for the dyadic rationals that they are.
"""

from __future__ import annotations

import pickle
import zipfile
import zlib
from collections.abc import Callable, Mapping
from math import prod
from pathlib import Path
from typing import Any

from exactrelu.errors import MalformedInput
from exactrelu.jsonfile import parse_document, read_document

HEADER_LIMIT = 10**8
# the types of a .safetensors file: NumPy's name for them; BF16 is the upper half of a float32
TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "|u1",
}  # fmt: skip


def read_arrays(path: str) -> Mapping[str, Any]:
    """The named arrays in a file, whose format is told by the ending of its name.

    Raises `MalformedInput` for another ending, a damaged file, and whatever would need to execute a pickle.
    """
    ending = Path(path).suffix.lower()
    if ending not in READERS:
        raise MalformedInput(path, f'the ending "{ending}"', f"one of {', '.join(READERS)}")
    try:
        return READERS[ending](path)
    except OSError as error:
        raise MalformedInput(path, (error.strerror or str(error)).lower(), "a readable file") from None


def _numpy(path: str) -> Mapping[str, Any]:
    import numpy

    try:
        with open(path, "rb") as stream:
            found = numpy.load(stream, allow_pickle=False)
            return {"parameters": found} if isinstance(found, numpy.ndarray) else dict(found)
    except (ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        reason = "pickled objects, or no file of NumPy" if "allow_pickle" in str(error) else str(error)
        raise MalformedInput(path, reason, "arrays of numbers, as numpy.savez writes them") from None


def _safetensors(path: str) -> Mapping[str, Any]:
    """The format: the length of the header (8 bytes, little-endian), the header (JSON), then the numbers, row by row.

    https://huggingface.co/docs/safetensors
    """
    import numpy

    data = Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(len(data) - 8, HEADER_LIMIT):
        raise MalformedInput(path, f"{len(data)} bytes", "a .safetensors file: 8 bytes, a header, arrays")
    try:
        header = parse_document(data[8 : 8 + length].decode(), path).entries()
    except UnicodeDecodeError:
        raise MalformedInput(path, "a header that is not UTF-8", "JSON text") from None
    body, result = data[8 + length :], {}
    for name, node in header.items():
        if name == "__metadata__":
            continue
        members = node.members(("dtype", "shape", "data_offsets"))
        dtype = members["dtype"].choice(tuple(TYPES))
        shape = [item.integer(0, "a size") for item in members["shape"].items("a list of sizes")]
        first, last = (item.integer(0, "a place") for item in members["data_offsets"].items("two places", 2))
        size = prod(shape) * numpy.dtype(TYPES[dtype]).itemsize
        if not first <= last <= len(body) or last - first != size:
            found = f"bytes {first} to {last} of {len(body)}"
            raise MalformedInput(f"{path}.{name}.data_offsets", found, f"{size} bytes for {dtype} of shape {shape}")
        array = numpy.frombuffer(body[first:last], TYPES[dtype])
        if dtype == "BF16":
            array = (array.astype("<u4") << 16).view("<f4")
        result[name] = array.reshape(shape)
    return result


def _torch(path: str) -> Mapping[str, Any]:
    try:
        import torch
    except ImportError:
        raise MalformedInput(
            path, "a file of torch, which is not installed",
            "torch (pip install torch), or the arrays as .safetensors or .npz: "
            "numpy.savez('model.npz', **{name: t.numpy() for name, t in model.state_dict().items()})",
        ) from None  # fmt: skip
    if not Path(path).is_file():
        raise MalformedInput(path, "no such file", "a readable file")
    try:
        found = torch.load(path, map_location="cpu", weights_only=True)
    except (pickle.UnpicklingError, RuntimeError, ValueError, EOFError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise MalformedInput(path, reason, "a state_dict, as torch.save(model.state_dict(), ...) writes it") from None
    if not isinstance(found, Mapping):
        raise MalformedInput(path, type(found).__name__, "a state_dict: torch.save(model.state_dict(), ...)")
    return found


def _json(path: str) -> Mapping[str, Any]:
    return {name: node.value for name, node in read_document(path).entries().items()}


READERS: dict[str, Callable[[str], Mapping[str, Any]]] = {
    ".npz": _numpy, ".npy": _numpy, ".safetensors": _safetensors, ".pt": _torch, ".pth": _torch, ".json": _json,
}  # fmt: skip
