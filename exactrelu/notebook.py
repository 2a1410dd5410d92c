"""What a notebook needs besides the objects' own ``_repr_html_`` and ``_repr_latex_``: numbers as fractions, verdicts.

``%load_ext exactrelu`` turns it on. The notebook of a percent file is made by `exactrelu.narration`.
"""

from __future__ import annotations

from typing import Any

from gmpy2 import mpq

from exactrelu import display
from exactrelu.checker import Verdict
from exactrelu.rational import Rational


def fraction(value: Rational) -> str:
    r"""A number in LaTeX, of a long one the first digits.

    >>> from gmpy2 import mpq
    >>> print(fraction(mpq(-1, 3)))
    $\displaystyle -\tfrac{1}{3}$
    """
    return rf"$\displaystyle {display.short_latex(value)}$"


def verdict(value: Verdict) -> str:
    """What the checker says, in HTML.

    >>> print(verdict(Verdict(True, "loss 1/3")))
    <p><b>accepted</b>: loss 1/3</p>
    """
    return f"<p><b>{'accepted' if value.accepted else 'rejected'}</b>: {display.text(value.reason, 2000)}</p>"


def show_in(ipython: Any = None) -> None:
    """Teach an IPython session to show numbers and verdicts; the running one by default, none is no error."""
    if ipython is None:
        try:
            from IPython import get_ipython
        except ImportError:
            return
        ipython = get_ipython()
    if ipython is not None:
        formatters = ipython.display_formatter.formatters
        formatters["text/latex"].for_type(type(mpq()), fraction)
        formatters["text/html"].for_type(Verdict, verdict)
