"""What the kernels promise, measured against mpmath with 50 digits: behind ``nonlin verify`` and the contract tests.

- Errors are counted in units in the last place (:mod:`~nonlin.accuracy.units`): float32 to 1 ulp of the true value,
  float64 and the training kernel to 4 ulp of the terms that are added up, which are larger than the value where they
  cancel (:func:`~nonlin.accuracy.reference.terms`).
- One thing is taken off: a factor that is subnormal has an absolute error of its own last place, which the other
  factors multiply (:func:`~nonlin.accuracy.reference.underflow`). There is no exception for any name.
- The points are hard ones, break points and their neighbours, numbers of every size and ordinary ones
  (:mod:`~nonlin.accuracy.points`); :mod:`~nonlin.accuracy.exhaustive` walks through all float32 numbers.
- NaN must stay NaN, and ±∞ give the limit.
"""
