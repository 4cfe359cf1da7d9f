"""The diagnoses of a study are work like its fits: done once, kept one by one, shared, and gone on with."""

import pytest

import nonlin as nl
from nonlin import lab
from nonlin.data import load
from nonlin.lab import conduct
from nonlin.lab.keys import fit_keys, probe_keys, study_key
from nonlin.lab.plan import make_plan
from nonlin.lab.runner import run
from nonlin.lab.store import Store

TABLE = load("xor")
PLAN = make_plan("classification", ["tanh"], 10, "quick", 0)
OPTIONS = {"hidden": 10, "budget": "quick"}
NETWORKS = ["identity", "sigmoid", "tanh"]


@pytest.fixture
def looked(monkeypatch):
    """The networks that are really looked into."""
    seen, real = [], lab.probe
    monkeypatch.setattr(lab, "probe", lambda trial, *rest: seen.append(trial.candidate.name) or real(trial, *rest))
    return seen


def work_of(store):
    """The diagnoses of the study in a store, by their keys, and what the store calls them."""
    work = probe_keys(PLAN, store.fits(study_key(fit_keys(TABLE, PLAN))))
    return work, study_key(work)


def test_each_network_is_looked_into_at_the_rate_that_its_first_fold_chose():
    plan = make_plan("classification", ["tanh", nl.Activation("exp(exp(z)) - e", name="wild")], 10, "standard", 0)
    table = load("iris")
    with Store() as store:
        study = conduct(table, plan, store=store)
        fits = store.fits(study_key(fit_keys(table, plan)))
        work = probe_keys(plan, fits)
    assert "wild" in study.diverged
    assert [trial.candidate.name for trial in work.values()] == NETWORKS
    assert {trial.fold for trial in work.values()} == {0}
    assert [trial.rate for trial in work.values()] == [study.fits_of(name)[0].rate for name in NETWORKS]
    assert [(d.candidate, d.rate) for d in study.diagnoses] == [(t.candidate.name, t.rate) for t in work.values()]
    assert not set(work) & set(fits)


def test_what_a_store_holds_is_not_looked_into_again(looked, tmp_path):
    first = nl.study("xor", activations=["tanh"], **OPTIONS, store=tmp_path / "s.db")
    assert sorted(looked) == NETWORKS
    looked.clear()
    said = []
    again = nl.study(
        "xor",
        activations=["tanh", "relu"],
        **OPTIONS,
        store=tmp_path / "s.db",
        progress=lambda *what: said.append(what),
    )
    assert looked == ["relu"]
    assert said[0] == (25, 34, "found in the store")
    assert said[-2:] == [(33, 34, "diagnoses: found in the store"), (34, 34, "diagnoses: relu, fold 1")]
    assert repr(again.diagnoses[:3]) == repr(first.diagnoses)


def test_an_interruption_among_them_keeps_what_is_finished(looked):
    def interrupt(done, *_):
        if done == 27:
            raise KeyboardInterrupt

    with Store() as store:
        with pytest.raises(KeyboardInterrupt):
            conduct(TABLE, PLAN, interrupt, jobs=1, store=store)
        assert store.done(work_of(store)[1]) == 2
        looked.clear()
        study = conduct(TABLE, PLAN, store=store)
    assert looked == ["tanh"]
    assert repr(study.diagnoses) == repr(conduct(TABLE, PLAN).diagnoses)


def test_what_another_process_claimed_comes_last_and_is_done_if_it_is_not_finished(looked):
    with Store() as store:
        whole = conduct(TABLE, PLAN, store=store)
        fits, (work, name) = store.fits(study_key(fit_keys(TABLE, PLAN))), work_of(store)
    with Store() as fresh:
        fresh.enter(name, work)
        for key, fit in fits.items():
            fresh.put(key, fit)
        assert fresh.claim(name, 1) == [next(iter(work))]
        looked.clear()
        run(TABLE, PLAN, work, name, fresh, 1, lambda *_: None, lab.probe)
        assert looked == ["sigmoid", "tanh", "identity"]
        assert repr(tuple(fresh.diagnoses(name).values())) == repr(whole.diagnoses)


def test_a_study_in_which_every_network_ran_away_has_none():
    plan = make_plan("classification", [], 10, "quick", 0)
    fits = {str(i): fit for i, fit in enumerate(conduct(TABLE, plan).trials) if fit.candidate == "least squares"}
    assert probe_keys(plan, fits) == {}
