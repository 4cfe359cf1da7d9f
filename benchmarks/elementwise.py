"""Value and derivative of the shared activations in float32: nonlin, torch forward + backward, JAX's vjp.

Then the value alone beside NumPy and SciPy, where they have the function. Run
``python benchmarks/elementwise.py [--sizes N...] [--threads N] [--turns N]``; README.md says what is measured.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from statistics import geometric_mean, median
from typing import Any, NamedTuple

from _timing import in_turns, keep_to, machine, many

SHARED = {  # nonlin's name: torch's in torch.nn.functional, JAX's in jax.nn
    "sigmoid": ("sigmoid", "sigmoid"), "tanh": ("tanh", "tanh"), "relu": ("relu", "relu"),
    "softplus": ("softplus", "softplus"), "silu": ("silu", "silu"), "mish": ("mish", "mish"),
    "gelu": ("gelu", "gelu"), "gelu_tanh": ("gelu", "gelu"), "elu": ("elu", "elu"), "selu": ("selu", "selu"),
    "celu": ("celu", "celu"), "softsign": ("softsign", "soft_sign"),
    "hard_swish": ("hardswish", "hard_swish"),
    "hard_sigmoid": ("hardsigmoid", "hard_sigmoid"), "hard_tanh": ("hardtanh", "hard_tanh"),
    "leaky_relu": ("leaky_relu", "leaky_relu"), "relu6": ("relu6", "relu6"),
}  # fmt: skip
TORCH_OPTIONS: dict[str, dict[str, Any]] = {"gelu_tanh": {"approximate": "tanh"}}
JAX_OPTIONS: dict[str, dict[str, Any]] = {"gelu": {"approximate": False}}
VALUES = {  # nonlin's name: the ufunc's, in NumPy or in SciPy
    "tanh": "numpy.tanh", "exponential": "numpy.exp", "arctan": "numpy.arctan", "sin": "numpy.sin", "cos": "numpy.cos",
    "absolute": "numpy.absolute", "sigmoid": "scipy.special.expit", "log_sigmoid": "scipy.special.log_expit",
    "erf": "scipy.special.erf",
}  # fmt: skip
OWN, PEERS = ("public", "out", "kernel", "fast"), ("torch", "JAX")
PAUSE = 0.02  # seconds, in which the threads of the library before stop spinning


class Times(NamedTuple):
    """Nanoseconds per element: of the median turn, and of the fastest, which other work disturbs least."""

    median: float
    fastest: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[6400, 10**6, 16 * 10**6], help="numbers in an array")
    parser.add_argument("--threads", type=int, default=1, help="processors for everyone (default 1)")
    parser.add_argument("--turns", type=int, default=7, help="timed turns each (default 7)")
    options = parser.parse_args()
    keep_to(options.threads)
    print(f"{machine()}\n{options.threads} thread(s) for everyone; median of {options.turns} turns")
    for size in options.sizes:
        compare(size, options.turns)


def compare(size: int, turns: int) -> None:
    import numpy as np

    x = np.random.default_rng(0).normal(scale=2, size=size).astype(np.float32)
    copied = nanoseconds({"copy": copy_call(x)}, size, turns)["copy"].median
    print(f"\n{size:,} elements, ns per element; copy {copied:.3f} ({8 / copied:.1f} GB/s)")
    print(f"{'':13s}" + "".join(f"{name:>9s}" for name in (*OWN, *PEERS)) + "  public: share of copy, times torch, JAX")
    rows = {name: row(name, x, copied, turns) for name in SHARED}
    for peer in PEERS:
        if find_spec(peer.lower()):
            report(rows, peer)
        else:
            print(f"  {peer} is not installed and was left out")
    compare_values(x, copied, turns)


def report(rows: dict[str, dict[str, Times]], peer: str) -> None:
    """Print the geometric means, and hold the public call against the bar: never slower, 3 times on the whole."""
    means = {own: [geometric_mean(r[peer][i] / r[own][i] for r in rows.values()) for i in (0, 1)] for own in OWN}
    print(f"  times {peer}, geometric mean of medians (of fastest turns): ", end="")
    print(", ".join(f"{own} {median:.2f} ({fastest:.2f})" for own, (median, fastest) in means.items()))
    if peer != "torch":
        return
    ratios = {name: [r[peer][i] / r["public"][i] for i in (0, 1)] for name, r in rows.items()}
    slower = [f"{name} {median:.2f} ({fastest:.2f})" for name, (median, fastest) in ratios.items() if median < 1]
    word = "pass" if not slower and means["public"][0] >= 3 else "FAIL"
    print(f"  public against torch: slower: {', '.join(slower) or 'none'}; bar 3 and never slower: {word}")


def compare_values(x: Any, copied: float, turns: int) -> None:
    """Compute the value alone: nonlin's public call beside NumPy's and SciPy's ufuncs."""
    print(f"{'value alone':13s}{'nonlin':>9s}{'ufunc':>9s}  share of copy, times the ufunc")
    ratios = []
    for name, path in VALUES.items():
        times = nanoseconds(value_calls(name, path, x), x.size, turns)
        ours, theirs = times["nonlin"].median, times["ufunc"].median
        ratios.append(theirs / ours)
        print(f"{name:13s}{ours:9.3f}{theirs:9.3f}  {copied / ours:.0%}, {ratios[-1]:.1f} {path}")
    print(f"  value alone, geometric mean: {geometric_mean(ratios):.2f} times NumPy and SciPy")


def value_calls(name: str, path: str, x: Any) -> dict[str, Callable[[], Any]]:
    import numpy as np

    from nonlin import get

    home, function = path.rsplit(".", 1)
    ours, theirs = get(name), getattr(import_module(home), function)
    np.testing.assert_allclose(ours(x), theirs(x), rtol=1e-5, atol=1e-6, err_msg=name)
    return {"nonlin": lambda: ours(x), "ufunc": lambda: theirs(x)}


def row(name: str, x: Any, copied: float, turns: int) -> dict[str, Times]:
    times = nanoseconds(own_calls(name, x) | peer_calls(name, x), x.size, turns)
    public = times["public"].median
    share = 12 / 8 * copied / public  # 4 bytes in, 8 out
    cells = "".join(f"{times[c].median:9.3f}" if c in times else f"{'-':>9s}" for c in (*OWN, *PEERS))
    ratios = ", ".join(f"{times[p].median / public:.1f}" for p in PEERS if p in times)
    print(f"{name:13s}{cells}  {share:.0%}, {ratios}", flush=True)
    return times


def nanoseconds(calls: dict[str, Callable[[], Any]], size: int, turns: int) -> dict[str, Times]:
    repeated = {name: many(call) for name, call in calls.items()}
    taken = in_turns({name: call for name, (call, _) in repeated.items()}, turns, PAUSE)
    unit = {name: 1e9 / count / size for name, (_, count) in repeated.items()}
    return {name: Times(median(t) * unit[name], t[0] * unit[name]) for name, t in taken.items()}


def copy_call(x: Any) -> Callable[[], Any]:
    import numpy as np

    room = np.empty_like(x)
    return lambda: np.copyto(room, x)


def own_calls(name: str, x: Any) -> dict[str, Callable[[], Any]]:
    """Call the public method, for new arrays and for given ones, and the kernels (their copy of x counts)."""
    import numpy as np

    from nonlin import get
    from nonlin.backends.numba import run

    activation, value, slope = get(name), np.empty_like(x), np.empty_like(x)

    def kernel(variant: str) -> Callable[[], Any]:
        address, params = activation.kernel_address(variant), activation.kernel_params

        def call() -> None:
            np.copyto(value, x)
            run(address, value, slope, params)

        return call

    return {
        "public": lambda: activation.value_and_derivative(x),
        "out": lambda: activation.value_and_derivative(x, out=(value, slope)),
        "kernel": kernel("float32"),
        "fast": kernel("fast"),
    }


def peer_calls(name: str, x: Any) -> dict[str, Callable[[], Any]]:
    """Call the installed peers, each checked to compute the same function and derivative."""
    import numpy as np

    from nonlin import get

    makers = {"torch": torch_call, "JAX": jax_call}
    calls = {peer: make(name, x) for peer, make in makers.items() if find_spec(peer.lower())}
    for peer, call in calls.items():
        for ours, theirs in zip(get(name).value_and_derivative(x), call(), strict=True):
            np.testing.assert_allclose(np.asarray(theirs), ours, rtol=1e-3, atol=1e-4, err_msg=f"{name}, {peer}")
    return calls


def torch_call(name: str, x: Any) -> Callable[[], Any]:
    """Run forward and backward in eager mode."""
    import torch

    function = getattr(torch.nn.functional, SHARED[name][0])
    options, inputs = TORCH_OPTIONS.get(name, {}), torch.from_numpy(x).requires_grad_()
    ones = torch.ones_like(inputs)

    def call() -> Any:
        value = function(inputs, **options)
        (slope,) = torch.autograd.grad(value, inputs, ones)
        return value.detach(), slope

    return call


def jax_call(name: str, x: Any) -> Callable[[], Any]:
    """Compile the value and the vector-Jacobian product into one function."""
    import jax
    import jax.numpy as jnp

    options = JAX_OPTIONS.get(name, {})
    inputs, ones = jnp.asarray(x), jnp.ones(x.shape, jnp.float32)

    @jax.jit
    def both(v: Any, cotangent: Any) -> Any:
        value, pull_back = jax.vjp(lambda u: getattr(jax.nn, SHARED[name][1])(u, **options), v)
        return value, pull_back(cotangent)[0]

    return lambda: jax.block_until_ready(both(inputs, ones))


if __name__ == "__main__":
    main()
