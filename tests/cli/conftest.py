"""Run the command line in this process."""

import sys

import pytest

from nonlin.cli import main


@pytest.fixture
def nonlin(monkeypatch, capsys):
    """Run ``nonlin`` with some words; return the exit code, stdout and stderr."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["nonlin", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return left.value.code or 0, out, err

    return run


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
