"""Exact polynomials in named variables: flint inside, text, LaTeX and SymPy at the border.

The printing order is stable: constant first, then by degree, then by the order of the variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeAlias

from flint import Ordering, fmpq, fmpq_mpoly_ctx
from gmpy2 import mpq

from exactrelu.rational import Rational

SHOWN, WIDTH = 24, 24  # terms on a screen, letters in a line of them
Monomial: TypeAlias = "tuple[int, ...]"
"""The variables of a monomial by index, in order, repeated for powers."""


def to_flint(value: Rational) -> Any:
    """The flint number equal to a rational."""
    return fmpq(int(value.numerator), int(value.denominator))


def from_flint(value: Any) -> Rational:
    """The rational equal to a flint number."""
    return mpq(int(value.p), int(value.q))


@dataclass(frozen=True)
class Ring:
    """The polynomial ring Q[names].

    >>> ring = Ring(("x", "y"))
    >>> x, y = ring.variables
    >>> x * y - ring.constant("1/2")
    Polynomial(-1/2 + x*y)
    """

    names: tuple[str, ...]

    @cached_property
    def context(self) -> Any:
        """The flint context."""
        return fmpq_mpoly_ctx.get(self.names, Ordering.lex)

    @cached_property
    def variables(self) -> tuple[Polynomial, ...]:
        """The variables as polynomials."""
        return tuple(Polynomial(self, generator) for generator in self.context.gens())

    def constant(self, value: Any) -> Polynomial:
        """A constant polynomial."""
        return Polynomial(self, self.context.constant(to_flint(mpq(value))))

    def from_terms(self, terms: Iterable[tuple[Monomial, Rational]]) -> Polynomial:
        """The polynomial with the given terms.

        >>> Ring(("x", "y")).from_terms([((0, 0), mpq(3)), ((), mpq(1))])
        Polynomial(1 + 3*x**2)
        """
        exponents: dict[tuple[int, ...], Any] = {}
        for monomial, coefficient in terms:
            powers = [0] * len(self.names)
            for index in monomial:
                powers[index] += 1
            key = tuple(powers)
            exponents[key] = exponents.get(key, fmpq(0)) + to_flint(coefficient)
        return Polynomial(self, self.context.from_dict(exponents))


@dataclass(frozen=True)
class Polynomial:
    """A polynomial with rational coefficients; immutable, with the operators ``+ - *``.

    >>> x, y = Ring(("x", "y")).variables
    >>> (x + y) * (x - y)
    Polynomial(x**2 - y**2)
    """

    ring: Ring
    value: Any

    @cached_property
    def terms(self) -> tuple[tuple[Monomial, Rational], ...]:
        """The terms in printing order: by degree, then by the order of the variables."""
        found = []
        for powers, coefficient in self.value.terms():
            monomial = tuple(i for i, power in enumerate(powers) if power for _ in range(power))
            found.append((monomial, from_flint(coefficient)))
        return tuple(sorted(found, key=lambda term: (len(term[0]), term[0])))

    @property
    def is_zero(self) -> bool:
        """Whether this is the zero polynomial."""
        return bool(self.value.is_zero())

    @property
    def is_constant(self) -> bool:
        """Whether no variable occurs."""
        return bool(self.value.is_constant())

    @property
    def is_multi_affine(self) -> bool:
        """Whether the degree in each single variable is at most 1.

        >>> x, y = Ring(("x", "y")).variables
        >>> (x * y + x).is_multi_affine, (x * x).is_multi_affine
        (True, False)
        """
        return all(power <= 1 for powers in self.value.monoms() for power in powers)

    def derivative(self, index: int) -> Polynomial:
        """The partial derivative in one variable."""
        return Polynomial(self.ring, self.value.derivative(index))

    def laplacian(self) -> Polynomial:
        """The sum of the second derivatives.

        >>> x, y = Ring(("x", "y")).variables
        >>> (x * x * y + y).laplacian()
        Polynomial(2*y)
        """
        total = self.ring.context.constant(0)
        for index, degree in enumerate(self.value.degrees()):
            if degree > 1:
                total += self.value.derivative(index).derivative(index)
        return Polynomial(self.ring, total)

    def evaluate(self, point: Sequence[Rational]) -> Rational:
        """The value at a point."""
        total = mpq(0)
        for monomial, coefficient in self.terms:
            product = coefficient
            for index in monomial:
                product *= point[index]
            total += product
        return total

    def along(self, point: Sequence[Rational], direction: Sequence[Rational]) -> list[Rational]:
        """The coefficients of the polynomial t -> p(point + t direction), constant term first.

        >>> x, y = Ring(("x", "y")).variables
        >>> (x * y).along([mpq(1), mpq(2)], [mpq(1), mpq(0)])
        [mpq(2,1), mpq(2,1)]
        """
        total = [mpq(0)]
        for monomial, coefficient in self.terms:
            product = [coefficient]
            for index in monomial:
                base, slope = point[index], direction[index]
                raised = [base * c for c in product] + [mpq(0)]
                for power, c in enumerate(product):
                    raised[power + 1] += slope * c
                product = raised
            total += [mpq(0)] * (len(product) - len(total))
            for power, c in enumerate(product):
                total[power] += c
        while len(total) > 1 and not total[-1]:
            total.pop()
        return total

    def sympy(self) -> Any:
        """The same polynomial as a SymPy expression."""
        import sympy

        symbols = [sympy.Symbol(name) for name in self.ring.names]
        return sympy.Add(
            *(sympy.Mul(sympy.Rational(str(c)), *(symbols[i] for i in monomial)) for monomial, c in self.terms)
        )

    def to_dict(self) -> dict[str, str]:
        """Monomial (names, repeated for powers) to coefficient, as in certificates."""
        return {" ".join(self.ring.names[i] for i in monomial): str(c) for monomial, c in self.terms}

    def latex(self) -> str:
        """LaTeX, with names such as W^{(1)}_{12} for W1_1_2.

        >>> x, y = Ring(("W1_1_2", "b1_3")).variables
        >>> print((x * x * y - y).latex())
        -b^{(1)}_{3} + \\left(W^{(1)}_{12}\\right)^{2} b^{(1)}_{3}
        """
        return _join([latex_term(self.ring.names, monomial, c) for monomial, c in self.terms], "0")

    def __str__(self) -> str:
        parts = []
        for monomial, c in self.terms:
            factors = [
                self.ring.names[i] + (f"**{monomial.count(i)}" if monomial.count(i) > 1 else "")
                for i in dict.fromkeys(monomial)
            ]
            if not factors or abs(c) != 1:
                factors.insert(0, str(abs(c)))
            parts.append(("-" if c < 0 else "") + "*".join(factors))
        return _join(parts, "0")

    def __repr__(self) -> str:
        text = str(self)
        return f"Polynomial({text if len(text) < 400 else f'{len(self.terms)} terms'})"

    def _repr_latex_(self) -> str:
        lines = r" \\ &".join(self.latex_lines())
        return rf"$\displaystyle \begin{{aligned}} &{lines} \end{{aligned}}$"

    def latex_lines(self) -> list[str]:
        r"""LaTeX for a screen: lines that begin with a sign; of a long polynomial the first terms, and their number.

        >>> x, y = Ring(("W1_1_1", "b1_1")).variables
        >>> (x * y - y).latex_lines()
        ['-b^{(1)}_{1} + W^{(1)}_{11} b^{(1)}_{1}']
        """
        lines: list[list[str]] = [[]]
        width = 0
        for monomial, c in self.terms[:SHOWN]:
            width += len(monomial) + len(str(c)) // 2 + 1
            if width > WIDTH and lines[-1]:
                lines.append([])
                width = 0
            lines[-1].append(latex_term(self.ring.names, monomial, c))
        joined = [_join(line, "0") for line in lines]
        joined[1:] = [line if line.startswith("-") else f"+ {line}" for line in joined[1:]]
        if len(self.terms) > SHOWN:
            joined.append(rf"+ \cdots \quad ({len(self.terms)}\text{{ terms}})")
        return joined

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.ring == other.ring and bool(self.value == other.value)

    def __hash__(self) -> int:
        return hash((self.ring, self.terms))

    def __add__(self, other: Polynomial) -> Polynomial:
        return Polynomial(self.ring, self.value + other.value)

    def __sub__(self, other: Polynomial) -> Polynomial:
        return Polynomial(self.ring, self.value - other.value)

    def __mul__(self, other: Polynomial) -> Polynomial:
        return Polynomial(self.ring, self.value * other.value)


def _join(parts: list[str], empty: str) -> str:
    text = " + ".join(parts) or empty
    return text.replace("+ -", "- ")


def latex_name(name: str) -> str:
    """The LaTeX name of a parameter.

    >>> latex_name("W2_1_12"), latex_name("b1_2"), latex_name("w1_3")
    ('W^{(2)}_{1,12}', 'b^{(1)}_{2}', 'w^{(1)}_{3}')
    """
    match = re.fullmatch(r"([A-Za-z]+)(\d+)((?:_\d+)+)", name)
    if match is None:
        return name
    indices = match.group(3)[1:].split("_")
    separator = "," if any(len(index) > 1 for index in indices) else ""
    return f"{match.group(1)}^{{({match.group(2)})}}_{{{separator.join(indices)}}}"


def latex_number(value: Rational) -> str:
    """A rational number in LaTeX.

    >>> latex_number(mpq(-2, 7))
    '-\\\\tfrac{2}{7}'
    """
    if value.denominator == 1:
        return str(value.numerator)
    sign = "-" if value < 0 else ""
    return f"{sign}\\tfrac{{{abs(value.numerator)}}}{{{value.denominator}}}"


def latex_monomial(names: Sequence[str], monomial: Monomial) -> str:
    """A monomial in LaTeX, the empty one being 1."""
    factors = []
    for index in dict.fromkeys(monomial):
        name, power = latex_name(names[index]), monomial.count(index)
        factors.append(name if power == 1 else f"\\left({name}\\right)^{{{power}}}")
    return " ".join(factors) or "1"


def latex_term(names: Sequence[str], monomial: Monomial, coefficient: Rational) -> str:
    """One term in LaTeX."""
    if not monomial:
        return latex_number(coefficient)
    factor = {1: "", -1: "-"}.get(coefficient, latex_number(coefficient) + " ")
    return factor + latex_monomial(names, monomial)
