"""Formulas as MathML, which browsers show without any script or network."""

import re

from docutils import nodes
from latex2mathml.converter import convert

BAR = re.compile(r"<mo[^>]*>(&#x0007C;|&#x02016;)</mo>")


def mathml(formula, display="inline"):
    """A formula of LaTeX as MathML; bars are brackets here, and stand close."""
    return BAR.sub(r'<mo stretchy="false" lspace="0" rspace="0">\1</mo>', convert(formula, display=display))


def inline(self, node):
    """A formula in a line."""
    self.body.append(mathml(node.astext()))
    raise nodes.SkipNode


def block(self, node):
    """A formula on lines of its own."""
    self.body.append(f'<div class="formula">{mathml(node.astext(), "block")}</div>')
    raise nodes.SkipNode


def setup(app):
    """What Sphinx calls."""
    app.add_html_math_renderer("mathml", inline_renderers=(inline, None), block_renderers=(block, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
