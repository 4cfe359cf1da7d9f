"""The checks of the multilayer perceptrons' parameters."""

from __future__ import annotations

from typing import Any

import numpy as np

from nonlin.errors import InputError, bad_value
from nonlin.estimators._checks import check_choice, check_integer, check_real, check_switch
from nonlin.nn.initialisers import INITIALISERS
from nonlin.nn.losses import public_names
from nonlin.nn.optimisers import OPTIMISERS
from nonlin.nn.schedules import SCHEDULES

_AT_LEAST_0 = ("alpha", "tol", "power_t")
_SHARES = ("beta_1", "beta_2", "dropout")
_COUNTS = ("max_iter", "max_fun")
_SWITCHES = ("shuffle", "nesterovs_momentum", "early_stopping", "warm_start", "activation_trainable")
_OF_A_LOSS = {"label_smoothing": (0, 1), "focal_gamma": (0, np.inf), "huber_delta": (0, np.inf), "quantile": (0, 1)}


def check_parameters(model: Any, *, classes: bool) -> None:
    """Refuse the first parameter that breaks its rule.

    Raises
    ------
    InputError
    """
    check_choice("loss", model.loss, public_names(classes=classes))
    check_choice("solver", model.solver, (*OPTIMISERS, "lbfgs"))
    check_choice("learning_rate", model.learning_rate, tuple(SCHEDULES))
    check_choice("init", model.init, tuple(INITIALISERS))
    _check_numbers(model)
    for name in _SWITCHES:
        check_switch(name, getattr(model, name))
    if not isinstance(model.verbose, bool | int | np.integer):
        raise bad_value("verbose", "True, False or an integer", model.verbose)
    _check_functions(model)
    if model.l1_ratio and model.solver not in ("adam", "sgd"):
        raise InputError(
            f"l1_ratio must be 0 with solver={model.solver!r}, which has no such penalty; take solver='adam' or 'sgd'"
        )
    if model.dropout and model.solver == "lbfgs":
        raise InputError(
            "dropout must be 0 with solver='lbfgs', whose steps compare losses; take solver='adam' for dropout"
        )


def _check_numbers(model: Any) -> None:
    check_integer("batch_size", model.batch_size, 1, word="auto")
    check_real("learning_rate_init", model.learning_rate_init, 0, closed=False, word="auto")
    for name in _COUNTS:
        check_integer(name, getattr(model, name), 1)
    if model.n_iter_no_change != np.inf:
        check_integer("n_iter_no_change", model.n_iter_no_change, 1)
    check_integer("warmup_epochs", model.warmup_epochs, 0)
    for name in _AT_LEAST_0:
        check_real(name, getattr(model, name), 0)
    for name in _SHARES:
        check_real(name, getattr(model, name), 0, 1)
    for name in ("momentum", "l1_ratio"):
        if getattr(model, name) != 1:
            check_real(name, getattr(model, name), 0, 1)
    check_real("epsilon", model.epsilon, 0, closed=False)
    if model.clip_norm is not None:
        check_real("clip_norm", model.clip_norm, 0, closed=False)
    if model.early_stopping or model.validation_fraction != 0:
        check_real("validation_fraction", model.validation_fraction, 0, 1, closed=False)
    for name, (low, high) in _OF_A_LOSS.items():
        if hasattr(model, name):
            check_real(name, getattr(model, name), low, high, closed=name in ("label_smoothing", "focal_gamma"))


def _check_functions(model: Any) -> None:
    if not (model.scoring is None or isinstance(model.scoring, str) or callable(model.scoring)):
        raise bad_value("scoring", "None, 'loss', a scorer's name or a callable", model.scoring)
    callbacks = model.callbacks or ()
    if not isinstance(callbacks, list | tuple) or not all(callable(c) for c in callbacks):
        raise bad_value("callbacks", "a list of functions of an epoch's record", model.callbacks)
