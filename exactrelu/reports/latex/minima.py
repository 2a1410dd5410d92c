"""The sections on the global minimum, and on all local minima and critical points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exactrelu import typesetting
from exactrelu.atlas import Atlas, MinimumSet
from exactrelu.critical_sets import CriticalSet
from exactrelu.global_minimum import Minimum, Node
from exactrelu.reports.latex.tables import cut, table
from exactrelu.reports.story import Story


def missing(story: Story, part: str) -> Iterator[str]:
    """Why a part is not there."""
    for gap in story.gaps:
        if gap.part == part:
            yield typesetting.escape(f"Not known: {gap.reason}.")


def minimum(story: Story) -> Iterator[str]:
    """The global minimum, or bounds of it, a point that attains it, and the bounding tree."""
    found = story.minimum
    if found is None:
        yield from missing(story, "global minimum")
        return
    upper = typesetting.number(found.upper)
    if found.is_exact:
        yield typesetting.macro(
            "eritem", "Value.", f"The global minimum is ${typesetting.marked('minimum', upper)}$, and it is attained."
        )
    else:
        low, high = typesetting.marked("minimum:lower", typesetting.number(found.lower)), typesetting.marked(
            "minimum:upper", upper
        )  # fmt: skip
        text = f"The infimum is at least ${low}$ and at most ${high}$ ({typesetting.escape(found.reason)})."
        yield typesetting.macro("eritem", "Bounds.", text)
    where = "Argmin." if found.is_exact else "Best point."
    yield typesetting.macro("eritem", where, f"{typesetting.arrays(story.problem, found.argmin)}.")
    yield from _tree(story, found)


def _tree(story: Story, found: Minimum) -> Iterator[str]:
    """The branches, each with the dual vector that bounds it."""
    leaves = sorted(found.tree.leaves(), key=lambda leaf: (leaf.fit.value, [str(s) for s in leaf.states]))
    branches = typesetting.counted(len(leaves), "branch", "branches")
    pieces = typesetting.counted(found.pieces, "set of chambers and signs", "sets of chambers and signs")
    yield typesetting.macro(
        "eritem",
        "Proof.",
        f"Each neuron has a sign of its output weight $v$ and a chamber of the data; there are {pieces}. "
        f"They are divided into {branches}. On each a dual vector $g$, with an entry for each data point, "
        "proves that the loss is at least the bound.",
    )
    rows = [
        [
            "; \\erbreak ".join(_states(leaf)) or "all networks",
            f"${typesetting.number(leaf.fit.value)}$",
            f"${typesetting.vector_tex(list(leaf.fit.dual), tight=True)}$" if any(leaf.fit.dual) else "$0$",
        ]
        for leaf in leaves[: story.limit]
    ]
    yield table(["branch", "bound", "$g$"], rows, "LrL")
    if more := cut(len(leaves), story.limit, "branch", "branches"):
        yield typesetting.macro("erhang") + more


def _states(leaf: Node) -> Iterator[str]:
    """What the neurons of a branch are allowed, in words."""
    for state in leaf.states:
        conditions = [f"$v {'>' if state.side > 0 else '<'} 0$"] if state.side else []
        for sign, relation in ((1, "\\ge"), (-1, "\\le")):
            if places := sorted(i + 1 for i, side in state.sides if side == sign):
                shown = ",\\erbreak ".join(map(str, places))
                conditions.append(f"$\\langle w, x_i \\rangle {relation} 0$ for $i = {shown}$")
        many = f"{state.many} neuron{'s' if state.many != 1 else ''}"
        yield f"{many}: " + (", \\erbreak ".join(conditions) or "any")


def atlas(story: Story) -> Iterator[str]:
    """All sets of local minima: a summary for each value of the loss, and a table."""
    found = story.atlas
    if found is None:
        yield from missing(story, "atlas")
        return
    sets = found.local_minima
    count = typesetting.counted(len(sets), "set", "sets")
    if found.complete:
        yield f"The local minima form {count}, modulo permutations of the neurons; the list is complete."
    else:
        yield f"{count} of local minima are known; {typesetting.escape(found.reason)}."
    yield from _by_value(found)
    rows = [_row(story, found, number, each) for number, each in enumerate(sets[: story.limit], 1)]
    if rows:
        header = ["", "loss", "dim", "par", "kind", "spurious", "part", "neurons", "witness"]
        yield table(header, rows, "rrrrllrLL")
        yield _legend(found)
    if more := cut(len(sets), story.limit, "set", "sets"):
        yield typesetting.macro("erhang") + more


def critical(story: Story) -> Iterator[str]:
    """All sets of Clarke critical points, by value and kind, each with a witness."""
    found = story.critical
    if found is None:
        yield from missing(story, "critical points")
        return
    count = typesetting.counted(len(found.sets), "set", "sets")
    if found.complete:
        yield f"The Clarke critical points form {count}, modulo permutations of the neurons; the list is complete."
    else:
        yield f"{count} of Clarke critical points are known; {typesetting.escape(found.reason)}."
    rows = [
        [
            f"${typesetting.number(value)}$",
            kind,
            str(len(sets)),
            _spread(each.dimension for each in sets),
            _spread(each.parameter_dimension for each in sets if each.parameter_dimension is not None) or "open",
            _faces(sets[0]),
            typesetting.arrays(story.problem, sets[0].witness, tight=True),
        ]
        for (value, kind), sets in found.groups.items()
    ]
    if rows:
        yield table(["loss", "kind", "sets", "dim", "par", "neurons", "witness"], rows[: story.limit], "rlrrrLL")
        vector = "(w, b)" if found.instance.network.layers[0].bias else "w"
        yield (
            "The sets are disjoint, and all points of a set are of its kind; dim and par are their dimensions in "
            f"$R = |v|\\,{vector}$ and the output bias, and in the parameters. The witness is a point of one of the "
            "sets; its neurons are given by the sign of $v$ and by their signs at the data points. "
            "The certificate \\ercode{critical.json} lists all sets."
        )
    if more := cut(len(rows), story.limit, "row", "rows"):
        yield typesetting.macro("erhang") + more


def _faces(each: CriticalSet) -> str:
    names = [*each.active, *(f"0{face}" for face in each.inactive)]
    return ", \\erbreak ".join(typesetting.macro("ersignature", typesetting.letters(name)) for name in names)


def _spread(numbers: Iterable[int]) -> str:
    found = sorted(set(numbers))
    return "--".join(map(str, dict.fromkeys(found[:1] + found[-1:])))


def _by_value(found: Atlas) -> Iterator[str]:
    rows = []
    for value in sorted({each.value for each in found.local_minima}):
        sets = [each for each in found.local_minima if each.value == value]
        parts = {each.component for each in sets if each.component is not None}
        rows.append(
            [
                f"${typesetting.number(value)}$",
                ("spurious" if sets[0].is_spurious else "global") if found.complete else "",
                " and ".join(sorted({each.kind for each in sets})),
                str(len(sets)),
                _spread(each.dimension for each in sets),
                str(len(parts)) if parts else "",
            ]
        )
    if rows:
        yield table(["loss", "rank", "kind", "sets", "dimension", "components"], rows, "rllrrr")


def _row(story: Story, found: Atlas, number: int, each: MinimumSet) -> list[str]:
    key = f"atlas:{number}"
    neurons = [found.search.name((q,)) for q in each.piece]
    neurons += [f"0{name[1:]}" for name in _thin(found, each)]
    spurious = ("yes" if each.is_spurious else "no") if found.complete else "open"
    return [
        str(number),
        f"${typesetting.marked(f'{key}:value', typesetting.number(each.value))}$",
        str(each.dimension),
        str(each.parameter_dimension),
        each.kind,
        spurious,
        "" if each.component is None else str(each.component + 1),
        ", \\erbreak ".join(typesetting.macro("ersignature", typesetting.letters(name)) for name in neurons),
        typesetting.arrays(story.problem, each.witness, tight=True),
    ]


def _thin(found: Atlas, each: MinimumSet) -> list[str]:
    """The chambers of the neurons with v = 0 in the first choice."""
    return [found.search.name((2 * c,)) for c in each.thin[0]] if each.thin else []


def _legend(found: Atlas) -> str:
    bias = found.instance.network.layers[0].bias
    vector = "(w, b)" if bias else "w"
    return (
        f"Here dim is the dimension of the set in $R = |v|\\,{vector}$ and the output bias, par that in the "
        "parameters, part the number of the connected component; a neuron is given by the sign of $v$ and by its "
        "signs at the data points (of several choices for neurons with $v = 0$ the first is shown)."
    )
