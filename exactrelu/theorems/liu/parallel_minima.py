"""Liu, (20) to (24) and appendix E.1: where the loss of parallel weights is least, on the data of the problem.

The certificates embed the problem with the points "start" (the given weights) and "best" (the least-loss locations of
the cell nearest to them). On a cell the loss is a quadratic function of the hidden biases, hence of the locations: its
value, gradient and Hessian at "start", which the checker computes from the network, determine it.
"""

from __future__ import annotations

from itertools import combinations

from gmpy2 import mpq

from exactrelu.certificate import Certificate
from exactrelu.facts import expression, facts
from exactrelu.landscape import Problem
from exactrelu.theorems.claim import YES, Claim, Fact, Outcome, Tick, implication, not_applicable
from exactrelu.theorems.liu.parallel_weights import Line, Parallel, off_boundaries, on_parallel_points, words


def definitions(case: Parallel) -> dict[str, str]:
    """The data of (20) to (22): u, n, h, X; A the activations; V, M, D, s, t the regions; F, f; c; h* as "best"."""
    line = case.line
    size = range(len(line.x))
    members = [[int(i in r.members) for i in size] for r in line.regions]
    counts = [[r.count if j == k else 0 for k in range(len(line.regions))] for j, r in enumerate(line.regions)]
    return {
        "u": expression(case.direction),
        "n": expression(line.normals),
        "h": expression(line.locations),
        "A": expression(line.active),
        "X": "x @ u",
        "V": expression([r.active for r in line.regions]),
        "M": expression(members),
        "D": expression(counts),
        "s": expression([r.sum_x for r in line.regions]),
        "t": expression([r.sum_y for r in line.regions]),
        "F": "transpose(V) @ D @ V",
        "f": f"transpose(V) @ {_per_region(line)}",
        "c": expression(case.weight),
        "best": expression(line.best),
    }


def _per_region(line: Line) -> str:
    terms = ", ".join(f"{sum(r.active)}*s[{j}] - t[{j}]" for j, r in enumerate(line.regions))
    return f"[{terms}]"


def cell_facts(case: Parallel, point: str, locations: str) -> list[str]:
    """The named point has the form of section 7.1 with these locations, and the activations A, all strict."""
    line = case.line
    neurons, data = range(len(line.normals)), range(len(line.x))
    form = [f'parameter("{point}", "W1")[{k}] == n[{k}] * u' for k in neurons]
    form += [f'parameter("{point}", "b1")[{k}] == -n[{k}] * {locations}[{k}]' for k in neurons]
    form += [f'parameter("{point}", "W2")[0] == n']
    return form + [f"n[{k}] * (X[{i}] - {locations}[{k}]) * (2*A[{i}][{k}] - 1) > 0" for i in data for k in neurons]


def system_facts(case: Parallel) -> list[str]:
    """(20), (21), (22): what the regions are, and that F, f are the second and first derivatives of the loss."""
    line = case.line
    neurons, data = range(len(line.normals)), range(len(line.x))
    regions = [
        "A == transpose(M) @ V", "M @ transpose(M) == D", "M @ X == s", "M @ y == t",
        f"trace(D) == {len(line.x)}", "transpose(A) @ A == F",
    ]  # fmt: skip
    squares = " + ".join(f"({sum(line.active[i])}*X[{i}] - A[{i}] @ h - y[{i}])**2" for i in data)
    first = len(line.normals) * len(case.direction)
    gradient = [f'gradient("start")[{first + k}] == -2*c*n[{k}] * (F[{k}] @ h - f[{k}])' for k in neurons]
    hessian = [
        f'hessian("start")[{first + k}][{first + l}] == 2*c*n[{k}]*n[{l}] * F[{k}][{l}]'
        for k in neurons
        for l in neurons
    ]
    return [*regions, f'loss("start") == c*({squares})', *gradient, *hessian]


def solution_facts(case: Parallel) -> list[str]:
    """F h* = f, and the loss at any locations q on the cell is that at h* plus (q - h*)^T F (q - h*)."""
    line = case.line
    moved = "[" + ", ".join(f"q{k} - best[{k}]" for k in range(len(line.normals))) + "]"
    squares = [
        " + ".join(f"({sum(line.active[i])}*X[{i}] - A[{i}] @ {at} - y[{i}])**2" for i in range(len(line.x)))
        for at in ("[" + ", ".join(variables(line)) + "]", "best")
    ]
    return ["F @ best == f", f"{squares[0]} == {squares[1]} + {moved} @ F @ {moved}", "positive_semidefinite(F)"]


def variables(line: Line) -> tuple[str, ...]:
    """One variable for each location."""
    return tuple(f"q{k}" for k in range(len(line.normals)))


def certificate(case: Parallel, statement: str, relations: list[str], **more: str) -> Certificate:
    """A certificate about parallel weights, with the definitions of the reduction and some more."""
    return facts(case.problem, statement, relations, {**definitions(case), **more}, variables(case.line))


def linear_system(problem: Problem, tick: Tick) -> Outcome:
    """(20) to (22): on the cell of the given weights, the derivatives by the locations vanish where F h = f."""

    def judge(case: Parallel) -> Outcome:
        relations = cell_facts(case, "start", "h") + system_facts(case) + solution_facts(case)
        kind = "unique" if case.line.rank == len(case.line.normals) else f"rank {case.line.rank}, not unique"
        said = f"F h = f gives h* = ({words(case.line.best)}), {kind}"
        return Outcome("verified", said, (certificate(case, f"Parallel weights: {said}.", relations),))

    return on_parallel_points(problem, tick, off_boundaries(judge))


CLASSES = {"p": "plus", "m": "minus"}


def _class_definitions(case: Parallel) -> dict[str, str]:
    """Counts N1p .. N3m and sums S1p .. S3m of the two classes in the regions 1 and 3, from the activations."""
    entries = {"plus": expression([int(y == 1) for y in case.line.y])}
    entries["minus"] = expression([int(y == -1) for y in case.line.y])
    for region, neuron in ((1, 0), (3, 1)):
        for letter, name in CLASSES.items():
            data = range(len(case.line.x))
            entries[f"N{region}{letter}"] = " + ".join(f"A[{i}][{neuron}]*{name}[{i}]" for i in data)
            entries[f"S{region}{letter}"] = " + ".join(f"A[{i}][{neuron}]*{name}[{i}]*X[{i}]" for i in data)
    return entries


def two_weights(problem: Problem, tick: Tick) -> Outcome:
    """(23) for two weights that look outward; (24) where the classes are of equal size and no region is empty."""

    def judge(case: Parallel) -> Outcome:
        line = case.line
        if not line.outward:
            return not_applicable("two weights that look outward are needed, as in figure 3")
        if set(line.y) - {mpq(1), mpq(-1)}:
            return not_applicable("labels 1 and -1 are needed")
        relations = [*cell_facts(case, "start", "h"), *system_facts(case), "plus - minus == y", "dot(plus, minus) == 0"]
        relations += [f"plus[{i}] + minus[{i}] == 1" for i in range(len(line.x))]
        relations += ["F == [[N1p + N1m, 0], [0, N3p + N3m]]"]
        relations += [f"f[{k}] == S{r}p + S{r}m - N{r}p + N{r}m" for k, r in ((0, 1), (1, 3))]
        said = f"F = diag({words(line.f_matrix[k][k] for k in (0, 1))}), f = ({words(line.f_vector)})"
        more = _class_definitions(case)
        if sum(line.y) == 0 and line.rank == 2:
            half = len(line.x) // 2
            for k, r in ((0, 1), (1, 3)):
                value = f"(S{r}p/{half} + S{r}m/{half} - N{r}p/{half} + N{r}m/{half}) / (N{r}p/{half} + N{r}m/{half})"
                relations.append(f"best[{k}] == {value}")
            relations += ["F @ best == f", f"sum(plus) == {half}"]
            said += f", and (24) gives h* = ({words(line.best)})"
        return Outcome("verified", said, (certificate(case, f"Two outward weights: {said}.", relations, **more),))

    return on_parallel_points(problem, tick, off_boundaries(judge))


def _stays(case: Parallel) -> Fact:
    """Whether no data point lies between a weight and its best location, ends included."""
    line = case.line
    for k, (h, best) in enumerate(zip(line.locations, line.best, strict=True)):
        for i, x in enumerate(line.x):
            if min(h, best) <= x <= max(h, best):
                relations = [f"(X[{i}] - h[{k}]) * (X[{i}] - best[{k}]) <= 0", "F @ best == f"]
                said = f"data point {i} lies between weight {k} and its best location"
                return Fact("no", said, (certificate(case, said, relations),))
    relations = cell_facts(case, "start", "h") + cell_facts(case, "best", "best")
    said = f"no data point between the weights and h* = ({words(line.best)})"
    return Fact(YES, said, (certificate(case, said, relations),))


def _least_in_locations(case: Parallel) -> Fact:
    relations = cell_facts(case, "best", "best") + solution_facts(case)
    said = "the loss has a local minimum there when only the locations move"
    return Fact(YES, said, (certificate(case, said, relations),))


def genuine(problem: Problem, tick: Tick) -> Outcome:
    """If no data point lies between the weights and h*, then h* is in the same cell: a minimum in the locations."""

    def judge(case: Parallel) -> Outcome:
        stays = _stays(case)
        if stays.answer != YES:
            return not_applicable(stays.words)
        return implication([lambda: stays], lambda: _least_in_locations(case))

    return on_parallel_points(problem, tick, off_boundaries(judge))


def genuine_for_the_network(problem: Problem, tick: Tick) -> Outcome:
    """The same, taken as a statement on all parameters of the network: the normals and z may move too."""

    def judge(case: Parallel) -> Outcome:
        stays = _stays(case)
        if stays.answer != YES:
            return not_applicable(stays.words)
        return implication([lambda: stays], lambda: Fact.of(case.problem.at("best", tick).local_minimum()))

    return on_parallel_points(problem, tick, off_boundaries(judge))


def deficient(problem: Problem, tick: Tick) -> Outcome:
    """Appendix E.1: equal rows, zero rows, or F = 0, each where its premise holds; F is not of full rank then."""

    def judge(case: Parallel) -> Outcome:
        line = case.line
        columns = list(zip(*line.active, strict=True))
        size = len(columns)
        twins = [(k, l) for k, l in combinations(range(size), 2) if columns[k] == columns[l] and any(columns[k])]
        twins = [(k, l) for k, l in twins if line.normals[k] == line.normals[l]]
        dead = [k for k in range(size) if not any(columns[k])]
        if not twins and not dead:
            return not_applicable("all weights are active somewhere, and data lie between those that look the same way")
        relations = [*cell_facts(case, "start", "h"), *system_facts(case), f"rank(F) == {line.rank} < {size}"]
        relations += [f"F[{k}] == F[{l}]" for k, l in twins]
        relations += [f"F[{k}] == {expression([0] * size)}" for k in dead]
        parts = [f"rows {k} and {l} of F are equal" for k, l in twins] + [f"row {k} of F is zero" for k in dead]
        if len(dead) == size:
            relations.append(f"F == zeros({size}, {size})")
            parts = ["F = 0, a plateau"]
        said = f"{', '.join(parts)}; F has rank {line.rank}"
        return Outcome("verified", said, (certificate(case, said, relations),))

    return on_parallel_points(problem, tick, off_boundaries(judge))


TWO, FOUR = "liu-parallel-weights", "liu-four-parallel-weights"

CLAIMS = (
    Claim(
        "LIU-(20)-(22)", "Liu, section 7.1, (20), (21), (22)",
        "With parallel weights z_k = n_k, w_k = n_k (u, -h_k), the least-loss locations h of a cell solve F h = f with "
        "F(l, k) = sum_j I_jl I_jk N_j and f(l) = sum_k sum_j I_jl I_jk sum_j x - sum_j I_jl sum_j y.",
        linear_system, (TWO, FOUR), family="parallel",
    ),
    Claim(
        "LIU-(23),(24)", "Liu, section 7.1, (23), (24)",
        "Two weights that look outward: F is diagonal; with classes of equal size h_1* = (P_1+ m_1+ + P_1- m_1- - P_1+ "
        "+ P_1-) / (P_1+ + P_1-), m the class means in the region, and likewise h_2* in region 3.",
        two_weights, (TWO,), family="parallel",
    ),
    Claim(
        "LIU-7.1", "Liu, section 7.1, first paragraph, for parallel weights",
        "If no data point lies between the weights and the solution h* of F h = f, then h* lies in the same cell and "
        "is a local minimum, when only the locations move.",
        genuine, (TWO, FOUR), family="parallel",
    ),
    Claim(
        "LIU-7.1-network", "Liu, section 7.1, first paragraph, for parallel weights and the network (1)",
        "If no data point lies between the weights and the solution h* of F h = f, then h* is a genuine differentiable "
        "local minimum of the loss of the network.",
        genuine_for_the_network, (TWO,),
        "h* is a local minimum in the locations only: the loss falls when the normals and z move. So (25) is about the "
        "one-dimensional problem, not about local minima of the network.", "parallel",
    ),
    Claim(
        "LIU-E1", "Liu, appendix E.1, a) and b)",
        "F is not of full rank if no data lie between two weights of the same normal (their rows of F are equal), or "
        "if a weight is active nowhere (its row is zero); if all are, F = 0.",
        deficient, (FOUR,), family="parallel",
    ),
)  # fmt: skip
