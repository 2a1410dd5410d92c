"""The network, the loss and the data of a problem as HTML with MathML, for pages."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from exactrelu.network import Layer, Network
from exactrelu.problem import Instance
from exactrelu.rational import Rational
from exactrelu.reports.mathml import CLOSE, OPEN, array, magnitude, math, number, parameter, vector

LOSSES = {
    "hinge": "binary hinge", "multiclass-hinge": "multiclass hinge", "one-vs-all-hinge": "one-versus-all hinge",
    "squared": "squared",
}  # fmt: skip
HAT = '<mover accent="true"><mi>y</mi><mo stretchy="false">^</mo></mover>'
SHOWN = 12  # rows and columns of a structured layer that is shown as a matrix


def _row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _bracket(body: str) -> str:
    return _row(OPEN, body, CLOSE)


def _sub(base: str, below: str) -> str:
    return f"<msub>{base}{below}</msub>"


def _mi(name: str) -> str:
    return f"<mi>{name}</mi>"


def _norm(inside: str) -> str:
    return f'<msup><mrow><mo fence="true">‖</mo>{inside}<mo fence="true">‖</mo></mrow><mn>2</mn></msup>'


def _factor(value: Rational) -> str:
    return "" if value == 1 else f"{magnitude(value)}<mspace width='0.1em'></mspace>"


def _max(inside: str) -> str:
    return _row("<mi>max</mi>", OPEN, inside, '<mo separator="true">,</mo><mn>0</mn>', CLOSE)


def layers(network: Network) -> list[str]:
    """One formula for each layer at data point i: z^(1)_i = sigma(W^(1) x_i + b^(1)), .., the output."""
    result = []
    for place, layer in enumerate(network.layers, 1):
        below = _sub(_mi("x"), _mi("i")) if place == 1 else _hidden(place - 1)
        body = array(f"W{place}") + below + (f"<mo>+</mo>{array(f'b{place}')}" if layer.bias else "")
        if place <= len(network.activated):
            body = _mi("σ") + _bracket(body)
        name = _sub(HAT, _mi("i")) if place == len(network.layers) else _hidden(place)
        result.append(math(f"{name}<mo>=</mo>{body}"))
    return result


def _hidden(place: int) -> str:
    return f"<msubsup>{_mi('z')}{_mi('i')}<mtext>({place})</mtext></msubsup>"


def activation(network: Network) -> str:
    """The formula of the activation; empty where there is none."""
    if not network.activated:
        return ""
    upper, lower = network.slopes
    name = f"{_mi('σ')}{OPEN}{_mi('t')}{CLOSE}<mo>=</mo>"
    if upper == lower:
        return math(name + _factor(upper) + _mi("t"))
    low = f"<mi>min</mi>{OPEN}<mi>t</mi><mo separator='true'>,</mo><mn>0</mn>{CLOSE}"
    return math(name + _factor(upper) + _max(_mi("t")) + (f"<mo>+</mo>{_factor(lower)}{low}" if lower else ""))


def structure(place: int, layer: Layer) -> str:
    """The matrix of a layer that is not dense: its entries in the layer's weights."""
    terms: dict[tuple[int, int], str] = {}
    for row, column, weight, c in layer.entries:
        before = terms.get((row, column), "")
        sign = "<mo>−</mo>" if c < 0 else "<mo>+</mo>" if before else ""
        terms[row, column] = before + sign + _factor(abs(c)) + parameter(f"w{place}_{weight + 1}")
    how = ", ".join(f"{key} {value}" for key, value in layer.structure if key != "basis")
    kind = f"a one-dimensional convolution ({escape(how)})" if layer.kind == "conv1d" else "linear in its weights"
    if layer.outputs > SHOWN or layer.inputs > SHOWN:
        shown = f"{layer.outputs} × {layer.inputs} entries in {layer.size} weights"
    else:
        rows = (
            "".join(f"<mtd>{terms.get((r, c), '<mn>0</mn>')}</mtd>" for c in range(layer.inputs))
            for r in range(layer.outputs)
        )
        table = "".join(f"<mtr>{row}</mtr>" for row in rows)
        shown = math(f"{array(f'W{place}')}<mo>=</mo><mrow><mo>(</mo><mtable>{table}</mtable><mo>)</mo></mrow>")
    return f"Layer {place} is {kind}: {shown}"


def loss(instance: Instance) -> list[str]:
    """The formula of the loss in chunks, between which a line may end."""
    one, kind, count = instance.network.widths[-1] == 1, instance.loss.kind, len(instance.x)
    label = _sub(_mi("y"), _mi("i"))
    output = _sub(HAT, _mi("i"))
    each = f"<munder><mo>∑</mo>{_mi('r')}</munder>"
    if kind == "hinge":
        unit = _max(f"<mn>1</mn><mo>−</mo>{label}{output}")
    elif kind == "multiclass-hinge":
        others = f"<munder><mo>∑</mo><mrow>{_mi('r')}<mo>≠</mo>{label}</mrow></munder>"
        unit = others + _max(f"<mn>1</mn><mo>+</mo>{_sub(HAT, _index(_mi('r')))}<mo>−</mo>{_sub(HAT, _index(label))}")
    elif kind == "one-vs-all-hinge":
        weight = "" if isinstance(instance.loss.weights, str) else _sub(_mi("μ"), _index(_mi("r")))
        target = _sub(_mi("t"), _index(_mi("r"))) + _sub(HAT, _index(_mi("r")))
        unit = each + weight + _max(f"<mn>1</mn><mo>−</mo>{target}")
    else:
        residual = f"{output}<mo>−</mo>{label}"
        unit = f"<msup>{_bracket(residual)}<mn>2</mn></msup>" if one else _norm(residual)
    total = f"<munderover><mo>∑</mo><mrow>{_mi('i')}<mo>=</mo><mn>1</mn></mrow><mn>{count}</mn></munderover>"
    if isinstance(instance.loss.weights, str):
        total = _factor(instance.loss.weight(0, 0, count)) + total
    elif kind != "one-vs-all-hinge":
        total += _sub(_mi("μ"), _mi("i"))
    chunks = [_display(f"{_mi('L')}<mo>=</mo>{total}{unit}")]
    if half := instance.loss.weight_decay / 2:
        chunks.append(_display(f'<mo form="infix">+</mo>{_factor(half)}{_norm(_mi("ω"))}'))
    if penalty := instance.loss.penalty:
        pairs = f"<munder><mo>∑</mo><mrow>{_mi('r')}<mo>&lt;</mo>{_mi('s')}</mrow></munder>"
        difference = f"{_sub(_mi('P'), _mi('r'))}<mo>−</mo>{_sub(_mi('P'), _mi('s'))}"
        c = _factor(penalty.gamma / (penalty.replicas - 1))
        chunks.append(_display(f'<mo form="infix">+</mo>{c}{pairs}{_norm(difference)}'))
    return chunks


def _index(r: str) -> str:
    return f"<mrow>{_mi('i')}<mo>,</mo>{r}</mrow>"


def _display(body: str) -> str:
    return f'<math displaystyle="true">{body}</math>'


def loss_words(instance: Instance) -> str:
    """The loss in words: its kind and its normalisation, and what the letters of its formula stand for."""
    one, kind = instance.loss, instance.loss.kind
    points = f"the {len(instance.x)} data points" if len(instance.x) > 1 else "the only data point"
    how = {"mean": f"the mean over {points}", "sum": f"the sum over {points}"}
    text = f"The {LOSSES[kind]} loss, {how.get(str(one.weights), 'weighted as the table says')}"
    if one.factor != 1:
        text += f", times {one.factor}" if isinstance(one.weights, str) else f" (the factor {one.factor} included)"
    if kind in ("multiclass-hinge", "one-vs-all-hinge"):
        text += "; ŷ with the indices i, r is the output of class r, counted from 0"
    if kind == "one-vs-all-hinge":
        text += "; t is 1 for the class of the data point and −1 for the others"
    if one.weight_decay:
        text += "; with weight decay, where ω are all parameters"
    if one.penalty:
        text += f"; with a penalty on the differences of {one.penalty.replicas} replicas of the hidden parameters"
    return f"{text}."


def data(instance: Instance) -> tuple[list[str], list[list[str]]]:
    """The table of the data: a header, and a row for each data point."""
    one, count = instance.loss, len(instance.x)
    header = [math(_mi("i")), math(_sub(_mi("x"), _mi("i"))), math(_sub(_mi("y"), _mi("i")))]
    classes = instance.network.widths[-1] if one.kind == "one-vs-all-hinge" else 1
    if not isinstance(one.weights, str):
        header.append(math(_sub(_mi("μ"), _mi("i"))))
    rows = []
    for i, (x, y) in enumerate(zip(instance.x, instance.y, strict=True)):
        row = [str(i + 1), _entries(x), _entries(y) if isinstance(y, tuple) else str(y).replace("-", "−")]
        if len(header) > 3:
            row.append(_entries([one.weight(i, r, count) for r in range(classes)]))
        rows.append(row)
    return header, rows


def _entries(values: Sequence[Rational]) -> str:
    return number(values[0]) if len(values) == 1 else vector(values)
