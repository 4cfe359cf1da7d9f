"""What other libraries call each function, and the defaults that they disagree on."""

import pickle

import numpy as np
import pytest
import scipy.special as special

import nonlin

LIBRARIES = {
    "PyTorch": "ELU Hardshrink Hardsigmoid Hardtanh Hardswish LeakyReLU LogSigmoid PReLU ReLU ReLU6 SELU CELU GELU "
    "Sigmoid SiLU Mish Softplus Softshrink Softsign Tanh Tanhshrink Threshold",
    "jax.nn": "relu relu6 sigmoid softplus sparse_plus sparse_sigmoid soft_sign silu swish mish log_sigmoid leaky_relu "
    "hard_sigmoid hard_silu hard_swish hard_tanh elu celu selu gelu squareplus identity tanh",
    "Flax": "PReLU",
    "Keras 3": "celu elu exponential gelu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu linear "
    "log_sigmoid mish relu relu6 selu sigmoid silu swish soft_shrink softplus softsign sparse_plus sparse_sigmoid "
    "squareplus tanh tanh_shrink threshold",
    "TensorFlow Addons": "gelu hardshrink lisht mish snake softshrink tanhshrink TLU",
    "timm": "swish mish sigmoid tanh hard_swish hard_sigmoid hard_mish prelu gelu gelu_tanh quick_gelu relu relu6",
    "Hugging Face": "gelu gelu_10 gelu_fast gelu_new gelu_python gelu_python_tanh gelu_pytorch_tanh gelu_accurate "
    "hardswish laplace leaky_relu linear mish quick_gelu relu relu2 relu6 sigmoid silu swish tanh prelu xielu "
    "sqrtsoftplus",
    "ONNX": "Celu Elu Gelu HardSigmoid HardSwish LeakyRelu Mish PRelu Relu Selu Shrink Sigmoid Softplus Softsign Swish "
    "Tanh ThresholdedRelu Erf ScaledTanh",
    "NNlib": "celu elu gelu gelu_erf gelu_sigmoid gelu_tanh hardsigmoid hardswish hardtanh leakyrelu lisht logcosh "
    "logsigmoid mish relu relu6 selu sigmoid sigmoid_fast softplus softshrink softsign swish tanhshrink tanh_fast "
    "trelu",
    "MXNet": "relu sigmoid log_sigmoid mish tanh softrelu softsign elu gelu gelu_erf gelu_tanh selu leaky_relu prelu",
    "Paddle": "celu elu gelu hardshrink hardsigmoid hardswish hardtanh leaky_relu log_sigmoid mish prelu relu relu6 "
    "selu sigmoid silu softplus softshrink softsign stanh swish tanh tanhshrink thresholded_relu",
    "mlpack": "bipolar_sigmoid elish elliot elu gaussian gcu gelu gelu_exact hard_sigmoid hard_swish hard_tanh "
    "hardshrink hyper_sinh identity inverse_quadratic isrlu isru leaky_relu lisht logistic mish multi_quadratic "
    "poisson1 quadratic rectifier selu shifted_softplus silu softplus softshrink softsign sqnl swish tanh_exp tanh "
    "tanhshrink ftswish flexible_relu celu relu6",
    "FANN": "linear step sigmoid sigmoid_stepwise sigmoid_symmetric sigmoid_symmetric_stepwise gaussian "
    "gaussian_symmetric elliot elliot_symmetric linear_piece linear_piece_symmetric linear_piece_rect "
    "linear_piece_rect_leaky sin_symmetric cos_symmetric fann_sin fann_cos sin cos",
    "scikit-learn": "identity logistic tanh relu",
}

THEIRS_MEANS = {
    "Hardshrink": "hard_shrink", "Shrink": "hard_shrink", "Threshold": "thresholded_relu", "TLU": "tlu",
    "ScaledTanh": "scaled_tanh", "stanh": "scaled_tanh", "relu2": "relu_squared", "trelu": "thresholded_relu",
    "gelu_sigmoid": "gelu_tanh", "gelu_fast": "gelu_tanh", "softrelu": "softplus", "hard_silu": "hard_swish",
    "elliot_symmetric": "softsign", "elliot": "elliott", "sigmoid_symmetric": "tanh", "linear_piece": "saturating_linear",
    "linear_piece_symmetric": "hard_tanh", "sin_symmetric": "sin", "fann_sin": "raised_sine", "logsigmoid": "log_sigmoid",
    "gelu_exact": "gelu", "multi_quadratic": "multiquadratic",
}  # fmt: skip


@pytest.mark.parametrize("library", LIBRARIES)
def test_every_elementwise_function_of_the_library_is_found(library):
    assert all(nonlin.get(name).name in nonlin.names() for name in LIBRARIES[library].split())


@pytest.mark.parametrize(("theirs", "ours"), THEIRS_MEANS.items())
def test_which_function_a_foreign_name_means(theirs, ours):
    assert nonlin.get(theirs).name == ours


DEFAULTS = {
    "hard_sigmoid": [("PyTorch, JAX, Keras 3, Paddle, timm, NNlib", "slope 1/6"), ("ONNX HardSigmoid", "slope 0.2")],
    "leaky_relu": [("PyTorch", "alpha 0.01"), ("Keras function", "alpha 0.2"), ("Keras layer", "alpha 0.3"),
                   ("MXNet", "alpha 0.25")],
    "prelu": [("PyTorch, MXNet", "alpha 0.25"), ("Flax", "alpha 0.01")],
    "gelu": [("PyTorch", "exact"), ("JAX", "tanh")],
    "gelu_tanh": [("PyTorch", "exact"), ("JAX", "tanh")],
    "softplus": [("PyTorch", "beta 1, the identity where beta*z > 20"), ("JAX", "neither beta nor threshold")],
    "selu": [("ONNX", "the same rounded to float32: 1.67326319217681884765625 and 1.05070102214813232421875")],
    "sigmoid": [("FANN", "1/(1 + e^(-2sz)), steepness s 0.5")],
    "thresholded_relu": [("ONNX, NNlib, Paddle", "theta 1, value 0")],
    "scaled_tanh": [("Paddle", "a 0.67, b 1.7159"), ("LeCun", "a 2/3, b 1.7159")],
    "isru": [("mlpack", "alpha 0.1")],
    "smu": [("torch-activation", "alpha 0.25, mu 25")],
}  # fmt: skip


def test_which_entries_have_a_table_of_defaults():
    assert {n for n in nonlin.names() if nonlin.get(n).defaults} == set(DEFAULTS)


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_table_of_defaults(name):
    table = nonlin.get(name).defaults
    for library, value in DEFAULTS[name]:
        assert [v for key, v in table.items() if key.startswith(library)] == [value]


def test_the_entry_takes_one_of_the_defaults_in_its_table():
    for name in ("leaky_relu", "prelu", "thresholded_relu", "scaled_tanh", "smu", "isru"):
        a = nonlin.get(name)
        assert ", ".join(f"{key} {value:g}" for key, value in a.params.items()) in a.defaults.values()


def test_the_defaults_are_kept_with_other_parameters_and_by_pickle():
    a = nonlin.get("leaky_relu")
    assert a.with_params(alpha=0.3).defaults == a.defaults
    assert pickle.loads(pickle.dumps(a)).defaults == a.defaults
    assert nonlin.Activation("z*sigmoid(z)").defaults == {}


@pytest.mark.parametrize(
    ("name", "params", "theirs"),
    [
        ("leaky_relu", {"alpha": 0.3}, lambda x: np.where(x >= 0, x, 0.3 * x)),
        ("prelu", {"alpha": 0.01}, lambda x: np.maximum(x, 0) + 0.01 * np.minimum(x, 0)),
        ("isru", {"alpha": 0.1}, lambda x: x / np.sqrt(1 + 0.1 * x * x)),
        ("scaled_tanh", {"a": 2 / 3}, lambda x: 1.7159 * np.tanh(2 * x / 3)),
        ("smu", {"alpha": 0.25, "mu": 25.0}, lambda x: (1.25 * x + 0.75 * x * special.erf(25 * 0.75 * x)) / 2),
    ],
)  # fmt: skip
def test_another_library_s_default_is_a_parameter_away(name, params, theirs):
    x = np.linspace(-9, 9, 401)
    np.testing.assert_allclose(nonlin.get(name).with_params(**params)(x), theirs(x), rtol=1e-12, atol=1e-15)
