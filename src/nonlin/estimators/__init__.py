"""The estimators, in scikit-learn's conventions, all on the same net input and activations."""

from nonlin.estimators._adaline import Adaline
from nonlin.estimators._linear import LinearRegression
from nonlin.estimators._logistic import LogisticRegression
from nonlin.estimators._mlp_models import MLPClassifier, MLPRegressor
from nonlin.estimators._perceptron import Perceptron
from nonlin.estimators._persistence import load, save
from nonlin.estimators._support_vector import LinearSVC

__all__ = [
    "Adaline",
    "LinearRegression",
    "LinearSVC",
    "LogisticRegression",
    "MLPClassifier",
    "MLPRegressor",
    "Perceptron",
    "load",
    "save",
]
