"""A browser and a server for all tests of the page, and a context for each, in which nothing may go wrong unseen."""

import pytest
from playwright.sync_api import expect

from browser.playground import Visit
from browser.processes import chromium, node_package, served

expect.set_options(timeout=30_000)


@pytest.fixture(scope="package")
def browser():
    # Not for the whole session: while Playwright runs, no other test could start an event loop.
    with chromium() as running:
        yield running


@pytest.fixture(scope="package")
def server(browser):
    with served() as running:
        yield running


AXE = """async options => (await axe.run(document, {resultTypes: ["violations"], ...options})).violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary.replace(/\\s+/g, " ")}`.slice(0, 400)))"""


@pytest.fixture(scope="package")
def axe():
    """What axe-core finds on a page, by all of its rules or by some.

    It is put in from outside of the page, whose policy lets in no other script.
    """
    source = (node_package("axe-core") / "axe.min.js").read_text()

    def violations(play, *rules):
        if not play.page.evaluate("typeof axe !== 'undefined'"):
            play.page.evaluate(source)
        return play.page.evaluate(AXE, {"runOnly": rules} if rules else {})

    return violations


@pytest.fixture
def visit(browser, server):
    """Opens contexts of this test: ``visit()`` is a page of the playground, with options of Playwright's contexts."""
    visits = []

    def start(address="", *, server=server, **options):
        visits.append(Visit(browser, server, **options))
        return visits[-1].open(address)

    yield start
    for one in visits:
        one.close()
    assert [fault for one in visits for fault in one.faults] == []


@pytest.fixture
def play(visit):
    """The playground as it opens."""
    return visit()
