"""Steps 4 to 6: the network that collapses, the network that bends, and what the activation function is for."""

from __future__ import annotations

from typing import Any

import numpy as np

from nonlin.lab import Study
from nonlin.lab.bayes import NEGLIGIBLE, SURE
from nonlin.report._pictures import architecture
from nonlin.report._show import Show, collapsed, count_weights, rival
from nonlin.report._step import Step, surface
from nonlin.report._tables import number, short, signed, train_score
from nonlin.report._words import layers, linear_sum, said, share

Array = np.ndarray[Any, Any]


def network_steps(study: Study, show: Show) -> list[Step]:
    """The last three steps."""
    return [_collapse(study, show), _bend(study, show), _role(study, show)]


def _collapse(study: Study, show: Show) -> Step:
    weights, biases = collapsed(show.models["identity"])
    return Step(
        "Where lines fail" if lines_fail(study) else "Do lines fail here?",
        "φ(z) = z  ⇒  the network is one linear map",
        (
            f"Now put {layers(study)} between the inputs and the output, but with the identity as their activation. "
            "Nothing is won: weighted sums of weighted sums are weighted sums. Multiplied out, the "
            f"{count_weights(show.models['identity']):,} weights of this network are the "
            f"{weights.size + biases.size:,} of one linear map{_map(show, weights, biases)}.",
            f"On rows held out it has {said(study, 'identity')}. {_beside_the_linear(study)}",
            _failing(study),
        ),
        (
            architecture(study, show, "identity", "The network with the identity in its hidden units."),
            surface(study, show, "identity"),
        ),
    )


def lines_fail(study: Study) -> bool:
    """Whether the best bent network is clearly ahead of every model with a straight boundary."""
    return study.linear_gap.needed


def _failing(study: Study) -> str:
    best = study.linear_gap.best
    has = f"the best network with a bend, that with {best}, has {number(study.score(best).mean)}"
    if lines_fail(study):
        return f"On this table a straight answer is not enough: {has}."
    if study.belief(best, "identity").better >= SURE:
        return (
            f"On this table {has}, clearly more than this network, but not clearly more than "
            f"{study.linear_gap.rival}: a line may do, if it is trained well."
        )
    return f"On this table {has}, not clearly more, so it does not show where lines fail."


def _linear(study: Study) -> str:
    return "least squares" if study.table.task == "regression" else "logistic regression"


def _map(show: Show, weights: Array, biases: Array) -> str:
    """The map written out, where it is short."""
    short_enough = weights.size <= 3 and weights.shape[1] == 1 and bool(show.classes)
    return f", {linear_sum(biases[0], weights[:, 0], show.names)}" if short_enough else ""


def _beside_the_linear(study: Study) -> str:
    """The identity network beside the linear model of the same shape."""
    name, linear = _linear(study), study.score(_linear(study)).mean
    alike = abs(linear - study.score("identity").mean) < 0.0005
    rest = " too." if alike else "; what lies between the two comes from their training, not from their shape."
    return f"{name.capitalize()}, a map of the same shape, has {number(linear)}{rest}"


def _bend(study: Study, show: Show) -> Step:
    one = len(study.plan.hidden) == 1
    free = "the boundary is free to bend" if show.classes else "the prediction is free to bend"
    return Step(
        "A bend in every unit",
        "z = b + Σⱼ wⱼ σ(bⱼ + Σᵢ xᵢ wᵢⱼ)" if one else "in every hidden unit: σ(bⱼ + Σᵢ xᵢ wᵢⱼ)",
        (
            f"The same network again, with the logistic sigmoid in {layers(study)}, learnt by backpropagation, and "
            f"{_output(study)}. Weighted sums of bent sums do not collapse: {free}.",
            f"{_change(show)} {_gain_of_sigmoid(study)}",
        ),
        (
            architecture(study, show, "sigmoid", "The same network with the sigmoid in its hidden units."),
            surface(study, show, "sigmoid"),
        ),
    )


def _output(study: Study) -> str:
    if study.table.task == "regression":
        return "with the identity at the output"
    two = len(study.table.classes) == 2
    return "with a sigmoid and a unit step at the output" if two else "with a softmax and an argmax at the output"


def _change(show: Show) -> str:
    """How far the answers of the bent network are from those of the straight one."""
    straight, bent = (np.asarray(show.models[name].predict(show.inputs)) for name in ("identity", "sigmoid"))
    if show.classes:
        other = share(np.mean(straight != bent))
        return f"It answers otherwise than the network with the identity on {other} of the rows."
    apart = float(np.sqrt(np.mean((bent - straight) ** 2)))
    return f"Its predictions and those of the network with the identity are {short(apart)} apart (root mean square)."


def _gain_of_sigmoid(study: Study) -> str:
    gain = study.difference("sigmoid", "identity")
    interval = f"(95 % interval {signed(gain.low)} to {signed(gain.high)})"
    reached = f"On rows held out it has {said(study, 'sigmoid')}: {signed(gain.mean)} {interval} against the identity"
    belief = study.belief("sigmoid", "identity")
    if belief.better >= SURE:
        if lines_fail(study):
            return f"{reached}. Here the bend pays."
        return f"{reached}. It beats this network, but no bend clearly beats the best straight model."
    if belief.worse >= SURE:
        return f"{reached}. Here the bend costs."
    return f"{reached}. Whatever bends here, it buys nothing that can be told from chance and matters."


def _role(study: Study, show: Show) -> Step:
    best, other = study.linear_gap.best, rival(study)
    what = "non-linear boundary" if show.classes else "curve"
    return Step(
        "The role of the activation function",
        f"{what} = non-linear combinations of the inputs",
        (
            "So this is what an activation function is for. Without it, layers of any number and width are one "
            "linear map; with it, the same weights can combine the inputs in a non-linear way. "
            f"{_compared(study, best)}",
            f"Can it overfit? {_overfits(study, best)}",
        ),
        (surface(study, show, other),) if other else (),
    )


def _compared(study: Study, best: str) -> str:
    """Identity, sigmoid and the best beside each other."""
    score = {name: number(study.score(name).mean) for name in ("identity", "sigmoid", best)}
    middle = f", {score['sigmoid']} with the sigmoid" if best != "sigmoid" else ""
    rank = f", the best of {len(study.bent)}" if len(study.bent) > 1 else ""
    return (
        f"On this table that comes to a held-out {study.metric} of {score['identity']} with the identity{middle} and "
        f"{score[best]} with {best}{rank}."
    )


def _overfits(study: Study, best: str) -> str:
    """What the best network knows by heart, beside the straight one."""
    seen, held = train_score(study, best), study.score(best).mean
    own = train_score(study, "identity") - study.score("identity").mean
    numbers = (
        f"the network with {best} has {number(seen)} on the rows that it was trained on and {number(held)} on rows "
        f"held out, {signed(seen - held)}; for the identity the difference is {signed(own)}."
    )
    if seen - held > 0.05:
        return f"Yes, and here it does: {numbers} What can bend can also bend around single rows."
    if seen - held > NEGLIGIBLE:
        return f"Yes, and here it does a little: {numbers}"
    return f"What can bend can also bend around single rows, but here it hardly does: {numbers}"
