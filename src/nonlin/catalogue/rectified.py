"""Rectifiers: linear on the right, small or nothing on the left."""

from nonlin.catalogue._registry import activation, parameter, z
from nonlin.formula.primitives import clip, softplus, where

RELU = activation(
    "relu", where(z > 0, z, 0),
    family="rectified", aliases=("rectifier", "rectified_linear"), used_in="MLP, convolutional networks",
    reference="Fukushima 1969, IEEE Trans. Syst. Sci. Cybern. 5:322; Nair & Hinton 2010, ICML",
)  # fmt: skip

SOFTPLUS = activation(
    "softplus", softplus(z),
    family="rectified", aliases=("soft_relu", "softrelu"), used_in="MLP, positive outputs",
    reference="Dugas et al. 2001, NIPS 13:472",
)  # fmt: skip

LEAKY_RELU = activation(
    "leaky_relu", where(z > 0, z, parameter("alpha") * z),
    family="rectified", aliases=("leakyrelu", "lrelu"), used_in="speech networks, GANs, YOLO",
    reference="Maas, Hannun & Ng 2013, ICML workshop; slope 0.01 as there", alpha=0.01,
)  # fmt: skip

RELU6 = activation(
    "relu6", clip(z, 0, 6),
    family="rectified", used_in="MobileNet",
    reference="Krizhevsky 2010, Convolutional deep belief networks on CIFAR-10",
)  # fmt: skip
