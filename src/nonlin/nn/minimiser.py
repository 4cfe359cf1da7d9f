"""The compiled minimiser of L-BFGS: steps that know the curvature along the ten steps before them.

The minimiser is :func:`advance`: it takes the loss and gradient at one point and says where it wants them next. So one
logic serves the compiled loop over arrays and the Python loop over the parts of a sparse matrix. ``state`` holds its
scalars. The rows of ``vectors``, in double precision for networks of single too, are the point that has been reached,
the gradient there, the direction of the search, the gradient at the trial point, and the last steps with the changes of
the gradient along them.

References
----------
Liu & Nocedal 1989, doi:10.1007/BF01589116; Nocedal & Wright 2006, Numerical Optimization, algorithms 7.4 (the
direction), 3.5 and 3.6 (the line search).
"""

from __future__ import annotations

import numba as nb
import numpy as np

from nonlin.backends.intrinsics import borrowed, dot, widest_vectors
from nonlin.nn.layout import Array
from nonlin.nn.network import loss_and_gradient
from nonlin.nn.products import compiled

_PAIRS = 10
_SLOTS = _PAIRS + 1  # a step that teaches nothing takes none from the others
_DECREASE, _CURVATURE = 1e-4, 0.9  # the constants of the strong Wolfe conditions
_TRIALS = 20  # of one search
_LEAST_FALL = 2.2e-9  # of the loss in an iteration, relative to the larger of it and 1, as in SciPy's L-BFGS-B
SEARCHING, CONVERGED, LIMIT, NOT_FINITE = range(4)
STATE = np.dtype(
    [(name, np.int64) for name in ("status", "iterations", "evaluations", "pairs", "trials", "max_iter", "max_fun")]
    + [(name, np.float64) for name in (
        "tol", "scale", "loss", "slope", "step",
        "low", "low_loss", "low_slope", "high", "high_loss", "high_slope",
    )]
    + [("products", np.float64, (_SLOTS,))]  # of the steps with the changes of the gradient
)  # fmt: skip
_jit = nb.njit(nogil=True, error_model="numpy", boundscheck=False)


@compiled
def _dot(a, b):
    widest_vectors()
    return dot(a, b)


@compiled
def _add(factor, x, y):
    """y += factor x."""
    widest_vectors()
    for i in range(x.size):
        y[i] += factor * x[i]


@compiled
def _all_within(x, tol):
    """Whether no entry is larger than tol."""
    widest_vectors()
    larger = np.int64(0)
    for i in range(x.size):
        larger += np.int64(not abs(x[i]) <= tol)
    return larger == 0


@compiled
def _move(x, step, d, theta):
    """theta = x + step d."""
    widest_vectors()
    for i in range(x.size):
        theta[i] = x[i] + step * d[i]


@compiled
def _differences(new, old, change):
    """change = new - old, and old becomes new."""
    widest_vectors()
    for i in range(new.size):
        change[i] = new[i] - old[i]
        old[i] = new[i]


@_jit
def _pair(k, vectors):
    """Step number k and the change of the gradient along it."""
    return vectors[4 + k % _SLOTS], vectors[4 + _SLOTS + k % _SLOTS]


@_jit
def _direct(state, vectors):
    """Point the direction to -H g, where H is the inverse curvature that the pairs tell."""
    g, d = vectors[1], vectors[2]
    first = max(0, state.pairs - _PAIRS)
    shares = np.empty(_PAIRS)
    d[:] = -g
    for k in range(state.pairs - 1, first - 1, -1):
        s, y = _pair(k, vectors)
        shares[k - first] = _dot(s, d) / state.products[k % _SLOTS]
        _add(-shares[k - first], y, d)
    d *= state.scale
    for k in range(first, state.pairs):
        s, y = _pair(k, vectors)
        _add(shares[k - first] - _dot(y, d) / state.products[k % _SLOTS], s, d)
    state.slope = _dot(g, d)


@_jit
def _search(state, theta, vectors):
    """Begin a search along the direction, or along the gradient if that one does not fall."""
    _direct(state, vectors)
    if not state.slope < 0.0:
        state.pairs = 0
        _direct(state, vectors)
    state.step, state.trials = 1.0, 0
    state.low, state.low_loss, state.low_slope, state.high = 0.0, state.loss, state.slope, np.inf
    _move(vectors[0], state.step, vectors[2], theta)


@_jit
def _is_good(loss, slope, state):
    """Whether a trial meets the strong Wolfe conditions; otherwise it narrows the interval that holds good steps."""
    falls = loss < state.low_loss and loss <= state.loss + _DECREASE * state.step * state.slope
    if not (falls and np.isfinite(slope)):
        state.high, state.high_loss, state.high_slope = state.step, loss, slope
        return False
    if abs(slope) <= -_CURVATURE * state.slope:
        return True
    if slope * (state.high - state.low) >= 0.0:
        state.high, state.high_loss, state.high_slope = state.low, state.low_loss, state.low_slope
    state.low, state.low_loss, state.low_slope = state.step, loss, slope
    return False


@_jit
def _cubic(a, loss_a, slope_a, b, loss_b, slope_b):
    """The minimum of the cubic with these values and slopes at a and b (Nocedal & Wright 3.59), or NaN."""
    t = slope_a + slope_b - 3.0 * (loss_a - loss_b) / (a - b)
    root = np.sqrt(t * t - slope_a * slope_b) * np.sign(b - a)
    return b - (b - a) * (slope_b + root - t) / (slope_b - slope_a + 2.0 * root)


@_jit
def _next_step(state):
    """The minimum of a cubic, well beyond the longest good step or well inside the interval."""
    if state.high == np.inf:
        guess = _cubic(0.0, state.loss, state.slope, state.low, state.low_loss, state.low_slope)
        near, far = 2.0 * state.low, 10.0 * state.low
        return near if guess < near else guess if guess < far else far
    width = state.high - state.low
    guess = _cubic(state.low, state.low_loss, state.low_slope, state.high, state.high_loss, state.high_slope)
    share = (guess - state.low) / width
    if not np.isfinite(share):  # nor is the loss at that end
        return state.low + 0.1 * width
    return state.low + min(max(share, 0.1), 0.9) * width


@_jit
def _is_enough(fall, state):
    """Whether the loss falls as much as it must in an iteration."""
    return fall > _LEAST_FALL * max(abs(state.loss), 1.0)


@_jit
def _has_hope(state):
    """Whether the search may go on and can, where the loss is convex, still gain enough."""
    return state.trials < _TRIALS and _is_enough(abs(state.low_slope * (state.high - state.low)), state)


@_jit
def _try_again(state, theta, vectors):
    """Try another step; or take the best of this search; or search along the gradient; or end where it is."""
    state.trials += 1
    if _has_hope(state):
        state.step = _next_step(state)
    elif _is_enough(state.loss - state.low_loss, state):
        state.step, state.trials = state.low, _TRIALS + 1
    elif state.pairs > 0:
        state.pairs = 0
        _search(state, theta, vectors)
    else:
        state.step, state.status = 0.0, CONVERGED
    _move(vectors[0], state.step, vectors[2], theta)


@_jit
def _accept(loss, theta, state, vectors):
    """Reach the trial point, learn from the step and see whether it is the last."""
    s, y = _pair(state.pairs, vectors)
    _differences(theta, vectors[0], s)
    _differences(vectors[3], vectors[1], y)
    product = _dot(s, y)
    if product > 0.0:
        state.products[state.pairs % _SLOTS] = product
        state.pairs += 1
        state.scale = product / _dot(y, y)
    fell = _is_enough(state.loss - loss, state)
    state.loss = loss
    state.iterations += 1
    if _all_within(vectors[1], state.tol) or not fell:
        state.status = CONVERGED
    elif state.iterations >= state.max_iter or state.evaluations > state.max_fun:
        state.status = LIMIT


@_jit
def _begin(loss, theta, state, vectors):
    """Note where it begins; the first step has the length 1."""
    vectors[0], vectors[1] = theta, vectors[3]
    length = np.sqrt(_dot(vectors[1], vectors[1]))
    state.loss, state.scale = loss, 1.0 / length
    if not np.isfinite(loss + length):
        state.status = NOT_FINITE
    elif _all_within(vectors[1], state.tol):
        state.status = CONVERGED


@_jit
def advance(loss, theta, grad, state, vectors):
    """Take the loss and gradient at ``theta`` and put the next point there, or the last if ``status`` says so."""
    state.evaluations += 1
    vectors[3] = grad
    if state.evaluations == 1:
        _begin(loss, theta, state, vectors)
    elif state.trials > _TRIALS or _is_good(loss, _dot(vectors[3], vectors[2]), state):
        _accept(loss, theta, state, vectors)
    else:
        _try_again(state, theta, vectors)
        return
    if state.status == SEARCHING:
        _search(state, theta, vectors)


@_jit
def advance_once(loss, theta, grad, memory, losses):
    """:func:`advance`, and put the loss of an iteration that it ends into ``losses``; return how many there are."""
    state, vectors = memory
    before = state[0].iterations
    advance(loss, borrowed(theta), borrowed(grad), state[0], borrowed(vectors))
    count = state[0].iterations - before
    losses[:count] = state[0].loss
    return count


@_jit
def advance_often(data, alpha, theta, grad, net, block, memory, losses):
    """As many evaluations as ``losses`` has room for, if it does not end before; return the number of iterations."""
    X, Y, w = data
    count = 0
    for _ in range(losses.size):
        loss = loss_and_gradient(X, Y, w, alpha, theta, grad, net, block)
        count += advance_once(loss, theta, grad, memory, losses[count:])
        if memory[0][0].status != SEARCHING:
            break
    return count


def memory(size: int, tol: float, max_iter: int, max_fun: int) -> tuple[Array, Array]:
    """The state and the vectors of a minimiser of so many numbers."""
    state = np.zeros(1, STATE).view(np.recarray)
    state.tol, state.max_iter, state.max_fun = tol, max_iter, max_fun
    return state, np.empty((4 + 2 * _SLOTS, size))
