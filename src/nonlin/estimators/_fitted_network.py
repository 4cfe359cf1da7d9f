"""A network that has been fitted: its weights, and what they make of rows."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted

from nonlin.activation import Activation
from nonlin.errors import InputError, bad_value
from nonlin.estimators._base import Array, Estimator
from nonlin.estimators._collapse import LinearMap, collapse
from nonlin.estimators._mlp_input import check_inputs, dense_blocks, net_inputs
from nonlin.nn import network as nn
from nonlin.nn.layout import Layout
from nonlin.nn.losses import LOSSES


class FittedNetwork(Estimator):
    """The abstract base of estimators whose fit leaves a network."""

    coefs_: list[Array]
    intercepts_: list[Array]
    activations_: tuple[Activation, ...]

    @property
    def _theta(self) -> Array:
        """All weights and biases in one buffer, as :class:`~nonlin.nn.layout.Layout` lays them out."""
        layers = zip(self.coefs_, self.intercepts_, strict=True)
        return np.concatenate([np.ravel(part) for layer in layers for part in layer])

    def _network(self) -> nn.Network:
        """The fitted network, from the arrays as they are now: the compiled code trusts their shapes."""
        layout = Layout((self.n_features_in_, *(len(b) for b in self.intercepts_)))
        shapes = [W.shape for W in self.coefs_]
        fits = shapes == list(pairwise(layout.widths)) and self._theta.size == layout.size
        if not fits or len(self.activations_) != len(shapes) - 1:
            raise InputError("coefs_, intercepts_ and activations_ do not fit together; fit the model again")
        dtype = np.float32 if self.coefs_[0].dtype == np.float32 else np.float64
        return nn.Network(layout, self.activations_, "squared_error", dtype)  # which loss, prediction never asks

    def net_input(self, X: Any) -> Array:
        """The net input z of the output layer: (n, n_outputs)."""
        check_is_fitted(self)
        X = check_inputs(self, X)
        network = self._network()
        return net_inputs(network, self._theta.astype(network.dtype), X)

    def transform_hidden(self, X: Any, layer: int = -1) -> Array:
        """The signals φ(z) of a hidden layer: (n, units).

        Parameters
        ----------
        X : (n, n_features)
        layer : int, default -1
            The hidden layer, counted from 0, or from the last one by negative numbers.

        Raises
        ------
        InputError
            There is no such hidden layer.
        """
        check_is_fitted(self)
        X, network, layers = check_inputs(self, X), self._network(), len(self.activations_)
        if isinstance(layer, bool) or not isinstance(layer, int | np.integer) or not -layers <= layer < layers:
            raise bad_value(
                "layer", f"the number of one of the {layers} hidden layers, from {-layers} to {layers - 1}", layer
            )
        theta = self._theta.astype(network.dtype)
        return np.concatenate([nn.hidden(network, theta, part)[layer][0] for part in dense_blocks(X, network.dtype)])

    def collapse(self) -> LinearMap:
        """The one linear map z = x W + b of a network that does not bend; without hidden layers, its only layer.

        Raises
        ------
        InputError
            An activation bends, so that no linear map computes the same.
        """
        check_is_fitted(self)
        return collapse(self.coefs_, self.intercepts_, self.activations_)


def fitted_attributes(network: nn.Network, theta: Array) -> dict[str, Any]:
    """The attributes of an estimator that hold a network with these parameters."""
    return {
        "coefs_": network.layout.weights(theta), "intercepts_": network.layout.biases(theta),
        "activations_": network.fitted_activations(theta), "out_activation_": LOSSES[network.loss].output,
        "n_layers_": len(network.layout.widths), "n_outputs_": network.layout.widths[-1],
    }  # fmt: skip
