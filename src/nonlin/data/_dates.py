"""Dates as numbers: the time itself, and the place of each date in the year, the week and the day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from skrub.core import SingleColumnTransformer

Array = np.ndarray[Any, Any]
INFLATION = 10.0  # the customary bound on the variance inflation factor 1 / (1 - R²)
NOTHING = 1e-12  # the variance of a constant part, for all that rounding does


class DateParts(SingleColumnTransformer):
    r"""Turn a column of dates into its time and the cycles that it shows.

    The time is counted in days from the first training date: a trend is linear in it. A cycle of which the share
    :math:`p` has passed at a date becomes :math:`\cos 2\pi p` and :math:`\sin 2\pi p`, so that its end meets its
    beginning. The year's is told where the training dates differ by month, the week's where they differ by day of the
    month and are not all the last of one, the day's where they differ by time of day. Of these parts, in this order,
    each stays that the time and the parts before it do not already explain in the training rows: a part with a
    variance inflation factor :math:`1 / (1 - R^2)` of 10 or more leaves. A missing date has no time, and the training
    rows' mean of every other part.

    skrub's DatetimeEncoder rounds seconds to float32, which today is to 128 s, and gives the year beside them, which
    is all but the same column.

    Attributes
    ----------
    origin_ : float
        The first training date, in days since 1970.
    means_ : dict of str to float
        The parts that stay beside the time, such as ``"year_cos"``, with their means in the training rows.

    Examples
    --------
    >>> months = pd.Series(pd.date_range("2020-01-01", periods=24, freq="MS"), name="date")
    >>> DateParts().fit_transform(months).iloc[[0, 3, 12]].round(2)
         date  date_year_cos  date_year_sin
    0     0.0           1.00            0.0
    3    91.0           0.01            1.0
    12  366.0           1.00            0.0
    """

    def fit_transform(self, column: pd.Series[Any], y: object = None) -> pd.DataFrame:
        """Learn the origin and the parts that stay; return the parts."""
        del y
        dates = _without_zone(column.dropna())
        time, waves = _days(dates), _waves(dates)
        told = {name: wave for name, wave in waves.items() if name.startswith(_told(dates))}
        self.origin_ = float(time.min()) if len(time) else 0.0
        self.means_ = {name: float(wave.mean()) for name, wave in _unexplained(time, told).items()}
        return self.transform(column)

    def transform(self, column: pd.Series[Any]) -> pd.DataFrame:
        """Return the time and the parts that stay."""
        dates = _without_zone(column)
        waves, missing = _waves(dates), dates.isna().to_numpy()
        cycles = {f"{column.name}_{name}": np.where(missing, mean, waves[name]) for name, mean in self.means_.items()}
        return pd.DataFrame({str(column.name): _days(dates) - self.origin_} | cycles, index=column.index)


def _without_zone(column: pd.Series[Any]) -> pd.Series[Any]:
    return column.dt.tz_localize(None)


def _days(dates: pd.Series[Any]) -> Array:
    """Days since 1970, with their fractions."""
    return _in_days(dates - pd.Timestamp("1970-01-01"))


def _in_days(durations: pd.Series[Any]) -> Array:
    return durations.dt.total_seconds().to_numpy(dtype=np.float64) / 86400


def _time_of_day(dates: pd.Series[Any]) -> pd.Series[Any]:
    return dates - dates.dt.normalize()


def _waves(dates: pd.Series[Any]) -> dict[str, Array]:
    """Cosine and sine of the share of each cycle that has passed."""
    calendar, of_day = dates.dt, _in_days(_time_of_day(dates))
    day_of_year = calendar.day_of_year.to_numpy(dtype=np.float64) - 1 + of_day
    passed = {
        "year": day_of_year / np.where(calendar.is_leap_year, 366, 365),
        "week": calendar.day_of_week.to_numpy(dtype=np.float64) / 7,
        "day": of_day,
    }
    waves = {"cos": np.cos, "sin": np.sin}
    return {f"{cycle}_{name}": wave(2 * np.pi * p) for cycle, p in passed.items() for name, wave in waves.items()}


def _told(dates: pd.Series[Any]) -> tuple[str, ...]:
    """The cycles that the dates are fine enough to tell: the first of the month has a weekday only by chance."""
    has_times = _time_of_day(dates).nunique() > 1
    has_days = has_times or not (dates.dt.day.nunique() <= 1 or dates.dt.is_month_end.all())
    has_months = has_days or dates.dt.month.nunique() > 1
    told = {"year": has_months, "week": has_days, "day": has_times}
    return tuple(cycle for cycle, is_told in told.items() if is_told)


def _unexplained(time: Array, waves: dict[str, Array]) -> dict[str, Array]:
    """The waves that are no linear function of the time and of those kept before, nor nearly one."""
    kept: dict[str, Array] = {}
    basis: list[Array] = []
    for name, part in ({"": time} | waves).items() if waves else ():
        centred = part - part.mean()
        rest = centred - sum(direction * (direction @ centred) for direction in basis)
        if rest @ rest * INFLATION > centred @ centred > NOTHING * len(part):
            basis.append(rest / np.linalg.norm(rest))
            kept[name] = part
    return {name: part for name, part in kept.items() if name}
