"""The front end as source and as bytes: its types hold, and little is sent until the page stands, by this server alone."""

import subprocess
from pathlib import Path

from browser.playground import Visit
from browser.processes import node_package

TYPES = Path(__file__).parents[1] / "web" / "tsconfig.json"
MOST_SENT, MOST_UNPACKED = 300_000, 600_000  # bytes
TIMING = """() => {
  const [page] = performance.getEntriesByType("navigation"), first = performance.getEntriesByName("first-contentful-paint");
  return {loaded: page.loadEventEnd, painted: first[0]?.startTime};
}"""


def test_types_hold():
    compiler = node_package("typescript") / "bin" / "tsc"
    ran = subprocess.run(["node", compiler, "-p", TYPES, "--noEmit"], capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.returncode) == ("", 0)


def test_little_is_sent(browser, server):
    visit, answers, news = Visit(browser, server), [], []
    visit.context.on("response", lambda answer: answers.append(answer))
    visit.context.on("page", lambda page: page.on(
        "websocket", lambda line: line.on("framereceived", lambda message: news.append(len(message)))
    ))  # fmt: skip
    play = visit.open()
    sizes = {answer.url: answer.request.sizes()["responseBodySize"] for answer in answers}
    bodies = {answer.url: len(answer.body()) for answer in answers if answer.ok}
    sent, unpacked = sum(sizes.values()) + sum(news), sum(bodies.values()) + sum(news)
    print(f"\nsent {sent:,} bytes, {unpacked:,} unpacked, {sum(news):,} of them news; {play.page.evaluate(TIMING)} ms")
    visit.close()
    assert visit.faults == []
    assert len(bodies) >= 3
    assert sent <= MOST_SENT
    assert unpacked <= MOST_UNPACKED
