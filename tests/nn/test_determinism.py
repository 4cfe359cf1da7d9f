"""The same bits from the process that compiles the trainer and from those that find it on disk, in any order of calls."""

import os
import subprocess
import sys

FIT = """
import hashlib, numpy as np, nonlin as nl
rng = np.random.default_rng(0)
X = rng.normal(size=(300, 12))
y = (X[:, 0] * X[:, 1] > 0).astype(int)
def fitted(X, **given):
    model = nl.MLPClassifier(max_iter=3, n_iter_no_change=9, random_state=0, **given).fit(X, y)
    return hashlib.sha256(np.concatenate([w.ravel() for w in model.coefs_]).tobytes()).hexdigest()
jobs = {
    "narrow": lambda: fitted(X[:, :2].astype(np.float32), hidden_layer_sizes=(30,)),
    "wide": lambda: fitted(X, hidden_layer_sizes=(20, 10), activation="tanh"),
    "held out": lambda: fitted(X, hidden_layer_sizes=(9,), early_stopping=True),
}
import sys
found = {name: jobs[name]() for name in sys.argv[1].split(",")}
print(sorted(found.items()))
"""


def fits(folder: object, order: str) -> str:
    environment = {**os.environ, "NONLIN_CACHE_DIR": str(folder), "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "ignore", "-c", FIT, order]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300).stdout


def test_a_fit_has_the_same_bits_compiled_and_loaded(tmp_path: object) -> None:
    compiled = fits(tmp_path, "narrow,wide,held out")
    assert compiled.count("narrow") == 1
    assert fits(tmp_path, "narrow,wide,held out") == compiled
    assert fits(tmp_path, "held out,wide,narrow") == compiled
