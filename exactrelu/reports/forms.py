r"""The forms of a problem as LaTeX, made from results only, and the PDF of it.

The loss on each cell by its blocks (Laurent and von Brecht, ICML 2018, Theorem 1) or, for the squared loss,
by its residuals. The LaTeX is ASCII and deterministic. Every object is set by a macro such as
``\erparam{W}{1}{12}``, which an author can define otherwise before the ``\input``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from exactrelu import signature as signatures
from exactrelu import typesetting
from exactrelu.forms import CellForm
from exactrelu.network import Layer
from exactrelu.polynomial import Polynomial
from exactrelu.problem import Instance
from exactrelu.rational import Vector

INLINE_TERMS = 24  # longer polynomials become tables

MACROS = r"""% Needs amsmath, array, booktabs, longtable. Macros that are defined already are kept.
\providecommand{\ertitle}[1]{\subsection*{#1}}
\providecommand{\ersection}[1]{\subsubsection*{#1}}
\providecommand{\erarray}[2]{#1^{(#2)}}% the array W of layer 1
\providecommand{\erparam}[3]{#1^{(#2)}_{#3}}% its entry 12
\providecommand{\erblock}[1]{\varphi_{#1}}
\providecommand{\erresidual}[1]{r_{#1}}
\providecommand{\ersignature}[1]{\texttt{#1}}
\providecommand{\erfrac}[2]{\tfrac{#1}{#2}}
\providecommand{\erpower}[2]{\bigl(#1\bigr)^{#2}}
\providecommand{\erbreak}{\penalty50\relax}% where a line may end
\providecommand{\erhang}{\par\addpenalty{500}\noindent\hangindent=3em\hangafter=1\relax}
\providecommand{\ercell}[2]{\par\vskip0pt plus 5\baselineskip\penalty-300\vskip0pt plus -5\baselineskip
  \addvspace{2ex plus 0.8ex}\erhang
  \textbf{Cell #1}\quad\ersignature{#2}\par\nopagebreak}
\providecommand{\erform}[2]{\erhang $#1=#2$\par}
\providecommand{\eritem}[2]{\erhang \textit{#1}\enspace #2\par}
\providecommand{\erunicode}[1]{{\footnotesize[U+#1]}\erbreak}
\providecommand{\erlayout}{\parindent=0pt \parskip=0.5ex plus 0.2ex \rightskip=0pt plus 4em
  \tolerance=9999 \hbadness=10000 \emergencystretch=\linewidth
  \extrarowheight=2.5pt \hyphenpenalty=5000 \binoppenalty=10000 \relpenalty=10000
  \LTleft=1.5em \LTright=0pt plus 1fill \LTpre=1.4ex \LTpost=0.8ex }
"""

PREAMBLE = r"""\documentclass[10pt,a4paper]{article}
\usepackage{iftex}
\ifPDFTeX\pdfinfoomitdate=1 \pdftrailerid{}\pdfsuppressptexinfo=-1 \fi
\ifLuaTeX\pdfvariable suppressoptionalinfo 1023 \fi
\usepackage[T1]{fontenc}
\usepackage{lmodern}
\usepackage[margin=25mm]{geometry}
\usepackage{amsmath,array,booktabs,longtable}
\newcommand{\ertitle}[1]{\begin{center}\hyphenpenalty=10000 \Large\bfseries #1\par\end{center}}
\newcommand{\ersection}[1]{\section*{#1}}
\begin{document}
"""


class FormedCell(Protocol):
    """What is asked of a cell; `exactrelu.cells.Cell` has it."""

    @property
    def signature(self) -> str: ...
    @property
    def witness(self) -> Vector: ...
    @property
    def form(self) -> CellForm: ...
    @property
    def is_flat(self) -> bool: ...


def forms_document(instance: Instance, cells: Iterable[FormedCell], complete: bool, title: str | None = None) -> str:
    r"""A LaTeX document with the problem and the loss on each of the cells.

    ``complete`` says whether these are all cells of parameter space; the text repeats it.

    >>> from exactrelu.examples import example
    >>> forms_document(example("liu-two-samples"), [], complete=False).splitlines()[0]
    '\\documentclass[10pt,a4paper]{article}'
    """
    return f"{PREAMBLE}{forms_fragment(instance, cells, complete, title)}\\end{{document}}\n"


def forms_fragment(instance: Instance, cells: Iterable[FormedCell], complete: bool, title: str | None = None) -> str:
    r"""The same without a preamble, for ``\input`` in a paper that loads amsmath, array, booktabs, longtable.

    The paper may define the macros on top of the fragment in its own way.

    >>> from exactrelu.examples import example
    >>> forms_fragment(example("liu-two-samples"), [], complete=False).splitlines()[1]
    '\\providecommand{\\ertitle}[1]{\\subsection*{#1}}'
    """
    listed = ["\n".join(_cell(instance, number, cell)) for number, cell in enumerate(cells, 1)]
    if title is None:
        title = f"The loss of {instance.name} on its cells" if instance.name else "The loss on its cells"
    lines = [
        rf"\ertitle{{{typesetting.escape(title)}}}", r"\begingroup\erlayout",
        r"\ersection{Problem}", *_problem(instance),
        r"\ersection{Notation}", *_notation(instance),
        r"\ersection{Cells}", _extent(len(listed), complete), *listed,
        r"\par\endgroup",
    ]  # fmt: skip
    return MACROS + "\n".join(lines) + "\n"


def _extent(count: int, complete: bool) -> str:
    number = f"{count:,}".replace(",", r"\,")
    if complete:
        return f"The list is complete: parameter space has {number} cell{'s' if count != 1 else ''}."
    listed = f"{number} {'cells are' if count != 1 else 'cell is'} listed"
    return f"{listed}. The list is not claimed to be complete: there may be other cells."


# ---------------------------------------------------------------------- the problem

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
BLOCKS = r"""where $\erblock{0}$ has the terms without a bias, $\erblock{\ell}$ those with the bias of layer
$\ell$, and $\erblock{LAST}$ is the constant. \emph{Multilinear} says that the polynomial was checked to have
the form of Theorem~1 of Laurent and von Brecht (ICML 2018): each term of $\erblock{\ell}$ has exactly one
factor from the bias of layer $\ell$ (none for $\ell = 0$) and one from the weights of each layer above
$\ell$.\par"""
RESIDUALS = r"""The residuals have degree at most one in each parameter, so that the Laplacian
$\operatorname{tr} \nabla^2 L$ is a sum of squares, up to the constant of the decay; \emph{subharmonic} says that
this was checked as an identity of polynomials. \emph{Multi-affine} says that $L$ itself, without decay, has
degree at most one in each parameter.\par"""


def _problem(instance: Instance) -> Iterator[str]:
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
    is_short = typesetting.length(formula) < typesetting.LINE
    yield rf"\[ L = {formula} \]" if is_short else typesetting.macro("erform", "L", rf"\displaystyle {formula}")
    yield from _data(instance)
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
    text = "\\begin{align*}\n" + "\\\\\n".join(lines) + "\n\\end{align*}"
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
    if (
        layer.inputs <= 8
        and layer.outputs <= 12
        and layer.inputs * max(map(typesetting.length, terms.values())) < typesetting.LINE
    ):
        rows = [" & ".join(terms.get((r, c), "0") for c in range(layer.inputs)) for r in range(layer.outputs)]
        body = "\\\\\n".join(rows)
        entries = rf"\[ {matrix} = \begin{{pmatrix}}{body}\end{{pmatrix}} \]"
    else:
        entries = ", ".join(f"${matrix}_{{{r + 1},{c + 1}}} = {t}$" for (r, c), t in sorted(terms.items()))
    how = ", ".join(f"{key} {value}" for key, value in layer.structure if key != "basis")
    kind = f"A one-dimensional convolution ({how})" if layer.kind == "conv1d" else "Linear in its weights"
    return typesetting.macro("eritem", f"Layer {number}.", f"{kind}:\n{entries}")


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
    yield _table(header, rows, "rlll"[: len(header)])


def _notation(instance: Instance) -> Iterator[str]:
    network, loss = instance.network, instance.loss
    units = [(size, "unit", f" of layer {number}") for number, size in enumerate(network.activated, 1)]
    units += [(len(instance.units[0]), "hinge", "") for _ in range(1) if loss.is_hinge]
    groups = [f"the {size} {unit}s{of}" if size > 1 else f"the {unit}{of}" for size, unit, of in units]
    if groups:
        order = ", then ".join(groups) + (r" (separated by \texttt{,})" if len(groups) > 1 else "")
        yield rf"A signature lists signs, data point by data point (separated by \texttt{{;}}): {order}."
        yield r"A hinge $\max(t, 0)$ has the sign of $t$." if loss.is_hinge else "%"
    yield SIGNS
    if loss.is_hinge:
        last = network.hidden_layers + 2
        total = r" \erbreak+ ".join(typesetting.macro("erblock", j) for j in range(last + 1))
        yield f"On a cell, $L = {total}{_decay(instance)}$, {BLOCKS.replace('LAST', str(last))}"
    else:
        one = network.widths[-1] == 1
        square = r"\erresidual{i}^2" if one else r"\sum_r \erresidual{i,r}^2"
        name = r"$\erresidual{i} = \hat y_i - y_i$" if one else r"$\erresidual{i,r} = \hat y_{i,r} - y_{i,r}$"
        yield f"On a cell, $L = {_average(instance)} {square}{_decay(instance)}$ with {name}. {RESIDUALS}"


# ---------------------------------------------------------------------- a cell


def _cell(instance: Instance, number: int, cell: FormedCell) -> Iterator[str]:
    form = cell.form
    yield typesetting.macro("ercell", number, typesetting.letters(cell.signature))
    yield typesetting.macro("eritem", "Witness.", typesetting.arrays(instance, cell.witness))
    zero = []
    for name, block in form.blocks.items():
        if name != "decay":
            kind, _, index = name.partition("_")
            symbol = typesetting.macro("erblock" if kind == "phi" else "erresidual", index.replace("_", ","))
            if block.is_zero:
                zero.append(symbol)
            elif len(block.terms) <= INLINE_TERMS:
                yield typesetting.macro("erform", symbol, _polynomial(block))
            else:
                yield typesetting.macro("erform", symbol, rf"\text{{the sum of {len(block.terms)} terms:}}")
                yield _long(block)
    if zero:
        yield typesetting.macro("erform", "\\erbreak=".join(zero), "0")
    form_name = "multilinear" if instance.loss.is_hinge else "multi-affine"
    facts = [f"{'' if form.is_multilinear else 'not '}{form_name}"]
    if form.laplacian.is_constant:
        trace = typesetting.number(form.laplacian.evaluate(cell.witness))
        facts.append(rf"$\operatorname{{tr}} \nabla^2 L = {trace}$ on the cell")
    elif form.laplacian_is_sum_of_squares:
        facts.append("subharmonic")
    inertia = form.inertia(cell.witness)
    facts.append(f"inertia $({inertia.positive}, {inertia.negative}, {inertia.zero})$")
    value = f" ($L = {typesetting.number(form.value(cell.witness))}$)" if cell.is_flat else ""
    facts.append(f"flat: the loss is constant{value}" if cell.is_flat else "not flat")
    yield typesetting.macro("eritem", "Facts.", "; ".join(facts) + ".")


def _polynomial(polynomial: Polynomial) -> str:
    """The terms in printing order, with places for line breaks before the signs."""
    result = []
    for k, (monomial, c) in enumerate(polynomial.terms):
        sign = ("\\erbreak" if k else "") + ("-" if c < 0 else "+" if k else "")
        body = (
            typesetting.factor(abs(c)) + typesetting.monomial_tex(polynomial, monomial)
            if monomial
            else typesetting.number(abs(c))
        )
        result.append(f"{sign} {body}")
    return "\n".join(result) or "0"


def _long(polynomial: Polynomial) -> str:
    """A table of monomials and coefficients."""
    cells = [
        (f"${typesetting.monomial_tex(polynomial, m) or '1'}$", f"${typesetting.number(c)}$")
        for m, c in polynomial.terms
    ]
    width = sum(max(map(typesetting.length, column)) for column in zip(*cells, strict=True)) + 4
    pairs = max(1, min(3, int(typesetting.LINE // width)))
    rows = [[e for pair in cells[k : k + pairs] for e in pair] for k in range(0, len(cells), pairs)]
    rows[-1] += [""] * (2 * pairs - len(rows[-1]))
    return _table(["monomial", "coefficient"] * pairs, rows, ["l", "r", *(["@{\\qquad}l", "r"] * (pairs - 1))])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], align: Sequence[str]) -> str:
    """A longtable; when it may be too wide, its wide columns become paragraphs."""
    widths = [max(map(typesetting.length, column)) for column in zip(*rows, strict=True)]
    columns = list(align)
    if sum(widths) + 2 * len(widths) > typesetting.LINE:
        wide = [k for k, width in enumerate(widths) if width > typesetting.LINE / len(widths) - 2]
        narrow = sum(width + 2 for k, width in enumerate(widths) if k not in wide)
        share = 0.85 * (1 - narrow / typesetting.LINE) / len(wide)
        for k in wide:
            columns[k] = rf">{{\raggedright}}p{{{share:.3f}\linewidth}}"
    lines = [
        rf"\begin{{longtable}}{{@{{}}{''.join(columns)}@{{}}}}",
        rf"\toprule {' & '.join(header)} \tabularnewline\midrule\endhead\bottomrule\endfoot",
        *(" & ".join(row) + r"\tabularnewline" for row in rows),
        r"\end{longtable}",
    ]
    return "\n".join(lines)
