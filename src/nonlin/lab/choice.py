"""Which learning rate a candidate is judged by."""

from __future__ import annotations

from collections.abc import Sequence

from nonlin.lab.fitting import Fit


def chosen(fits: Sequence[Fit]) -> list[Fit]:
    """Of each candidate and fold the fit at the learning rate with the lowest inner loss; of equals the lowest rate."""
    best: dict[tuple[str, int], Fit] = {}
    for fit in sorted(fits, key=lambda fit: (fit.inner_loss, fit.rate)):
        best.setdefault((fit.candidate, fit.fold), fit)
    order = {name: i for i, name in enumerate(dict.fromkeys(fit.candidate for fit in fits))}
    return sorted(best.values(), key=lambda fit: (order[fit.candidate], fit.fold))
