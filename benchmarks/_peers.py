"""The contenders of the training benchmark: a call trains anew and returns P(y = 1) of all rows.

The peers are given their best: scikit-learn runs in float32 and in float64, JAX draws the order of the rows with
its own generator and with NumPy's, and neither torch nor JAX keeps a loss curve or has a penalty, which nonlin and
scikit-learn do.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Trainer = Callable[[], Array]


@dataclass(frozen=True)
class Job:
    """One network on one table: float32 inputs, logistic hidden units, binary cross-entropy, Adam."""

    name: str
    X: Array
    y: Array
    hidden: tuple[int, ...]
    batch: int
    epochs: int
    rate: float
    bars: dict[str, float]

    @property
    def steps(self) -> int:
        """The steps of one training; the last batch of an epoch may be short."""
        return self.epochs * -(-len(self.X) // self.batch)

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """The shape of each layer's weights."""
        return list(pairwise((self.X.shape[1], *self.hidden, 1)))

    def options(self) -> dict[str, Any]:
        """Give the settings nonlin's and scikit-learn's names; no rule stops the training early."""
        return {
            "hidden_layer_sizes": self.hidden, "activation": "logistic", "batch_size": self.batch,
            "learning_rate_init": self.rate, "max_iter": self.epochs, "tol": 0.0, "n_iter_no_change": 10**9,
            "random_state": 0,
        }  # fmt: skip


def contenders(job: Job) -> dict[str, Trainer]:
    """All that are installed."""
    found = {"nonlin": nonlin_fit(job), "nonlin, engine only": nonlin_engine(job)}
    found |= {f"scikit-learn {t.__name__}": sklearn_fit(job, t) for t in (np.float32, np.float64)}
    if find_spec("torch"):
        found["torch"] = torch_eager(job)
    if find_spec("jax") and find_spec("optax"):
        found |= {"JAX": jax_scan(job, own_order=True), "JAX, NumPy's order": jax_scan(job, own_order=False)}
    return found


def _fit(job: Job, model: Any, X: Array) -> Array:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # neither is meant to converge
        model.fit(X, job.y)
    if model.n_iter_ != job.epochs:
        raise RuntimeError(f"{type(model).__module__} ran {model.n_iter_} epochs of {job.epochs}")
    return np.asarray(model.predict_proba(X)[:, 1])


def nonlin_fit(job: Job) -> Trainer:
    """Fit the public estimator, with all its checks."""
    from nonlin import MLPClassifier

    return lambda: _fit(job, MLPClassifier(**job.options()), job.X)


def nonlin_engine(job: Job) -> Trainer:
    """Run the trainer alone, on arrays that are ready for it."""
    from nonlin import get
    from nonlin.nn.initialisers import initial
    from nonlin.nn.layout import Layout
    from nonlin.nn.network import Network, forward
    from nonlin.nn.recipe import Data, Recipe, start
    from nonlin.nn.trainer import run_epochs

    sigmoids, layout = (get("logistic"),) * len(job.hidden), Layout((job.X.shape[1], *job.hidden, 1))
    network = Network(layout, sigmoids, "binary_cross_entropy", np.float32)
    data = Data(job.X, job.y.reshape(-1, 1).astype(np.float32), np.ones(len(job.X), np.float32))
    options = {k: v for k, v in job.options().items() if k in Recipe.__dataclass_fields__}
    recipe = Recipe(**options)
    theta = initial("auto", layout, [a.gain for a in sigmoids], np.random.default_rng(0))

    def train() -> Array:
        training = start(network, theta, recipe)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            run_epochs(training, data, recipe, np.random.RandomState(0))
        return 1 / (1 + np.exp(-forward(network, training.theta, job.X)[:, 0]))

    return train


def sklearn_fit(job: Job, dtype: Any) -> Trainer:
    from sklearn.neural_network import MLPClassifier

    X = job.X.astype(dtype)
    return lambda: _fit(job, MLPClassifier(**job.options()), X)


def torch_eager(job: Job) -> Trainer:
    """Train in eager mode with the fused Adam."""
    import torch

    X, y = torch.from_numpy(job.X), torch.from_numpy(job.y.astype(np.float32))
    loss = torch.nn.BCEWithLogitsLoss()

    def train() -> Array:
        torch.manual_seed(0)
        layers = [layer for shape in job.shapes for layer in (torch.nn.Linear(*shape), torch.nn.Sigmoid())]
        network = torch.nn.Sequential(*layers[:-1])
        optimiser = torch.optim.Adam(network.parameters(), lr=job.rate, fused=True)
        for _ in range(job.epochs):
            for rows in torch.randperm(len(X)).split(job.batch):
                optimiser.zero_grad()
                loss(network(X[rows]).squeeze(-1), y[rows]).backward()
                optimiser.step()
        with torch.no_grad():
            return np.asarray(torch.sigmoid(network(X)).squeeze(-1).numpy())

    return train


def jax_scan(job: Job, *, own_order: bool) -> Trainer:
    """Train with one compiled call an epoch: a scan over the batches, then the short last batch."""
    import jax
    import jax.numpy as jnp
    import optax

    X, y, n = jnp.asarray(job.X), jnp.asarray(job.y, jnp.float32), len(job.X)
    whole, optimiser = n - n % job.batch, optax.adam(job.rate)

    def net_input(p: Any, x: Any) -> Any:
        for W, b in p[:-1]:
            x = jax.nn.sigmoid(x @ W + b)
        return (x @ p[-1][0] + p[-1][1])[:, 0]

    def step(carry: Any, rows: Any) -> Any:
        p, state = carry
        gradient = jax.grad(lambda p: optax.sigmoid_binary_cross_entropy(net_input(p, X[rows]), y[rows]).mean())(p)
        updates, state = optimiser.update(gradient, state, p)
        return (optax.apply_updates(p, updates), state), None

    @jax.jit
    def epoch(carry: Any, source: Any) -> Any:
        order = jax.random.permutation(source, n) if own_order else source
        carry, _ = jax.lax.scan(step, carry, order[:whole].reshape(-1, job.batch))
        return step(carry, order[whole:])[0] if whole < n else carry

    def train() -> Array:
        rng = np.random.RandomState(0)
        weights = [rng.normal(size=shape) / np.sqrt(shape[0]) for shape in job.shapes]
        p = [(jnp.asarray(W, jnp.float32), jnp.zeros(W.shape[1], jnp.float32)) for W in weights]
        carry = p, optimiser.init(p)
        keys = jax.random.split(jax.random.key(0), job.epochs) if own_order else None
        for e in range(job.epochs):
            carry = epoch(carry, rng.permutation(n) if keys is None else keys[e])
        return np.asarray(jax.nn.sigmoid(net_input(carry[0], X)))

    return train
