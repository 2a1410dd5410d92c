"""Sign vectors over {+, -, 0}: the covectors of an arrangement, as strings, and packed into 64-bit words.

Strings are what people read and files hold: one letter for each hyperplane, in the order given.
Source for the operations: Björner, Las Vergnas, Sturmfels, White, Ziegler, *Oriented Matroids* (1999),
chapter 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exactrelu.errors import MalformedInput

LETTERS = "+-0"
_OPPOSITE = str.maketrans("+-", "-+")


def sign(value: Any) -> str:
    """The sign of an exact number, as a letter.

    >>> sign(3), sign(-2), sign(0)
    ('+', '-', '0')
    """
    return "+" if value > 0 else "-" if value < 0 else "0"


def sign_vector(values: Iterable[Any]) -> str:
    """The signs of exact numbers, as a string.

    >>> sign_vector([2, 0, -1])
    '+0-'
    """
    return "".join(sign(value) for value in values)


def checked(text: str, length: int, where: str = "signs") -> str:
    """The string itself, if it is a sign vector of that length; else raises `MalformedInput`.

    >>> checked("+x", 2)
    Traceback (most recent call last):
    exactrelu.errors.MalformedInput: signs: found "+x", needed 2 letters out of +, -, 0
    """
    if not isinstance(text, str) or len(text) != length or not set(text) <= set(LETTERS):
        found = f'"{text}"' if isinstance(text, str) else type(text).__name__
        raise MalformedInput(where, found, f"{length} letters out of +, -, 0")
    return text


def negation(x: str) -> str:
    """The opposite sign vector.

    >>> negation("+0-")
    '-0+'
    """
    return x.translate(_OPPOSITE)


def composition(x: str, y: str) -> str:
    """x, with the letters of y where x has 0: where one comes going a little from x towards y.

    >>> composition("+00", "--+")
    '+-+'
    """
    _same_length(x, y)
    return "".join(b if a == "0" else a for a, b in zip(x, y, strict=True))


def separation(x: str, y: str) -> tuple[int, ...]:
    """The indices at which x and y have opposite signs.

    >>> separation("+-0+", "--++")
    (0,)
    """
    _same_length(x, y)
    return tuple(i for i, (a, b) in enumerate(zip(x, y, strict=True)) if "0" not in (a, b) and a != b)


def support(x: str) -> tuple[int, ...]:
    """The indices at which x is not 0.

    >>> support("+0-")
    (0, 2)
    """
    return tuple(i for i, a in enumerate(x) if a != "0")


def is_face(x: str, y: str) -> bool:
    """Whether x is y with some letters replaced by 0: the face of x lies in the closure of that of y.

    >>> is_face("+00", "+-0"), is_face("-00", "+-0")
    (True, False)
    """
    _same_length(x, y)
    return all(a in ("0", b) for a, b in zip(x, y, strict=True))


def as_array(x: str) -> NDArray[np.int8]:
    """The signs as integers 1, -1, 0.

    >>> as_array("+-0").tolist()
    [1, -1, 0]
    """
    letters = np.frombuffer(x.encode("ascii"), dtype=np.uint8)
    signs: NDArray[np.int8] = (letters == ord("+")).astype(np.int8) - (letters == ord("-")).astype(np.int8)
    return signs


def as_text(signs: NDArray[Any]) -> str:
    """The string of an array of integers 1, -1, 0.

    >>> as_text(np.array([1, -1, 0]))
    '+-0'
    """
    return np.frombuffer(b"0+-", dtype=np.uint8)[np.asarray(signs, dtype=np.int64)].tobytes().decode("ascii")


def pack(bits: NDArray[Any]) -> NDArray[np.uint64]:
    """The rows of a table of booleans (minus is True) as 64-bit words; column 0 is the highest bit.

    The result has shape (rows, words).
    The numerical order of the words is the lexicographic order of the rows, '+' before '-'.

    >>> [hex(word) for word in pack(np.array([[True, False, False, True]]))[0]]
    ['0x9000000000000000']
    """
    packed = np.packbits(bits, axis=1)
    padded = np.zeros((len(packed), max(1, -(-packed.shape[1] // 8)) * 8), dtype=np.uint8)
    padded[:, : packed.shape[1]] = packed
    return padded.view(">u8").astype(np.uint64)


def unpack(words: NDArray[np.uint64], columns: int) -> NDArray[np.bool_]:
    """The table of booleans that `pack` made into words.

    >>> unpack(pack(np.array([[True, False, True]])), 3).tolist()
    [[True, False, True]]
    """
    return np.unpackbits(words.astype(">u8").view(np.uint8), axis=1, count=columns).view(np.bool_)


def _same_length(x: str, y: str) -> None:
    if len(x) != len(y):
        raise MalformedInput("signs", f"{len(x)} and {len(y)} letters", "sign vectors of one length")
