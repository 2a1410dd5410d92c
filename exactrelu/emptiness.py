"""Does a signature belong to a cell? Yes with a witness, no with a Farkas vector for each sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from exactrelu import signature as signatures
from exactrelu.budget import no_tick
from exactrelu.certificate import Certificate
from exactrelu.errors import MalformedInput
from exactrelu.rational import Rational, Vector
from exactrelu.refinement import forms_on
from exactrelu.sheets import Sheet
from exactrelu.signature import Columns, sign
from exactrelu.simplex import Simplex


@dataclass(frozen=True)
class Empty:
    """No point of the space has this signature: for each sheet a Farkas vector, by position in the signature."""

    columns: Columns
    sheets: tuple[Sheet, ...]
    farkas: tuple[dict[int, Rational], ...]

    def certificate(self, space: dict[str, Any]) -> Certificate:
        """The certificate of the kind ``empty-cell``."""
        signature = signatures.write(self.columns)
        proof = {
            "space": space,
            "signature": signature,
            "farkas": [{str(k): str(m) for k, m in sorted(vector.items())} for vector in self.farkas],
        }
        statement = f"No point has the signature {signature}."
        return Certificate("empty-cell", self.sheets[0].instance.to_dict(), statement, proof)

    def __repr__(self) -> str:
        return f"Empty({signatures.write(self.columns)!r})"


def realise(sheets: Iterable[Sheet], columns: Columns, tick: Callable[[], None] = no_tick) -> Vector | Empty:
    """A witness of the cell with a signature, found on one of the sheets, or the proof that there is none.

    Raises `MalformedInput` when the signature has the sign 0 for a unit that does not vanish identically.

    >>> from exactrelu.examples import example
    >>> from exactrelu.sheets import parameter_sheets
    >>> problem = example("yun2018-three-point")
    >>> realise(parameter_sheets(problem), signatures.read(problem, "++;++;-+"))
    Empty('++;++;-+')
    """
    refutations, seen = [], []
    for sheet in sheets:
        tick()
        seen.append(sheet)
        found = _on_sheet(sheet, columns)
        if isinstance(found, tuple):
            return sheet.lift(found)
        refutations.append(found)
    return Empty(columns, tuple(seen), tuple(refutations))


def _on_sheet(sheet: Sheet, columns: Columns) -> Vector | dict[int, Rational]:
    simplex = Simplex(sheet.variables)
    wrong: dict[int, Rational] = {}
    for place, s, form in forms_on(sheet, columns):
        position = sheet.position[place]
        constant = not any(form[:-1])
        if s == 0 and not (constant and form[-1] == 0):
            name = signatures.unit_name(sheet.instance, *place)
            raise MalformedInput("signature", f"0 for {name}", "+ or -: this unit does not vanish identically")
        if constant:
            if s and sign(form[-1]) != s:
                wrong = wrong or {position: mpq(1)}
        elif s > 0:
            simplex.assert_lower(simplex.form(form[:-1]), -form[-1], strict=True, tag=position)
        else:
            simplex.assert_upper(simplex.form(form[:-1]), -form[-1], strict=True, tag=position)
    if wrong:
        return wrong
    farkas = simplex.check()
    if farkas is None:
        return tuple(simplex.model())
    return {int(str(position)): multiplier for position, multiplier in farkas.items()}
