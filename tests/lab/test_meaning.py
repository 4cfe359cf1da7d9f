"""The sentence of each diagnostic, on figures that were made up."""

from types import SimpleNamespace

import pandas as pd
import pytest

import nonlin as nl
from nonlin.lab.meaning import MEANINGS, meaning

SPACE = "\u00a0"


def made_up(equals=("relu", "tanh"), task="classification", **columns):
    """A study of the identity, relu and tanh; ``columns`` hold their figures: (before, after) or after training only."""
    names = ["identity", "relu", "tanh"]
    ends = {key: values for key, values in columns.items() if not isinstance(values, tuple)}
    frames = [
        pd.DataFrame({"model": names, "kept": kept, "epoch": 9 * kept, "layer": 1}
                     | {key: values[kept] for key, values in columns.items() if isinstance(values, tuple)})
        for kept in (False, True)
    ]  # fmt: skip
    return SimpleNamespace(
        training_diagnostics=pd.concat(frames), diagnostics=pd.DataFrame({"model": names, "layer": 1} | ends),
        equals=list(equals), bent=[SimpleNamespace(name="relu"), SimpleNamespace(name="tanh")],
        plan=SimpleNamespace(hidden=(20,)), table=SimpleNamespace(task=task), metric="accuracy",
    )  # fmt: skip


CASES = {
    "dead": (
        {"dead": ([0, 0.0, 0], [0, 0.12, 0])},
        "The network with relu starts with 0 % dead units and ends with 12 %; no activation is clearly ahead of "
        "it, so what they cost cannot be told here.",
    ),
    "saturated": (
        {"saturated": ([0, 0.5, 0.1], [0, 0.55, 0.2])},
        "Most saturation is with relu: at the start 50 % of all pairs of a unit and a row have a slope near 0, at the "
        "end 55 %; such a row hardly moves the weights of such a unit.",
    ),
    "z_mean": (
        {"z_mean": ([0, 0, 0], [0.1, -3.0, 0.2]), "z_variance": ([1, 1, 1], [1, 4, 1])},
        "The net inputs of relu drift furthest: their mean ends 1.5 standard deviations below 0, so that most units "
        "work on one side of their bend.",
    ),
    "z_variance": (
        {"z_variance": ([1, 1, 1], [0.5, 2, 6])},
        "Training widens the net inputs most with tanh, from a variance of 1 to 6: its units reach further out on their "
        "curve; with identity it goes from 1 to 0.5.",
    ),
    "gradient_norm": (
        {"gradient_norm": ([1, 2, 0.1], [0.5, 1, 0.2])},
        "Training shortens the gradient in 2 of 3 networks, as it should near a minimum; at the start that of tanh is "
        "20 times shorter than that of relu, so tanh starts slowly.",
    ),
    "chi1": (
        {"chi1": ([1, 1, 0.25], [1, 4, 1]), "chi1_predicted": ([1, 1.1, 0.25], [1, 6, 1])},
        "A gradient starts out multiplied by 0.5 (tanh) to 1 (identity) on its way back through a layer, the root of "
        "χ₁; mean-field theory is within 10 % of the χ₁ measured at the start, and within 50 % after training, where "
        "the weights have come to fit the net inputs.",
    ),
    "effective_rank": (
        {"effective_rank": ([2, 9, 5], [2, 8, 5])},
        "On these rows the 20 units of a layer take 2 (identity) to 8 (relu) independent directions; the best "
        "activation, relu, takes 8.",
    ),
    "regions": (
        {"regions": [1.0, 12.4, float("nan")]},
        "On the straight way from one row to another the network with relu changes its slope 11 times, on average; the "
        "identity never does; activations that bend smoothly have no regions to count.",
    ),
    "boundary_length": (
        {"boundary_length": [5.0, 8.0, 9.0]},
        "The boundary that the network with tanh draws is the longest, 9; the best, relu, needs 8, 1.6 times the "
        "identity's 5.",
    ),
    "boundary_curvature": (
        {"boundary_curvature": [0.0, 3.1416, 6.2832]},
        "The boundary that the network with tanh draws turns most, in all by 1 of a full circle; the best, relu, by 0.5 "
        "of a full circle, and a straight line not at all.",
    ),
    "lipschitz": (
        {"lipschitz": [1.0, 4.0, 2.0], "lipschitz_bound": [1.0, 20.0, 3.0]},
        "The network with relu is the steepest: at one row its net input moves by 4 for a standard deviation of the "
        "inputs; the bounds are loose, up to 5 times what the rows show.",
    ),
    "score_gap": (
        {"score_gap": [0.01, 0.052, 0.03]},
        "The network with relu scores 0.052 accuracy more on the rows that it was trained on than on rows held out, so "
        "it may be overfitting; with the identity the gap is 0.010.",
    ),
}


def test_every_measure_has_a_sentence_and_a_case_here():
    assert list(MEANINGS) == list(nl.plot.MEASURES) == list(CASES)


@pytest.mark.parametrize("key", CASES)
def test_the_sentence(key):
    columns, expected = CASES[key]
    assert meaning(made_up(**columns), key).replace(SPACE, " ") == expected


def test_other_findings():
    behind = made_up(equals=["tanh"], dead=([0, 0, 0], [0, 0.5, 0]))
    assert meaning(behind, "dead").endswith("; it is behind tanh, and these units may be why.")
    calm = made_up(saturated=([0, 0, 0], [0, 0, 0]), score_gap=[0.0, 0.001, 0.002])
    assert meaning(calm, "saturated").startswith("Hardly any unit is saturated")
    assert meaning(calm, "score_gap").endswith("there is no sign of overfitting.")
    flat = made_up(
        boundary_length=[float("nan")] * 3, boundary_curvature=[float("nan")] * 3, regions=[1.0] + [float("nan")] * 2
    )
    assert meaning(flat, "boundary_length") == "With a single input there is no plane on which a boundary has a length."
    assert meaning(flat, "boundary_curvature") == "With a single input there is no plane on which a boundary can turn."
    assert meaning(flat, "regions").startswith("All activations here bend smoothly")
    endless = made_up(lipschitz=[1.0, 4.0, 2.0], lipschitz_bound=[1.0, float("inf"), 3.0])
    assert meaning(endless, "lipschitz").endswith(
        "the bounds are tight, up to 1.5 times what the rows show, and there are none for relu, whose slope has no end."
    )
    line = made_up(task="regression", boundary_length=[5.0, 5.1, 5.2])
    assert meaning(line, "boundary_length").startswith("The line of mean prediction that the network with tanh draws")
    assert meaning(line, "boundary_length").endswith("about the same as the identity's 5.")


def test_what_is_huge_has_a_power_of_ten():
    far = made_up(score_gap=[1.4294e36, 2.4574e38, 0.1], lipschitz=[1.0, 4e7, 2.0], lipschitz_bound=[1.0, 4e15, 3.0])
    assert meaning(far, "score_gap") == (
        "The network with relu scores 2.46e38 accuracy more on the rows that it was trained on than on rows held out, "
        "so it may be overfitting; with the identity the gap is 1.43e36."
    )
    assert meaning(far, "lipschitz") == (
        "The network with relu is the steepest: at one row its net input moves by 4.00e7 for a standard deviation of "
        "the inputs; the bounds are loose, up to 1.00e8 times what the rows show."
    )


def test_no_gap_is_minus_nothing():
    level = made_up(score_gap=[-0.0002, 0.02, 0.01])
    assert meaning(level, "score_gap").endswith("so it may be overfitting; with the identity the gap is 0.000.")


def test_a_network_that_no_row_can_train():
    dead = made_up(gradient_norm=([1, 0, 2], [0.5, 0, 1]), lipschitz=[1.0, 0.0, 2.0], lipschitz_bound=[1.0, 3.0, 5.0])
    assert meaning(dead, "gradient_norm") == (
        "Training shortens the gradient in 2 of 3 networks, as it should near a minimum; at the start relu has no "
        "gradient at all, so that its hidden units cannot begin to learn."
    )
    assert meaning(dead, "lipschitz") == (
        "The network with tanh is the steepest: at one row its net input moves by 2 for a standard deviation of the "
        "inputs; the bounds are loose, up to 2.5 times what the rows show, and no row moves the net input of relu at "
        "all."
    )
