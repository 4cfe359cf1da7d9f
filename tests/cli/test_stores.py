"""A study with a store, gone on with, and what ``nonlin results`` says of it."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from nonlin.lab.fitting import fit_one
from nonlin.lab.store import Store

SMALL = ("--activations", "tanh", "--hidden", "5", "--budget", "quick")


@pytest.fixture
def tables(here):
    """Two files with a target y."""
    for name, rows in (("a", 40), ("b", 60)):
        pd.DataFrame(
            {"u": [i % 9 for i in range(rows)], "y": ["no", "yes", "yes"] * (rows // 3) + ["no"] * (rows % 3)}
        ).to_csv(here / f"{name}.csv", index=False)
    return here


def test_resume_goes_on_with_what_the_store_holds(nonlin, tables):
    first = nonlin("study", "a.csv", "--target", "y", *SMALL, "--store", "s.db")
    assert first[0] == 0, first
    assert re.search(r"^25 fits: about \d+ (s|min) on \d+ threads?$", first[1], re.MULTILINE)
    code, out, err = nonlin("study", "--store", "s.db", "--resume")
    assert (code, err) == (0, "")
    assert "all 25 fits are in the store" in out
    assert (
        out.split("store", 1)[1].split("The story")[0]
        == re.split("threads?", first[1], maxsplit=1)[-1].split("The story")[0]
    )
    assert nonlin("study", "b.csv", "--target", "y", *SMALL, "--store", "s.db", "--resume") == (
        2, "",
        "nonlin: the store 's.db' holds no study of 'b' with this data, plan and versions, but a (target 'y', 25 of 25 "
        "fits); leave out --resume to begin one\n",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "named", "leave"),
    [
        (("--hidden", "200"), "--hidden", "it"),
        (
            ("--seed", "5", "--target", "foo", "--budget", "quick", "--activations", "mish", "--task", "regression"),
            "--target, --activations, --budget, --seed, --task",
            "them",
        ),
    ],
)
def test_what_the_store_says_of_a_study_is_not_asked_for_otherwise(nonlin, here, words, named, leave):
    assert nonlin("study", "--store", "s.db", "--resume", *words) == (
        2, "",
        "nonlin: --resume without DATA goes on with the store's studies as they were planned, got "
        f"{named}; leave {leave} out, or name DATA\n",
    )  # fmt: skip
    assert list(here.iterdir()) == []


def test_a_table_that_has_changed_is_not_gone_on_with(nonlin, tables):
    assert nonlin("study", "a.csv", "--target", "y", *SMALL, "--store", "s.db")[0] == 0
    (tables / "a.csv").write_text((tables / "a.csv").read_text() + "3,yes\n")
    code, _, err = nonlin("study", "--store", "s.db", "--resume")
    assert code == 2
    assert err.startswith(
        "nonlin: the store 's.db' holds no study of 'a' with this data, plan and versions, but a (target"
    )


def test_an_empty_store_is_said_to_be_empty(nonlin, here):
    with Store(here / "s.db"):
        pass
    said = "s.db holds no study yet; `nonlin study --store` puts one in\n"
    assert nonlin("results", "s.db", "--out", "r.csv") == (0, said, "")
    assert not (here / "r.csv").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["study", "--resume"], "--resume needs --store FILE, the store that holds the study to go on with"),
        (
            ["study", "--resume", "--store", "s.db"],
            "there is no store 's.db'; name the file that 'nonlin study --store' wrote",
        ),
        (["results", "s.db"], "there is no store 's.db'; name the file that 'nonlin study --store' wrote"),
        (["results", "s.db", "--out", "r.xls"], "--out must be a file that ends in .csv or .parquet, got 'r.xls'"),
    ],
)
def test_refusals(nonlin, here, words, message):
    assert nonlin(*words) == (2, "", f"nonlin: {message}\n")
    assert list(here.iterdir()) == []


@pytest.mark.parametrize(("suffix", "read"), [("csv", pd.read_csv), ("parquet", pd.read_parquet)])
def test_results_prints_the_leaderboard_and_writes_every_fit(nonlin, tables, suffix, read):
    nonlin("study", "a.csv", "--target", "y", *SMALL, "--store", "s.db")
    code, out, err = nonlin("results", "s.db", "--out", f"r.{suffix}")
    assert (code, err) == (0, "")
    assert out.startswith("a: target 'y' (classification), seed 0")
    for part in ("network, sigmoid", "The linear gap: ", f"25 fits in r.{suffix}"):
        assert part in out
    frame = read(tables / f"r.{suffix}")
    assert len(frame) == 25
    assert [*frame.columns[:6]] == ["study", "table", "target", "candidate", "fold", "rate"]
    assert frame["accuracy"].between(0, 1).all()


@pytest.mark.parametrize(
    ("lost", "message"),
    [
        (
            {"identity"},
            "training ran away with the identity network, to which the others are compared, on 'a'; rescale the table's "
            "numbers and leave out rows far off\n",
        ),
        (
            {"sigmoid", "tanh"},
            "training ran away with every activation (sigmoid, tanh), on 'a'; take others, or rescale the "
            "table's numbers and leave out rows far off\n",
        ),
    ],
)
def test_a_study_that_has_nothing_to_compare_says_so_and_so_do_its_results(nonlin, tables, monkeypatch, lost, message):
    def running_away(trial, fold, task, plan):
        fit = fit_one(trial, fold, task, plan)
        nothing = dict.fromkeys(fit.scores, float("nan"))
        return replace(fit, scores=nothing) if trial.candidate.name in lost and fold.index == 1 else fit

    monkeypatch.setattr("nonlin.lab.fit_one", running_away)
    code, _, err = nonlin("study", "a.csv", "--target", "y", *SMALL, "--store", "s.db")
    assert (code, err) == (2, f"nonlin: {message}")
    assert not (tables / "study.html").exists()
    assert nonlin("results", "s.db")[:2] == (0, f"a: target 'y' (classification), seed 0\n  {message}\n")
