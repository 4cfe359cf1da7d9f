"""The losses over the epochs, as far as they have been drawn."""

import numpy as np

from nonlin.web.curve import MOST_POINTS, Curve


def test_only_what_is_new_is_sent():
    curve = Curve(3)
    assert (curve.last_epoch, curve.fresh()[0].shape) == (-1.0, (0, 3))
    curve.add([0.0, 1.0, 2.0])
    rows, anew = curve.fresh()
    assert (rows.tolist(), anew) == ([[0, 1, 2]], True)
    curve.add([1.0, 0.5, 1.5])
    curve.add([1.0, 0.4, 1.4])  # the same epoch
    curve.add([7.0, 0.3, 1.3])
    rows, anew = curve.fresh()
    assert (rows[:, 0].tolist(), anew) == ([1, 7], False)
    assert curve.fresh()[0].shape == (0, 3)
    assert rows.dtype == np.float32


def test_for_somebody_new_all_is_sent():
    curve = Curve(2)
    for epoch in range(5):
        curve.add([float(epoch), 0.0])
    curve.fresh()
    curve.forget_what_was_sent()
    rows, anew = curve.fresh()
    assert (len(rows), anew) == (5, True)


def test_it_does_not_grow_for_ever():
    curve, drawn = Curve(3), np.empty((0, 3))
    for epoch in range(100_000):
        curve.add([float(epoch), epoch / 2, 0.0])
        if epoch % 777 == 0:
            rows, anew = curve.fresh()
            drawn = rows if anew else np.vstack([drawn, rows])
    rows, anew = curve.fresh()
    drawn = rows if anew else np.vstack([drawn, rows])
    assert MOST_POINTS / 2 < len(drawn) <= MOST_POINTS
    steps = np.diff(drawn[:, 0])
    assert (steps.min(), steps.max()) == (64, 64)
    np.testing.assert_array_equal(drawn[:, 1], drawn[:, 0] / 2)
