"""The sections on the problem and on notation."""

from __future__ import annotations

from collections.abc import Iterator

from exactrelu import signature as signatures
from exactrelu import typesetting
from exactrelu.network import Layer
from exactrelu.problem import Instance
from exactrelu.reports.latex.tables import FOLDED, folded

KINDS = {
    "hinge": ("binary hinge", r"\max(1 - y_i \hat y_i,\, 0)"),
    "multiclass-hinge": (
        "multiclass hinge",
        r"\sum_{r \neq y_i} \max(1 + \hat y_{i,r} - \hat y_{i,y_i},\, 0)",
    ),
    "one-vs-all-hinge": ("one-versus-all hinge", r"\sum_r \mu_{i,r} \max(1 - t_{i,r} \hat y_{i,r},\, 0)"),
    "squared": ("squared", r"\lVert \hat y_i - y_i \rVert^2"),
}
CLASSES = r", where $\hat y_{i,r}$ is the output of class $r$, counted from 0"
TARGETS = r", and $t_{i,r}$ is $1$ if $r = y_i$ and $-1$ otherwise"
SIGNS = r""" A \texttt{0} stands for a unit that vanishes, at the point or on the whole cell. On an open cell
the loss is a polynomial; the inertia $(n_+, n_-, n_0)$ counts the positive, negative and zero eigenvalues of
its Hessian $\nabla^2 L$ at the witness.\par"""
LONG = r"""Numbers of more than 60 digits are shown to nine digits and marked by $\approx$; the source of this text
has them exactly, and so have the certificates.\par"""
BLOCKS = r"""where $\erblock{0}$ has the terms without a bias, $\erblock{\ell}$ those with the bias of layer
$\ell$, and $\erblock{LAST}$ is the constant. \emph{Multilinear} says that the polynomial was checked to have
the form of Theorem~1 of Laurent and von Brecht (ICML 2018): each term of $\erblock{\ell}$ has exactly one
factor from the bias of layer $\ell$ (none for $\ell = 0$) and one from the weights of each layer above
$\ell$.\par"""
RESIDUALS = r"""The residuals have degree at most one in each parameter, so that the Laplacian
$\operatorname{tr} \nabla^2 L$ is a sum of squares, up to the constant of the decay; \emph{subharmonic} says that
this was checked as an identity of polynomials. \emph{Multi-affine} says that $L$ itself, without decay, has
degree at most one in each parameter.\par"""


def problem(instance: Instance) -> Iterator[str]:
    """Network, loss and data."""
    network, loss, count = instance.network, instance.loss, len(instance.x)
    if instance.source:
        yield typesetting.macro("eritem", "Source.", typesetting.escape(instance.source))
    arrays = []
    for name, _, _, shape in network.blocks:
        size = r"\times ".join(map(str, shape))
        arrays.append(rf"${typesetting.array(name)} \in \mathbf{{R}}^{{{size}}}$")
    widths = r"\erbreak\to ".join(map(str, network.widths))
    size = f"{network.parameters} parameters"
    yield typesetting.macro("eritem", "Network.", f"Widths ${widths}$; {size}: {', '.join(arrays)}. At data point $i$:")
    yield _forward(instance)
    for number, layer in enumerate(network.layers, 1):
        if layer.kind != "dense":
            yield _structure(number, layer)
    kind, unit = KINDS[loss.kind]
    if network.widths[-1] == 1:
        unit = unit.replace(r"\lVert", "(").replace(r"\rVert", ")")
    if isinstance(loss.weights, str):
        unit = unit.replace(r"\mu_{i,r} ", "")
    points = f"the {count} data points" if count > 1 else "the only data point"
    how = {"mean": f"the mean over {points}", "sum": f"the sum over {points}"}
    text = f"The {kind} loss, {how.get(str(loss.weights), 'weighted as the table of the data says')}"
    if loss.factor != 1:
        joint = ", times " if isinstance(loss.weights, str) else "; the weights contain the factor "
        text += f"{joint}${typesetting.number(loss.factor)}$"
    text += (CLASSES if "{i,r}" in unit else "") + (TARGETS if "t_" in unit else "")
    if loss.penalty:
        text += rf", with a penalty on the differences of {loss.penalty.replicas} replicas of the hidden parameters"
    if loss.weight_decay:
        text += r", with weight decay ($\lVert\omega\rVert^2$ sums the squares of all parameters)"
    yield typesetting.macro("eritem", "Loss.", f"{text}:")
    formula = f"{_average(instance)} {unit}{_decay(instance)}"
    yield typesetting.macro("erfit", f"L = {formula}", typesetting.macro("erform", "L", rf"\displaystyle {formula}"))
    yield from _data(instance)


def named_points(instance: Instance) -> Iterator[str]:
    """The named points, with loss and signature."""
    for name, point in instance.points.items():
        where = typesetting.macro(
            "ersignature", typesetting.letters(signatures.write(signatures.of_point(instance, point)))
        )
        value = f"$L = {typesetting.number(instance.evaluate(point))}$"
        yield typesetting.macro(
            "eritem", f"Point {typesetting.escape(name)}.", f"{value}, {where}, {typesetting.arrays(instance, point)}."
        )


def _forward(instance: Instance) -> str:
    """The formulas of the layers, one below the other."""
    network = instance.network
    lines = []
    for number, layer in enumerate(network.layers, 1):
        formula = typesetting.array(f"W{number}") + (" x_i" if number == 1 else f" z^{{({number - 1})}}_i")
        formula += f" + {typesetting.array(f'b{number}')}" if layer.bias else ""
        if number <= len(network.activated):
            formula = rf"\sigma\bigl({formula}\bigr)"
        name = r"\hat y_i" if number == len(network.layers) else f"z^{{({number})}}_i"
        lines.append(f"{name} &= {formula}")
    aligned = "\\begin{aligned}\n" + "\\\\\n".join(lines) + "\n\\end{aligned}"
    separate = (typesetting.macro("erform", *line.split(" &= ", 1)) for line in lines)
    text = typesetting.macro("erfit", aligned, "".join(separate))
    if network.activated:
        upper, lower = (typesetting.factor(slope) for slope in network.slopes)
        is_linear = network.slopes[0] == network.slopes[1]
        bent = rf"\max(t, 0)\erbreak + {lower}\min(t, 0)" if network.slopes[1] else r"\max(t, 0)"
        text += "\n" + typesetting.macro(
            "eritem", "Activation.", rf"$\sigma(t) = {upper}{'t' if is_linear else bent}$."
        )
    return text


def _structure(number: int, layer: Layer) -> str:
    """The matrix of a layer that is not dense, entry by entry in its weights."""
    terms: dict[tuple[int, int], str] = {}
    for row, column, weight, c in layer.entries:
        before = terms.get((row, column), "")
        sign = ("\\erbreak " if before else "") + ("-" if c < 0 else "+" if before else "")
        terms[row, column] = (
            before + sign + typesetting.factor(abs(c)) + typesetting.parameter(f"w{number}_{weight + 1}")
        )
    matrix = typesetting.array(f"W{number}")
    single = ", ".join(f"${matrix}_{{{r + 1},{c + 1}}} = {t}$" for (r, c), t in sorted(terms.items()))
    entries = single
    if layer.inputs <= 8 and layer.outputs <= 12:
        rows = [" & ".join(terms.get((r, c), "0") for c in range(layer.inputs)) for r in range(layer.outputs)]
        body = "\\\\\n".join(rows)
        entries = typesetting.macro("erfit", rf"{matrix} = \begin{{pmatrix}}{body}\end{{pmatrix}}", single)
    how = ", ".join(f"{key} {value}" for key, value in layer.structure if key != "basis")
    kind = f"A one-dimensional convolution ({how})" if layer.kind == "conv1d" else "Linear in its weights"
    return typesetting.macro("eritem", f"Layer {number}.", f"{kind}:") + f"\n{entries}\\par"


def _average(instance: Instance) -> str:
    """The sum over the data points with its weights."""
    loss, count = instance.loss, len(instance.x)
    total = rf"\sum_{{i=1}}^{{{count}}}"
    if isinstance(loss.weights, str):
        return typesetting.factor(loss.weight(0, 0, count)) + total
    return total if loss.kind == "one-vs-all-hinge" else rf"{total} \mu_i"


def _decay(instance: Instance) -> str:
    half = instance.loss.weight_decay / 2
    terms = rf"\erbreak + {typesetting.factor(half)} \lVert\omega\rVert^2" if half else ""
    if penalty := instance.loss.penalty:
        c = typesetting.factor(penalty.gamma / (penalty.replicas - 1))
        terms += rf"\erbreak + {c} \sum_{{r<s}} \lVert P_r - P_s\rVert^2"
    return terms


def _data(instance: Instance) -> Iterator[str]:
    loss, count, classes = instance.loss, len(instance.x), 1
    header = ["$i$", "$x_i$", "$y_i$"]
    if not isinstance(loss.weights, str):
        classes = instance.network.widths[-1] if loss.kind == "one-vs-all-hinge" else 1
        header.append(r"$(\mu_{i,r})_r$" if classes > 1 else r"$\mu_i$")
    rows = []
    for i, (x, y) in enumerate(zip(instance.x, instance.y, strict=True)):
        row = [str(i + 1), typesetting.vector_tex(x), typesetting.vector_tex(y) if isinstance(y, tuple) else str(y)]
        if len(header) > 3:
            row.append(typesetting.vector_tex([loss.weight(i, r, count) for r in range(classes)]))
        rows.append([f"${entry}$" for entry in row])
    yield typesetting.macro("eritem", "Data.", "")
    yield folded(header, rows, "rlll"[: len(header)], least=FOLDED)


def notation(instance: Instance) -> Iterator[str]:
    """What signatures, blocks and residuals are."""
    network, loss = instance.network, instance.loss
    units = [(size, "unit", f" of layer {number}") for number, size in enumerate(network.activated, 1)]
    units += [(len(instance.units[0]), "hinge", "") for _ in range(1) if loss.is_hinge]
    groups = [f"the {size} {unit}s{of}" if size > 1 else f"the {unit}{of}" for size, unit, of in units]
    if groups:
        order = ", then ".join(groups) + (r" (separated by \texttt{,})" if len(groups) > 1 else "")
        yield rf"A signature lists signs, data point by data point (separated by \texttt{{;}}): {order}."
        yield r"A hinge $\max(t, 0)$ has the sign of $t$." if loss.is_hinge else "%"
    yield SIGNS
    yield LONG
    if loss.is_hinge:
        last = network.hidden_layers + 2
        total = r" \erbreak+ ".join(typesetting.macro("erblock", j) for j in range(last + 1))
        yield f"On a cell, $L = {total}{_decay(instance)}$, {BLOCKS.replace('LAST', str(last))}"
    else:
        one = network.widths[-1] == 1
        square = r"\erresidual{i}^2" if one else r"\sum_r \erresidual{i,r}^2"
        name = r"$\erresidual{i} = \hat y_i - y_i$" if one else r"$\erresidual{i,r} = \hat y_{i,r} - y_{i,r}$"
        yield f"On a cell, $L = {_average(instance)} {square}{_decay(instance)}$ with {name}. {RESIDUALS}"
