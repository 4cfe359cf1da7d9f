"""Dates as numbers: the time itself, and the place of each date in the year, the week and the day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from skrub.core import SingleColumnTransformer

Array = np.ndarray[Any, Any]
INFLATION = 10.0  # the customary bound on the variance inflation factor 1 / (1 - R²)
NOTHING = 1e-12  # the sum of squares of a constant part, for all that rounding does
LENGTHS = {"year": 366.0, "week": 7.0, "day": 1.0}  # days
STRAIGHT = {  # the days that have passed since one of two moments, half a cycle apart
    "year": ("day_of_year", "day_since_july"),
    "week": ("day_of_week", "day_since_friday"),
    "day": ("time_of_day", "time_since_noon"),
}


class DateParts(SingleColumnTransformer):
    r"""Turn a column of dates into its time and their place in the cycles that they show.

    The time is counted in days from the first training date: a trend is linear in it. The year's cycle is told where
    the training dates differ by month, the week's where they differ by day of the month and are not all the last of
    one, the day's where they differ by time of day. A cycle of which the share :math:`p` has passed at a date becomes
    :math:`\cos 2\pi p` and :math:`\sin 2\pi p`, so that its end meets its beginning; or the days that have passed,
    where all dates fall into one half of it. Of these parts, in this order, each stays that the time and the parts
    before it do not already explain: where its variance inflation factor :math:`1 / (1 - R^2)`, over the days or
    hours in which there are training dates, is 10 or more, it leaves. A missing date has no time, and the training
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
        parts = _parts(dates)
        self.origin_ = float(np.min(_days(dates))) if len(dates) else np.nan
        self.means_ = {name: float(parts[name].mean()) for name in _kept(dates)}
        return self.transform(column)

    def transform(self, column: pd.Series[Any]) -> pd.DataFrame:
        """Return the time and the parts that stay."""
        dates = _without_zone(column)
        parts, missing = _parts(dates), dates.isna().to_numpy()
        cycles = {f"{column.name}_{name}": np.where(missing, mean, parts[name]) for name, mean in self.means_.items()}
        return pd.DataFrame({str(column.name): _days(dates) - self.origin_} | cycles, index=column.index)


def _without_zone(column: pd.Series[Any]) -> pd.Series[Any]:
    dates: pd.Series[Any] = column.dt.tz_localize(None)
    return dates


def _days(dates: pd.Series[Any]) -> Array:
    """Days since 1970, with their fractions."""
    return _in_days(dates - pd.Timestamp("1970-01-01"))


def _in_days(durations: pd.Series[Any]) -> Array:
    return np.asarray(durations.dt.total_seconds(), dtype=np.float64) / 86400


def _time_of_day(dates: pd.Series[Any]) -> pd.Series[Any]:
    times: pd.Series[Any] = dates - dates.dt.normalize()
    return times


def _parts(dates: pd.Series[Any]) -> dict[str, Array]:
    """Every part of the cycles: the days that have passed, from either of two beginnings, and the waves."""
    of_day, of_week = _in_days(_time_of_day(dates)), dates.dt.day_of_week.to_numpy(dtype=np.float64)
    of_year = _day_of_year(dates) + of_day
    straight = {
        "day_of_year": of_year,
        "day_since_july": _day_of_year(dates.dt.as_unit("s") + np.timedelta64(184, "D")) + of_day,
        "day_of_week": of_week,
        "day_since_friday": (of_week + 3) % 7,
        "time_of_day": of_day,
        "time_since_noon": (of_day + 0.5) % 1,
    }
    angles = {
        "year": 2 * np.pi * of_year / np.where(dates.dt.is_leap_year, 366, 365),
        "week": 2 * np.pi * of_week / 7,
        "day": 2 * np.pi * of_day,
    }
    cosines = {f"{cycle}_cos": np.cos(angle) for cycle, angle in angles.items()}
    return straight | cosines | {f"{cycle}_sin": np.sin(angle) for cycle, angle in angles.items()}


def _day_of_year(dates: pd.Series[Any]) -> Array:
    return np.asarray(dates.dt.day_of_year, dtype=np.float64) - 1


def _kept(dates: pd.Series[Any]) -> list[str]:
    """The parts that neither the time nor the parts before them explain, at the calendar's days or hours.

    These, unlike the rows, are the same in most parts of a table.
    """
    kept: list[str] = []
    for cycle in _told(dates):
        step = "datetime64[h]" if cycle == "day" else "datetime64[D]"
        moments = pd.Series(np.unique(dates.to_numpy().astype(step)).astype("datetime64[s]"))
        parts = {"time": _days(moments)} | _parts(moments)
        straight = [name for name in STRAIGHT[cycle] if np.ptp(parts[name]) <= LENGTHS[cycle] / 2]
        for name in straight[:1] or (f"{cycle}_cos", f"{cycle}_sin"):
            if not _is_explained(parts[name], [parts[known] for known in ("time", *kept)]):
                kept.append(name)
    return kept


def _told(dates: pd.Series[Any]) -> list[str]:
    """The cycles that the dates are fine enough to tell: the first of the month has a weekday only by chance."""
    has_times = _differ(_time_of_day(dates))
    has_days = has_times or (_differ(dates.dt.day) and not dates.dt.is_month_end.all())
    has_months = has_days or _differ(dates.dt.month)
    told = {"year": has_months, "week": has_days, "day": has_times}
    return [cycle for cycle, is_told in told.items() if is_told]


def _differ(values: pd.Series[Any]) -> bool:
    return len(values.unique()) > 1


def _is_explained(part: Array, known: list[Array]) -> bool:
    """Whether the part is constant or, but for a small rest, a linear function of the known ones."""
    centred = part - part.mean()
    others = np.column_stack([other - other.mean() for other in known])
    rest = centred - others @ np.linalg.lstsq(others, centred)[0]
    return bool(rest @ rest * INFLATION <= centred @ centred or centred @ centred < NOTHING)
