"""A budget of time, asked for at every step of long work, and the progress that is shown meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from exactrelu.errors import BudgetExceeded


class Budget:
    """Call it at every step: it raises `BudgetExceeded` when the time is over, and moves the progress bar.

    ``seconds`` is None for no limit; ``bar`` anything with an ``update`` method, such as a tqdm bar.

    >>> Budget(seconds=0)()
    Traceback (most recent call last):
    exactrelu.errors.BudgetExceeded: the budget of 0 seconds ran out
    """

    def __init__(
        self, seconds: float | None = None, bar: Any = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.seconds = seconds
        self._clock = clock
        self._deadline = None if seconds is None else clock() + seconds
        self._bar = bar

    def __call__(self) -> None:
        if self._bar is not None:
            self._bar.update()
        if self._deadline is not None and self._clock() >= self._deadline:
            raise BudgetExceeded(f"the budget of {self.seconds:g} seconds ran out")
