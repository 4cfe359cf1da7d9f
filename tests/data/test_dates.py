"""Dates as numbers: a trend and the cycles that the dates show, without columns that say the same."""

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import KFold

from nonlin.data import preprocessor
from nonlin.data._dates import DateParts

ALL = ("", "_year_cos", "_year_sin", "_week_cos", "_week_sin", "_day_cos", "_day_sin")


def drawn(first: str, last: str, step: str, n: int = 400) -> pd.Series:
    """Dates by chance from a calendar between two days."""
    return pd.Series(np.random.default_rng(0).choice(pd.date_range(first, last, freq=step), n), name="d")


TABLES = {
    "one day a year": (drawn("1970", "1982", "YS"), ALL[:1]),
    "ends of years": (drawn("1970", "2020", "YE"), ALL[:1]),
    "halves of years": (drawn("2000", "2020", "6ME"), ("", "_day_of_year")),
    "quarters": (drawn("2010", "2020", "QS"), ALL[:3]),
    "months": (drawn("2010", "2020", "MS"), ALL[:3]),
    "ends of months": (drawn("2010", "2020", "ME"), ALL[:3]),
    "months of one year": (drawn("2010-01", "2010-12", "MS"), ALL[:3]),
    "Sundays": (drawn("2010", "2015", "W"), ALL[:3]),
    "days of ten years": (drawn("2010", "2020", "D"), ALL[:5]),
    "days of one year": (drawn("2019-01-01", "2019-12-31", "D"), ALL[:5]),
    "days of one month": (drawn("2019-03-05", "2019-04-03", "D"), ("", *ALL[3:5])),
    "days of half a year": (drawn("2019-03-05", "2019-08-31", "D"), ("", *ALL[3:5])),
    "days of work": (drawn("2010", "2013", "B"), ALL[:5]),
    "hours of two years": (drawn("2019", "2021", "h"), ALL),
    "hours of work": (drawn("2019", "2021", "bh"), (*ALL[:5], "_time_of_day")),
    "hours of one month": (drawn("2019-03-05", "2019-04-03", "h"), ("", *ALL[3:])),
    "minutes of one day": (drawn("2019-03-05", "2019-03-05 23:59", "min"), ("", *ALL[5:])),
    "minutes of one afternoon": (drawn("2019-03-05 12:00", "2019-03-05 15:00", "min"), ALL[:1]),
    "seconds of one minute": (drawn("2019-03-05 12:00", "2019-03-05 12:01", "s"), ALL[:1]),
}


@pytest.mark.parametrize(("dates", "parts"), TABLES.values(), ids=TABLES)
def test_dates_become_the_parts_that_they_show(dates, parts):
    assert DateParts().fit_transform(dates).columns.tolist() == [f"d{part}" for part in parts]


@pytest.mark.parametrize(("dates", "parts"), TABLES.values(), ids=TABLES)
def test_the_parts_are_not_collinear(dates, parts):
    Z = preprocessor().fit_transform(dates.to_frame()).astype(np.float64)
    assert Z.shape[1] == len(parts)
    assert np.linalg.cond(Z) < 3.5


@pytest.mark.parametrize(("dates", "parts"), TABLES.values(), ids=TABLES)
def test_every_fold_has_the_same_parts(dates, parts):
    for train, _ in KFold(5, shuffle=True, random_state=0).split(dates):
        assert preprocessor().fit(dates.iloc[train].to_frame())["encode"].names_ == [f"d{part}" for part in parts]


@pytest.mark.parametrize(
    ("first", "days", "parts"),
    [
        ("2007-11-09", 25, ["day_of_year", "week_cos", "week_sin"]),
        ("2007-12-10", 60, ["day_since_july", "week_cos", "week_sin"]),
    ],
)
def test_a_season_that_is_no_round_is_counted_in_days(first, days, parts):
    season = pd.Series(pd.date_range(first, periods=days))
    dates = pd.concat([season + pd.DateOffset(years=k) for k in range(3)], ignore_index=True).rename("egg")
    found = DateParts().fit_transform(dates)
    assert found.columns.tolist() == ["egg", *(f"egg_{part}" for part in parts)]
    steps = found.iloc[:days, :2].diff().dropna()
    np.testing.assert_array_equal(steps, np.ones((days - 1, 2)))


@pytest.mark.parametrize(
    ("freq", "part", "values"),
    [
        ("W-MON W-TUE", "d_day_of_week", [0, 1]),
        ("W-SUN W-MON", "d_day_since_friday", [2, 3]),
    ],
)
def test_days_of_half_a_week_are_counted(freq, part, values):
    dates = pd.concat([drawn("2010", "2015", step) for step in freq.split()], ignore_index=True)
    assert sorted(DateParts().fit_transform(dates)[part].unique()) == values


def test_a_date_beside_a_category_of_the_year_is_not_nearly_collinear():
    season = pd.Series(pd.date_range("2007-11-09", periods=25))
    dates = pd.concat([season + pd.DateOffset(years=k) for k in range(3)] * 4, ignore_index=True)
    Z = preprocessor().fit_transform(pd.DataFrame({"egg": dates, "study": "PAL" + dates.dt.year.astype(str)}))
    singular = np.linalg.svd(Z.astype(np.float64), compute_uv=False)
    # Of 7 inputs 5 are independent: the studies add up to one, and the time is the study and the day of the year.
    assert np.sum(singular > 1e-4 * singular[0]) == 5
    assert singular[4] > 0.5 * singular[0]


def test_times_and_cycles_are_exact():
    stamps = ["2019-01-01 00:00", "2020-12-31 18:00", "2021-07-02 12:00", "2023-04-15 06:00"]
    training = drawn("2019", "2023", "h")
    training[0] = pd.Timestamp("2018-12-31")
    parts = DateParts().fit(training).transform(pd.Series(pd.to_datetime(stamps), name="d"))
    assert parts["d"].tolist() == [1, 731.75, 914.5, 1566.25]
    year, week, day = [0, 365.75 / 366, 0.5, 104.25 / 365], [1 / 7, 3 / 7, 4 / 7, 5 / 7], [0, 0.75, 0.5, 0.25]
    for name, passed in {"year": year, "week": week, "day": day}.items():
        np.testing.assert_allclose(parts[f"d_{name}_cos"], np.cos(2 * np.pi * np.array(passed)), atol=1e-15)
        np.testing.assert_allclose(parts[f"d_{name}_sin"], np.sin(2 * np.pi * np.array(passed)), atol=1e-15)


def test_a_trend_and_a_season_are_linear_in_the_parts():
    dates = drawn("2010", "2020", "D")
    days = (dates - dates.min()).dt.days.to_numpy()
    passed = (dates.dt.day_of_year - 1) / np.where(dates.dt.is_leap_year, 366, 365)
    y = 3 - 0.002 * days + 0.5 * np.cos(2 * np.pi * (passed - 0.1))
    Z = preprocessor().fit_transform(dates.to_frame()).astype(np.float64)
    weights, rest = np.linalg.lstsq(np.column_stack([np.ones(len(Z)), Z]), y)[:2]
    assert rest[0] < 1e-9
    np.testing.assert_allclose(weights[1], -0.002 * days.std(), rtol=1e-5)


def test_seconds_stay_apart():
    Z = preprocessor().fit_transform(pd.DataFrame({"d": pd.date_range("2024-05-13", periods=61, freq="s")}))
    np.testing.assert_allclose(Z[:, 0], (np.arange(61) - 30) / np.sqrt((61**2 - 1) / 12), atol=3e-7)  # float32


def test_a_missing_date_has_one_indicator_and_no_place_in_a_cycle():
    dates = drawn("2010", "2020", "D").mask(np.arange(400) % 4 == 0)
    pipeline = preprocessor()
    Z = pipeline.fit_transform(dates.to_frame())
    names = pipeline["impute"].get_feature_names_out(pipeline["encode"].get_feature_names_out()).tolist()
    assert names == [*(f"d{part}" for part in ALL[:5]), "missingindicator_d"]
    np.testing.assert_allclose(Z[::4, :5], 0, atol=1e-6)


def test_where_training_has_no_date_every_date_is_missing():
    fitted = preprocessor().fit(pd.DataFrame({"d": pd.Series([pd.NaT] * 20, dtype="datetime64[us]")}))
    np.testing.assert_array_equal(fitted.transform(pd.DataFrame({"d": pd.to_datetime(["2020-01-01"])})), [[0, 0]])


def test_dates_alike_in_training_are_a_constant():
    fitted = preprocessor().fit(pd.DataFrame({"d": pd.to_datetime(["2020-01-01"] * 9)}))
    np.testing.assert_array_equal(fitted.transform(pd.DataFrame({"d": pd.to_datetime(["2020-01-03"])})), [[2]])


def test_written_dates_are_dates():
    dates = drawn("2010", "2020", "D")
    written = dates.dt.strftime("%Y-%m-%d")
    expected = preprocessor().fit_transform(dates.to_frame())
    np.testing.assert_array_equal(preprocessor().fit_transform(written.to_frame()), expected)


def test_a_zone_counts_in_universal_time():
    dates = drawn("2019", "2021", "h")
    abroad = dates.dt.tz_localize("UTC").dt.tz_convert("Asia/Tokyo")
    expected = preprocessor().fit_transform(dates.to_frame())
    np.testing.assert_array_equal(preprocessor().fit_transform(abroad.to_frame()), expected)


def test_a_batch_without_dates_is_a_batch_of_missing_ones():
    dates = drawn("2010", "2020", "D")
    fitted = preprocessor().fit(dates.dt.strftime("%Y-%m-%d").to_frame())
    for batch in ([None, None], ["soon", "later"], [pd.NaT, pd.NaT]):
        np.testing.assert_allclose(fitted.transform(pd.DataFrame({"d": batch})), 0, atol=1e-6)


def test_dates_of_all_ages_pass():
    dates = pd.Series(np.array(["0001-01-01", "1066-10-14", "9999-12-31"] * 5, dtype="datetime64[s]"), name="d")
    assert np.isfinite(preprocessor().fit_transform(dates.to_frame())).all()
