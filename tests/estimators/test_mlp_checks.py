"""Every bad parameter of a multilayer perceptron is refused in one line."""

from typing import Any

import numpy as np
import pytest

import nonlin as nl
from nonlin.errors import InputError

X, Y = np.linspace(-1, 1, 20).reshape(-1, 1), np.arange(20) % 2
MLP, NUMBERS = nl.MLPClassifier, nl.MLPRegressor
LAYERS = "hidden_layer_sizes must be positive integers, one a hidden layer, got"
WHAT = "activation must be a name, a formula in z, an Activation, or a list of these, got"
SCORING = "scoring must be None, 'loss', a scorer's name or a callable, got"
POSITIVE, AT_LEAST_0, SHARE = "a number in (0, inf)", "a number in [0, inf)", "a number in [0, 1)"
CLASS_LOSSES = "'log_loss', 'focal', 'hinge'"
NUMBER_LOSSES = "'squared_error', 'absolute_error', 'huber', 'quantile', 'poisson'"
BAD: list[tuple[Any, str]] = [
    (MLP(0), f"{LAYERS} 0"),
    (MLP((5, 2.5)), f"{LAYERS} (5, 2.5)"),
    (MLP("ten"), f"{LAYERS} 'ten'"),
    (MLP((5, True)), f"{LAYERS} (5, True)"),
    (MLP(activation=np.tanh), f"{WHAT} <ufunc 'tanh'>"),
    (MLP((5, 5), ["tanh"]), "activation must be one entry for each of the 2 hidden layers, got ['tanh']"),
    (MLP(activation="tanhh"), "unknown activation 'tanhh'; did you mean 'tanh' or 'stanh' or 'tanhshrink'? "
     f"nonlin.names() lists all {len(nl.names())}, and a formula in z will do"),
    (MLP(activation="z*foo(z)"), "formula: unknown function 'foo' at character 3: 'z*foo(z)'"),
    (MLP(solver="rmsprop"), "solver must be one of 'sgd', 'adam', 'adamw', 'lbfgs', got 'rmsprop'"),
    (MLP(solver=["adam"]), "solver must be one of 'sgd', 'adam', 'adamw', 'lbfgs', got ['adam']"),
    (MLP(alpha=-1e-4), f"alpha must be {AT_LEAST_0}, got -0.0001"),
    (MLP(batch_size=0), "batch_size must be 'auto' or an integer of at least 1, got 0"),
    (MLP(batch_size="all"), "batch_size must be 'auto' or an integer of at least 1, got 'all'"),
    (MLP(learning_rate="fast"), "learning_rate must be one of 'constant', 'invscaling', 'adaptive', 'cosine', "
     "'one_cycle', got 'fast'"),
    (MLP(learning_rate_init=0), f"learning_rate_init must be 'auto' or {POSITIVE}, got 0"),
    (MLP(power_t=-1), f"power_t must be {AT_LEAST_0}, got -1"),
    (MLP(max_iter=-1), "max_iter must be an integer of at least 1, got -1"),
    (MLP(shuffle="yes"), "shuffle must be True or False, got 'yes'"),
    (MLP(tol=-1), f"tol must be {AT_LEAST_0}, got -1"),
    (MLP(momentum=1.1), f"momentum must be {SHARE}, got 1.1"),
    (MLP(nesterovs_momentum=0), "nesterovs_momentum must be True or False, got 0"),
    (MLP(early_stopping="on"), "early_stopping must be True or False, got 'on'"),
    (MLP(early_stopping=True, scoring="acuracy"), f"{SCORING} 'acuracy'"), (MLP(scoring=3), f"{SCORING} 3"),
    (MLP(validation_fraction=1), "validation_fraction must be a number in (0, 1), got 1"),
    (MLP(beta_1=1.5), f"beta_1 must be {SHARE}, got 1.5"),
    (MLP(beta_2=-0.1), f"beta_2 must be {SHARE}, got -0.1"),
    (MLP(epsilon=0), f"epsilon must be {POSITIVE}, got 0"),
    (MLP(n_iter_no_change=0), "n_iter_no_change must be an integer of at least 1, got 0"),
    (MLP(max_fun=0), "max_fun must be an integer of at least 1, got 0"),
    (MLP(warm_start=None), "warm_start must be True or False, got None"),
    (MLP(loss="squared_error"), f"loss must be one of {CLASS_LOSSES}, got 'squared_error'"),
    (NUMBERS(loss="log_loss"), f"loss must be one of {NUMBER_LOSSES}, got 'log_loss'"),
    (NUMBERS(loss="poisson"), "y must be at least 0 for loss='poisson', got -1.0"),
    (NUMBERS(quantile=0), "quantile must be a number in (0, 1), got 0"),
    (NUMBERS(huber_delta=0), f"huber_delta must be {POSITIVE}, got 0"),
    (MLP(focal_gamma=-1), f"focal_gamma must be {AT_LEAST_0}, got -1"),
    (MLP(label_smoothing=1), f"label_smoothing must be {SHARE}, got 1"),
    (MLP(class_weight="fair"), "class_weight must be None, 'balanced' or a dict of weights, got 'fair'"),
    (MLP(l1_ratio=2), f"l1_ratio must be {SHARE}, got 2"),
    (MLP(l1_ratio=0.5, solver="adamw"), "l1_ratio must be 0 with solver='adamw', which has no such penalty; "
     "take solver='adam' or 'sgd'"),
    (MLP(dropout=1), f"dropout must be {SHARE}, got 1"),
    (MLP(dropout=0.5, solver="lbfgs"), "dropout must be 0 with solver='lbfgs', whose steps compare losses; "
     "take solver='adam' for dropout"),
    (MLP(clip_norm=0), f"clip_norm must be {POSITIVE}, got 0"),
    (MLP(warmup_epochs=-1), "warmup_epochs must be an integer of at least 0, got -1"),
    (MLP(init="zeros"), "init must be one of 'auto', 'glorot', 'he', 'lecun', 'orthogonal', 'lsuv', got 'zeros'"),
    (MLP(verbose="yes"), "verbose must be True, False or an integer, got 'yes'"),
    (MLP(callbacks=print), "callbacks must be a list of functions of an epoch's record, got <built-in function print>"),
    (MLP(activation_trainable=1), "activation_trainable must be True or False, got 1"),
]  # fmt: skip


@pytest.mark.parametrize(("model", "message"), BAD)
def test_bad_parameters(model: Any, message: str) -> None:
    with pytest.raises(InputError) as caught:
        model.fit(X, Y - 1 if message.startswith("y must") else Y)
    assert str(caught.value) == message
