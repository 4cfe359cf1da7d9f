"""What there is to draw of a model: its layers of units, the weights between them, and how it decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from nonlin import catalogue
from nonlin.data._plane import Floats
from nonlin.errors import bad_value
from nonlin.plots import _style

SOFTMAX = "softmax"
# The activation of scikit-learn's linear classifiers without probabilities; those of nonlin name their own.
LINEAR = {
    "Perceptron": "unit_step",
    "LinearSVC": "piecewise_linear",
    "SVC": "piecewise_linear",
    "NuSVC": "piecewise_linear",
}
KERNELS = {"rbf": "gaussian", "sigmoid": "tanh", "poly": "z**3"}


@dataclass(frozen=True)
class Network:
    """A model as a network: a linear model is one without hidden layers."""

    inputs: tuple[str, ...]
    sizes: tuple[int, ...]  # units of each layer: inputs, hidden layers, outputs
    links: tuple[Floats | None, ...]  # (1 + fan-in, fan-out), biases first; None where no weight is to be shown
    hidden: tuple[Any, ...]  # the activation of each hidden layer
    output: Any  # the activation of the outputs, or SOFTMAX
    decision: str  # "unit step", "largest", or "" for a number
    answers: tuple[str, ...]  # the labels, or a name for each predicted number
    units: str = "units"


def read(model: Any, feature_names: Sequence[str] | None) -> Network:
    """Read the network out of a fitted linear model, support vector machine or multilayer perceptron."""
    check_is_fitted(model)
    last = _style.last_step(model)
    if hasattr(last, "coefs_"):
        links, hidden = _layers(last), _hidden(last)
    elif getattr(last, "kernel", "linear") != "linear" and hasattr(last, "dual_coef_"):
        return _kernel_machine(model, last, feature_names)
    elif hasattr(last, "coef_"):
        links, hidden = (_link(np.atleast_2d(last.coef_).T, last.intercept_),), ()
    else:
        rule = "a linear model, a support vector machine or a multilayer perceptron"
        raise bad_value("model", rule, type(last).__name__)
    sizes = (len(links[0]) - 1, *(link.shape[1] for link in links))
    answers, decision = _answers(last, sizes[-1])
    inputs = _inputs(model, last, feature_names, sizes[0])
    return Network(inputs, sizes, links, hidden, _output(last, sizes[-1]), decision, answers)


def _link(weights: Any, biases: Any) -> Floats:
    table = np.asarray(weights, dtype=float)
    return np.vstack([np.broadcast_to(np.asarray(biases, dtype=float), table.shape[1]), table])


def _layers(last: Any) -> tuple[Floats, ...]:
    return tuple(_link(w, b) for w, b in zip(last.coefs_, last.intercepts_, strict=True))


def _hidden(last: Any) -> tuple[Any, ...]:
    named = getattr(last, "activations_", None) or [last.activation] * (len(last.coefs_) - 1)
    return tuple(catalogue.get(a) for a in named)


def _output(last: Any, outputs: int) -> Any:
    named = getattr(last, "out_activation_", None)
    if named is None and hasattr(last, "predict_proba"):
        named = "logistic" if outputs == 1 else SOFTMAX
    if named is None and hasattr(last, "classes_"):
        named = getattr(last, "activation", LINEAR.get(type(last).__name__))
    return SOFTMAX if named == SOFTMAX else catalogue.get(named or "identity")


def _answers(last: Any, outputs: int) -> tuple[tuple[str, ...], str]:
    classes = getattr(last, "classes_", None)
    if classes is None:
        return ("ŷ",) if outputs == 1 else tuple(f"ŷ{k + 1}" for k in range(outputs)), ""
    labels = tuple(str(c) for c in classes)
    multilabel = getattr(last, "out_activation_", None) == "logistic"
    return labels, "unit step" if outputs == 1 or multilabel else "largest"


def _kernel_machine(model: Any, last: Any, feature_names: Sequence[str] | None) -> Network:
    """Read a machine whose hidden units compare the input with support vectors: no input weights to show."""
    vectors, features = (
        last.shape_fit_[0] if last.kernel == "precomputed" else len(last.support_),
        last.n_features_in_,
    )
    pairs = np.size(last.intercept_)
    dual = np.asarray(last.dual_coef_, dtype=float) if pairs == 1 and not hasattr(last.dual_coef_, "nnz") else None
    link = None if dual is None else _link(dual.T, last.intercept_)
    answers, decision = _answers(last, pairs)
    kernel = last.kernel if isinstance(last.kernel, str) else ""
    hidden = (catalogue.get(KERNELS.get(kernel, "identity")),)
    inputs = _inputs(model, last, feature_names, features)
    sizes = (features, vectors, pairs)
    decision = "most votes" if decision == "largest" else decision
    return Network(inputs, sizes, (None, link), hidden, _output(last, 1), decision, answers, "support vectors")


def _inputs(model: Any, last: Any, names: Sequence[str] | None, n: int) -> tuple[str, ...]:
    if names is not None:
        if len(names) != n:
            raise bad_value("feature_names", f"{n} names, one for each input", f"{len(names)} names")
        return tuple(str(name) for name in names)
    found = getattr(last, "feature_names_in_", None)
    if found is None and last is not model:
        found = _names_behind(model)
    return (
        tuple(str(f) for f in found) if found is not None and len(found) == n else tuple(f"x{j + 1}" for j in range(n))
    )


def _names_behind(model: Any) -> Any:
    """Names of the columns that a pipeline hands to its last step, where its steps know them."""
    pipeline = getattr(model, "best_estimator_", model)
    try:
        return pipeline[:-1].get_feature_names_out()
    except (AttributeError, TypeError, ValueError):
        return None
