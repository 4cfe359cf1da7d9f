"""The registry of settings: what a page may set, checked at the door. Menus, the URL and the checks read it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from nonlin.errors import InputError, UnknownNameError, bad_value
from nonlin.nn.initialisers import INITIALISERS
from nonlin.nn.losses import public_names
from nonlin.nn.optimisers import OPTIMISERS
from nonlin.web.spec import activation_from

Values = dict[str, Any]
MOST_LAYERS, MOST_UNITS, MOST_PARAMETERS = 8, 1024, 2_000_000
MOST_ITEMS = 500  # of a list: as many columns may a table have
RATES = (0.00001, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)  # TensorFlow Playground's
STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
PACES = ((1, "1 epoch a second"), (5, "5"), (20, "20"), (60, "60"), (300, "300"), (1000, "1,000"), (0, "flat out"))
_WORDS = {
    "log_loss": "log-loss (cross-entropy)", "focal": "focal", "hinge": "hinge", "squared_error": "squared error",
    "absolute_error": "absolute error", "huber": "Huber", "quantile": "quantile (median)", "poisson": "Poisson",
    "sgd": "SGD", "adam": "Adam", "adamw": "AdamW", "none": "none", "l1": "L1", "l2": "L2", "both": "L1 and L2",
}  # fmt: skip


@dataclass(frozen=True)
class Setting:
    """One thing that a page may set.

    ``affects`` says what a change does: "data" draws the rows anew, "layers" starts with new first weights, "fit" goes
    on with the weights as they are, "pace" and "look" change nothing that is learned.
    """

    key: str
    label: str
    help: str
    kind: str
    default: Any
    place: str
    affects: str
    choices: tuple[tuple[Any, str], ...] = ()
    least: float | None = None
    most: float | None = None
    task: str | None = None
    also: Callable[[Any], Any] = field(default=lambda value: value)

    def check(self, value: Any) -> Any:
        """The value in its own type.

        Raises
        ------
        InputError
            It breaks the rule of this setting.
        """
        return self.also(_CHECKS[self.kind](self, value))

    def schema(self) -> dict[str, Any]:
        """What a page needs to build a control for it."""
        shown: dict[str, Any] = {
            "key": self.key, "label": self.label, "help": self.help, "kind": self.kind, "default": self.default,
            "place": self.place, "task": self.task,
        }  # fmt: skip
        if self.choices:
            shown["choices"] = [{"value": value, "label": label} for value, label in self.choices]
        if self.least is not None:
            shown |= {"min": self.least, "max": self.most}
        return shown


def _choice(setting: Setting, value: Any) -> Any:
    for known, _ in setting.choices:
        if not isinstance(value, bool) and value in (known, str(known)):
            return known
    raise bad_value(setting.key, f"one of {', '.join(str(known) for known, _ in setting.choices)}", value)


def _number(setting: Setting, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise bad_value(setting.key, "a number", value)
    try:
        number = float(value)
    except ValueError:
        raise bad_value(setting.key, "a number", value) from None
    except OverflowError:
        number = math.inf
    least, most = setting.least or 0.0, math.inf if setting.most is None else setting.most
    if not least <= number <= most:
        raise bad_value(setting.key, f"between {least:,.10g} and {most:,.10g}", value)
    return number


def _integer(setting: Setting, value: Any) -> int:
    number = _number(setting, value)
    if number != int(number):
        raise bad_value(setting.key, "a whole number", value)
    return int(number)


def _list(setting: Setting, value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise bad_value(setting.key, "a list", value)
    if len(value) > MOST_ITEMS:
        raise bad_value(setting.key, f"a list of at most {MOST_ITEMS}", len(value))
    return value


def _names(setting: Setting, value: Any) -> list[str]:
    for name in _list(setting, value):
        if not isinstance(name, str):
            raise bad_value(setting.key, "a list of names", name)
    return list(dict.fromkeys(value))


def _text(setting: Setting, value: Any) -> str:
    if not isinstance(value, str):
        raise bad_value(setting.key, "text", value)
    return value.strip()


_CHECKS: dict[str, Callable[[Setting, Any], Any]] = {
    "choice": _choice, "number": _number, "integer": _integer, "numbers": _list, "list": _list, "names": _names,
    "text": _text,
}  # fmt: skip


def _widths(value: list[Any]) -> list[int]:
    if len(value) > MOST_LAYERS:
        raise bad_value("hidden", f"at most {MOST_LAYERS} layers", len(value), "remove some")
    for units in value:
        if isinstance(units, bool) or not isinstance(units, int) or not 1 <= units <= MOST_UNITS:
            raise bad_value("hidden", f"whole numbers from 1 to {MOST_UNITS}, one a layer", units)
    weights = sum((a + 1) * b for a, b in pairwise(value))
    if weights > MOST_PARAMETERS:
        raise bad_value(
            "hidden", f"layers with at most {MOST_PARAMETERS:,} weights between them", weights, "shrink them"
        )
    return value


def _places(value: list[Any]) -> list[int]:
    for place in value:
        if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < MOST_UNITS:
            raise bad_value("first", f"whole numbers from 0 to {MOST_UNITS - 1}, one a hidden layer", place)
    return value


def _specs(value: list[Any]) -> list[str]:
    if len(value) > MOST_LAYERS:
        raise bad_value("activations", f"at most {MOST_LAYERS}, one a hidden layer", len(value), "remove some")
    for text in value:
        activation_from(text)
    return [text.strip() for text in value]


def _rival(value: str) -> str:
    if value:
        activation_from(value)
    return value


def _pair(value: list[str]) -> list[str]:
    if len(value) not in (0, 2):
        raise bad_value("axes", "two different columns, or none for the main plane", len(value))
    return value


def _words(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    return tuple((name, _WORDS.get(name, name)) for name in names)


def _numbers(values: tuple[float, ...]) -> tuple[tuple[float, str], ...]:
    return tuple((value, f"{value:g}") for value in values)


def _whole(key: str, label: str, words: str, default: int, home: tuple[str, str], bounds: tuple[int, int]) -> Setting:
    return Setting(key, label, words, "integer", default, *home, least=bounds[0], most=bounds[1])


def _chosen(
    key: str, label: str, words: str, default: Any, home: tuple[str, str], choices: tuple[tuple[Any, str], ...],
    **more: Any,
) -> Setting:  # fmt: skip
    return Setting(key, label, words, "choice", default, *home, choices, **more)


# Where the control stands, and what a change affects.
_ROWS, _STEPS, _LAYERS, _BENDS = ("data", "data"), ("training", "fit"), ("network", "layers"), ("network", "fit")
_FIRST, _SEEDS = ("training", "layers"), (0, 2**31 - 1)
_CLASS, _NUMBER = {"task": "classification"}, {"task": "regression"}

SETTINGS: dict[str, Setting] = {
    s.key: s
    for s in (
        Setting("data", "Data", "The rows to learn from.", "text", "moons", *_ROWS),
        _whole("noise", "Noise", "How far the points scatter, in hundredths.", 15, _ROWS, (0, 50)),
        _whole("rows", "Points", "How many points are drawn.", 500, _ROWS, (20, 2000)),
        _whole("share", "Trained on", "The share of the rows that is trained on, in per cent; the others are held out.",
               50, _ROWS, (10, 90)),
        _whole("data_seed", "Draw", "Another number draws other points.", 0, _ROWS, _SEEDS),
        Setting("inputs", "Inputs", "What the network is given of each row; none means the usual ones.",
                "names", [], *_ROWS),
        Setting("axes", "Axes", "The two columns that are drawn; the others stay at their usual value.",
                "names", [], *_ROWS, also=_pair),
        _whole("batch", "Batch size", "Rows of each step.", 10, ("data", "fit"), (1, 1000)),
        Setting("hidden", "Hidden layers", "The units of each hidden layer.",
                "numbers", [8, 4], *_LAYERS, also=_widths),
        Setting("activations", "Activations", "One for each hidden layer: a name or a formula in z.",
                "list", ["tanh", "tanh"], *_BENDS, also=_specs),
        Setting("first", "First units drawn", "Of each hidden layer the first unit that is drawn, counted from 0.",
                "numbers", [], "network", "look", also=_places),
        Setting("rival", "Compare with", "A second network with this activation, on the same rows from the same seed.",
                "text", "", *_BENDS, also=_rival),
        _chosen("learning_rate", "Learning rate", "How far a step goes.", "auto", _STEPS,
                (("auto", "auto"), *_numbers(RATES))),
        _chosen("solver", "Optimiser", "What makes a step of a gradient.", "adam", _STEPS, _words(tuple(OPTIMISERS))),
        Setting("momentum", "Momentum", "The part of the last step that SGD adds to the next.",
                "number", 0.0, *_STEPS, least=0, most=0.99),
        _chosen("loss", "Loss", "What training makes small.", "log_loss", _STEPS,
                _words(public_names(classes=True)), **_CLASS),
        _chosen("loss_of_numbers", "Loss", "What training makes small.", "squared_error", _STEPS,
                _words(public_names(classes=False)), **_NUMBER),
        _chosen("penalty", "Penalty", "Keeps the weights small: L2 all of them, L1 drives some to 0.", "none", _STEPS,
                _words(("none", "l1", "l2", "both"))),
        _chosen("alpha", "Strength", "The strength α of the penalty.", 0.1, _STEPS, _numbers(STRENGTHS)),
        Setting("dropout", "Dropout", "The share of hidden signals left out at a step, at random.",
                "number", 0.0, *_STEPS, least=0, most=0.9),
        _whole("patience", "Stop early", "Stop when the held-out loss has not fallen for so many epochs; 0: never.",
               0, _STEPS, (0, 10_000)),
        _chosen("init", "First weights", "The rule that draws them; auto scales them by the gain of φ.", "auto", _FIRST,
                _words(tuple(INITIALISERS))),
        _whole("seed", "Seed", "Another number draws other first weights.", 0, _FIRST, _SEEDS),
        _chosen("pace", "Pace", "Epochs a second; drawing never holds training up.", 60, ("training", "pace"), PACES),
    )
}  # fmt: skip


def defaults() -> Values:
    """Every setting at its default."""
    return {key: list(s.default) if isinstance(s.default, list) else s.default for key, s in SETTINGS.items()}


def checked(values: Mapping[str, Any]) -> Values:
    """The values in their own types.

    Raises
    ------
    InputError
        A key is unknown, or a value breaks its rule.
    """
    return {key: _setting(key).check(value) for key, value in values.items()}


def merged(before: Values, values: Values) -> Values:
    """The settings after a change; every hidden layer has an activation.

    Raises
    ------
    InputError
        Two of them cannot be had together.
    """
    after = {**before, **values}
    layers, given = len(after["hidden"]), after["activations"]
    after["activations"] = (given + [given[-1] if given else "tanh"] * layers)[:layers]
    if after["solver"] == "adamw" and after["penalty"] in ("l1", "both"):
        raise bad_value(
            "Penalty", "none or L2 with the Optimiser AdamW", _WORDS[after["penalty"]],
            "choose another Penalty, or Adam or SGD as the Optimiser",
        )  # fmt: skip
    return after


def forgiving(values: Mapping[str, Any], first: str) -> tuple[Values, list[str]]:
    """The defaults with those values that hold, as from an address that somebody wrote; and what was wrong.

    ``first`` is the data set where none is named.
    """
    usual = {**defaults(), "data": first}
    found: Values = {}
    problems = []
    for key, value in values.items():
        try:
            found |= checked({key: [value] if _wants_list(key) and not isinstance(value, list) else value})
        except InputError as error:
            problems.append(f"{error}; the default is taken")
    try:
        return merged(usual, found), problems
    except InputError as error:
        return merged(usual, {**found, "penalty": "none"}), [*problems, f"{error}; the Penalty is none now"]


def _wants_list(key: str) -> bool:
    """Whether one value, as people write it in an address, stands for a list of one."""
    return key in SETTINGS and isinstance(SETTINGS[key].default, list)


def _setting(key: str) -> Setting:
    if key not in SETTINGS:
        raise UnknownNameError("setting", key, SETTINGS, f"the settings are {', '.join(SETTINGS)}")
    return SETTINGS[key]
