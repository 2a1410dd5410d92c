"""A budget of time, asked for at every step of long work, and the progress that is shown meanwhile."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, NoReturn

from exactrelu.errors import BudgetExceeded


def no_tick() -> None:
    """The ``tick`` of work without a budget, of which nothing is shown."""


class Budget:
    """A ``tick``: called at every step, it raises `BudgetExceeded` when the time is over, and moves the progress bar.

    ``seconds`` is None for no limit; ``bar`` anything with an ``update`` method, such as a tqdm bar; ``tick`` is called
    first, and what it raises goes through.

    >>> from exactrelu import example
    >>> example("liu-two-samples").atlas(tick=Budget(seconds=60))
    Atlas(6 sets of local minima with loss 0, 1/2, 1)
    >>> Budget(seconds=0)()
    Traceback (most recent call last):
    exactrelu.errors.BudgetExceeded: the budget of 0 seconds ran out
    """

    def __init__(
        self,
        seconds: float | None = None,
        bar: Any = None,
        clock: Callable[[], float] = time.monotonic,
        tick: Callable[[], None] = no_tick,
    ) -> None:
        self.seconds = seconds
        self.bar = bar
        self._clock = clock
        self._deadline = None if seconds is None else clock() + seconds
        self._tick = tick

    def __call__(self) -> None:
        if self.bar is not None:
            self.bar.update()
        self._tick()
        if self.is_over:
            raise BudgetExceeded(str(self))

    @property
    def left(self) -> float | None:
        """The seconds that are left, None for no limit."""
        return None if self._deadline is None else max(0.0, self._deadline - self._clock())

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return self.left == 0

    def share(self, parts: int) -> Budget:
        """A budget for the first of so many parts that are left: its even share of the time."""
        part = Budget(None if self.left is None else self.left / parts, clock=self._clock, tick=self)
        part.seconds = self.seconds
        return part

    def __str__(self) -> str:
        return f"the budget of {self.seconds:g} seconds ran out"

    def __repr__(self) -> str:
        return "Budget()" if self.seconds is None else f"Budget({self.seconds:g})"


class Bar:
    """A tqdm bar on standard error, or a widget in a notebook that has them; it appears when the work takes a second.

    Without tqdm (the extra ``progress``) nothing is shown. After ``close`` it may be used again.
    """

    def __init__(self, what: str) -> None:
        self.what = what
        self._bar: Any = None

    def update(self) -> None:
        """One step more."""
        if self._bar is None:
            self._bar = _tqdm(self.what)
        if self._bar is not False:  # tqdm bars of unknown length have no truth value
            self._bar.update()

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None and self._bar is not False:
            self._bar.close()
        self._bar = None


def _tqdm(what: str) -> Any:
    try:
        from tqdm import tqdm
    except ImportError:
        return False
    if in_notebook() and find_spec("ipywidgets"):
        from tqdm.notebook import tqdm
    return tqdm(desc=what, unit=" steps", file=sys.stderr, leave=False, mininterval=0.2, delay=1)


def in_notebook() -> bool:
    """Whether this is the kernel of a notebook."""
    return "ipykernel" in sys.modules and hasattr(sys, "ps1")


def is_watched() -> bool:
    """Whether a person looks on: in a notebook, or at a Python prompt with standard error on a screen."""
    return hasattr(sys, "ps1") and (in_notebook() or sys.stderr.isatty())


def shown(what: str, tick: Callable[[], None] | None) -> Callable[[], None]:
    """The ``tick`` of a long question: where a person looks on, one that shows how many steps it has made.

    A ``tick`` that is given is kept; to a `Budget` without a bar one is added.
    """
    if tick is None:
        tick = Budget() if is_watched() else no_tick
    if isinstance(tick, Budget) and tick.bar is None and is_watched():
        tick.bar = Bar(what)
    return tick


def rest(tick: Callable[[], None]) -> None:
    """Take away the bar that `shown` has added, until the next step."""
    if isinstance(tick, Budget) and isinstance(tick.bar, Bar):
        tick.bar.close()


@contextmanager
def showing(what: str, tick: Callable[[], None] | None) -> Iterator[Callable[[], None]]:
    """`shown`, for a question that is answered at once."""
    tick = shown(what, tick)
    try:
        yield tick
    finally:
        rest(tick)


@contextmanager
def alarm(seconds: float | None) -> Iterator[None]:
    """A budget for work that does not ask for it, as the checker, which knows of no clock.

    Without signals, or in another thread than the main one, the work is not interrupted.
    """
    if seconds is None or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(*_: object) -> NoReturn:
        raise BudgetExceeded(f"the budget of {seconds:g} seconds ran out")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
