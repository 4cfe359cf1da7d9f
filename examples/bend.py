"""The picture of the README: the same moons under logistic regression and under 200 sigmoid units."""

from pathlib import Path

from matplotlib.figure import Figure
from sklearn.datasets import make_moons

import nonlin as nl
from nonlin.plots._style import to_svg

X, y = make_moons(1000, noise=0.2, random_state=0)
figure = Figure(figsize=(9, 3.8))
left, right = figure.subplots(1, 2)
line = nl.LogisticRegression().fit(X, y)
bend = nl.MLPClassifier((200,), "sigmoid", random_state=0).fit(X, y)
nl.plot.decision_surface(line, X, y, ax=left, title="logistic regression")
nl.plot.decision_surface(bend, X, y, ax=right, title="200 sigmoid units")
(Path(__file__).parent.parent / "docs" / "bend.svg").write_text(to_svg(figure))
