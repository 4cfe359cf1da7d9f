"""Who hears of a training, epoch by epoch: the user at the screen, functions of the record, scikit-learn's callbacks.

Callbacks of scikit-learn (``sklearn.callback``) came with its version 1.9; before, there is nothing to hear them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

from nonlin.estimators._progress import Show, print_lines, progress
from nonlin.nn.recipe import Record

try:
    from sklearn.callback import CallbackSupportMixin as CallbackSupportMixin
    from sklearn.callback import with_callbacks
except ImportError:
    CallbackSupportMixin, with_callbacks = object, None

if TYPE_CHECKING:
    from nonlin.estimators._mlp import MLP

Attributes = Callable[[], dict[str, Any]]


class Task:
    """A fit as scikit-learn's callbacks follow it: a task, with one subtask an epoch."""

    def __init__(self, model: MLP, X: Any, y: Any, sample_weight: Any, epochs: int) -> None:
        metadata = {} if sample_weight is None else {"sample_weight": sample_weight}
        self._given = {"estimator": model, "X": X, "y": y, "metadata": metadata}
        self._context = model._init_callback_context(max_subtasks=epochs)
        self._begun = 0
        self._epoch: Any = None
        self._context.call_on_fit_task_begin(**self._given)

    def begin_epoch(self) -> None:
        self._drop_epoch()
        self._begun += 1
        # A training that diverged and starts again at a smaller rate needs more epochs than were announced.
        self._context.max_subtasks = max(self._context.max_subtasks, self._begun)
        self._epoch = self._context.subcontext(task_name="epoch").call_on_fit_task_begin(**self._given)

    def end_epoch(self, attributes: Attributes) -> bool:
        """Hand over what an estimator fitted so far would hold; return whether a callback wants to stop."""
        epoch, self._epoch = self._epoch, None
        return bool(epoch.call_on_fit_task_end(**self._given, reconstruction_attributes=attributes))

    def _drop_epoch(self) -> None:
        """End an epoch that has come to nothing."""
        if self._epoch is not None:
            self._epoch.call_on_fit_task_end(**self._given)
            self._epoch = None

    def end(self) -> None:
        self._drop_epoch()
        self._context.call_on_fit_task_end(**self._given, reconstruction_attributes={})


class Audience(NamedTuple):
    """Who hears of each epoch."""

    show: Show | None
    callbacks: Sequence[Callable[[Record], Any]]
    task: Task | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nobody does."""
        return self.show is None and not self.callbacks and self.task is None

    def begin_epoch(self) -> None:
        if self.task is not None:
            self.task.begin_epoch()

    def end_epoch(self, record: Record, attributes: Attributes) -> bool:
        """Tell everyone; return whether one wants to stop."""
        if self.show is not None:
            self.show(record)
        answers = [callback(record) for callback in self.callbacks]  # each hears of each epoch
        if self.task is not None:
            answers.append(self.task.end_epoch(attributes))
        return any(answer is True for answer in answers)


@contextmanager
def audience(model: MLP, X: Any, y: Any, sample_weight: Any) -> Iterator[Audience]:
    """The audience of a whole fit; with L-BFGS, which has no epochs, scikit-learn's callbacks hear of the fit alone."""
    epochs = 0 if model.solver == "lbfgs" else int(model.max_iter)
    shown = progress(epochs) if model.verbose and epochs else nullcontext()
    with shown as show, _task(model, X, y, sample_weight, epochs) as task:
        yield Audience(show, model.callbacks or (), task)


def one_epoch_audience(model: MLP) -> AbstractContextManager[Audience]:
    """The audience of one call of ``partial_fit``, which is no task for scikit-learn's callbacks."""
    return nullcontext(Audience(print_lines if model.verbose else None, model.callbacks or ()))


@contextmanager
def _task(model: MLP, X: Any, y: Any, sample_weight: Any, epochs: int) -> Iterator[Task | None]:
    if not getattr(model, "_skl_callbacks", None):  # as scikit-learn's set_callbacks keeps them
        yield None
        return
    try:
        task = Task(model, X, y, sample_weight, epochs)
        yield task
        task.end()
    finally:
        with_callbacks(lambda _: None)(model)  # tears down what the task set up
