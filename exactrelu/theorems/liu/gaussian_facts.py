"""Certificates about Gaussian data: the integrals of appendix E.2 as expressions that the checker encloses by itself.

For a location h: S(h) = (erf((h - 1)/sqrt 2) + erf((h + 1)/sqrt 2))/2 and T(h) the same with a minus sign, so that an
interval (a, b) has the mass S(b) - S(a) and the label T(b) - T(a), with S = -1, 1 and T = 0 at the infinite ends;
D(h) = phi(h - 1) + phi(h + 1), and its moment is label + D(a) - D(b). F h* = f is solved by elimination.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

from exactrelu.certificate import Certificate
from exactrelu.facts import expression, facts
from exactrelu.rational import Rational
from exactrelu.theorems.liu.gaussian import GaussianWeights, Union
from exactrelu.theorems.liu.parallel_weights import Parallel

ENDS = {"left": ("(-1)", "0", "0"), "right": ("1", "0", "0")}


def probability(union: Union, weights: GaussianWeights) -> str:
    """The probability (E.7) of intervals whose ends are locations, or bounds of h*: half a sum of masses."""
    names = {h: f"S{k}" for k, h in enumerate(weights.locations)}
    for k, bounds in enumerate(weights.best):
        names |= {bounds.lower: f"L{k}", bounds.upper: f"U{k}"}
    return f"({' + '.join(f'{names[b]} - {names[a]}' for a, b in union.parts) or '0'})/2"


def integrals(weights: GaussianWeights) -> dict[str, str]:
    """The locations h_k and S, T, D there; e_k, E_k are the values of erf at (h_k - 1)/sqrt 2 and (h_k + 1)/sqrt 2."""
    result = {"r": "sqrt(2)", "R": "sqrt(2*pi())"}
    for k, h in enumerate(weights.locations):
        result[f"h{k}"] = expression(h)
        result[f"e{k}"] = f"erf((h{k} - 1)/r)"
        result[f"E{k}"] = f"erf((h{k} + 1)/r)"
        result[f"S{k}"] = f"(e{k} + E{k})/2"
        result[f"T{k}"] = f"(e{k} - E{k})/2"
        result[f"D{k}"] = f"(exp(-(h{k} - 1)**2/2) + exp(-(h{k} + 1)**2/2))/R"
    return result


def _common(weights: GaussianWeights, l: int, k: int) -> tuple[tuple[str, str, str], tuple[str, str, str]] | None:
    """S, T, D at the ends of the interval where two weights are both active; None if there is none."""
    lefts = [j for j in (l, k) if weights.normals[j] > 0]
    rights = [j for j in (l, k) if weights.normals[j] < 0]
    left = max(lefts, key=lambda j: weights.locations[j], default=None)
    right = min(rights, key=lambda j: weights.locations[j], default=None)
    if left is not None and right is not None and weights.locations[left] >= weights.locations[right]:
        return None
    names = [None if j is None else (f"S{j}", f"T{j}", f"D{j}") for j in (left, right)]
    return names[0] or ENDS["left"], names[1] or ENDS["right"]


def system(weights: GaussianWeights) -> dict[str, str]:
    """F and f of (E.4), (E.5), row by row as F0_0, .., f0, ..; pairs that are never active together have no entry."""
    result, size = {}, range(len(weights.normals))
    for l in size:
        terms = []
        for k in size:
            ends = _common(weights, l, k)
            if ends is None:
                continue
            (s, t, d), (s_, t_, d_) = ends
            result[f"F{l}_{k}"] = f"{s_} - {s}"
            terms.append(f"({d} - {d_})" if k == l else f"({t_} - {t} + {d} - {d_})")
        result[f"f{l}"] = " + ".join(terms)
    return result


def solution(weights: GaussianWeights) -> dict[str, str]:
    """The solution best0, best1, .. of F h = f: Gaussian elimination without exchanges (F is positive definite)."""
    result = {**integrals(weights), **system(weights)}
    size = len(weights.normals)
    entry = {(l, k): f"F{l}_{k}" for l, k in product(range(size), repeat=2) if f"F{l}_{k}" in result}
    right = {l: f"f{l}" for l in range(size)}
    for p in range(size):
        for l in range(p + 1, size):
            if (l, p) not in entry:
                continue
            factor = f"m{l}_{p}"
            result[factor] = f"{entry[l, p]} / {entry[p, p]}"
            for k in range(p + 1, size):
                if (p, k) in entry:
                    name = f"F{l}_{k}_{p}"
                    result[name] = f"{entry.get((l, k), '0')} - {factor}*{entry[p, k]}"
                    entry[l, k] = name
            result[f"f{l}_{p}"] = f"{right[l]} - {factor}*{right[p]}"
            right[l] = f"f{l}_{p}"
    for p in reversed(range(size)):
        known = "".join(f" - {entry[p, k]}*best{k}" for k in range(p + 1, size) if (p, k) in entry)
        result[f"best{p}"] = f"({right[p]}{known}) / {entry[p, p]}"
    for k, bounds in enumerate(weights.best):
        for name, mass, end in (("low", "L", bounds.lower), ("up", "U", bounds.upper)):
            result[f"{name}{k}"] = expression(end)
            result[f"{mass}{k}"] = f"(erf(({name}{k} - 1)/r) + erf(({name}{k} + 1)/r))/2"
    return result


def enclosing(weights: GaussianWeights) -> list[str]:
    """The bounds low_k and up_k of h* that the engine found; L_k and U_k are S there."""
    return [f"low{k} < best{k} < up{k}" for k in range(len(weights.normals))]


def form(case: Parallel | None) -> tuple[dict[str, str], list[str]]:
    """Definitions and facts that tie the numbers h0, h1, .. to the point "start" of a problem, if there is one."""
    if case is None:
        return {}, []
    named = {"u": expression(case.direction), "n": expression(case.line.normals)}
    relations = ["norm2(u) == 1", 'parameter("start", "W2")[0] == n']
    for k in range(len(case.line.normals)):
        relations += [
            f'parameter("start", "W1")[{k}] == n[{k}] * u',
            f'parameter("start", "b1")[{k}] == -n[{k}] * h{k}',
        ]
    return named, relations


def gaussian_certificate(
    case: Parallel | None,
    weights: GaussianWeights,
    statement: str,
    relations: Iterable[str],
    more: Mapping[str, str] | None = None,
    solved: bool = True,
) -> Certificate:
    """Facts about Gaussian data and the weights of a problem's point (or weights alone), h* enclosed if ``solved``."""
    named, tied = form(case)
    own = solution(weights) if solved else integrals(weights)
    bounds = enclosing(weights) if solved else []
    problem = None if case is None else case.problem
    return facts(problem, statement, [*tied, *bounds, *relations], {**named, **own, **(more or {})})


def power_bounds(
    weights: GaussianWeights, samples: int, lower: Rational, upper: Rational, which: Iterable[int] | None = None
) -> list[str]:
    """lower <= (1 - P)^N <= upper for every P between the probabilities inside and around the gaps (those listed).

    Only P is enclosed; the powers of its decimal bounds are exact.
    """
    inner, outer = (probability(union, weights) for union in weights.gap_bounds(which))
    gap = weights.gap_probability(which)
    least, most = expression(gap.lower), expression(gap.upper)
    powers = [f"{expression(lower)} <= (1 - {most})**{samples}", f"(1 - {least})**{samples} <= {expression(upper)}"]
    return [f"{least} <= {inner}", f"{outer} <= {most}", *powers]
