"""Texts that were made to hurt a parser: towers of powers, deep brackets, endless digits, foreign characters."""

PRIMES = [p for p in range(2, 1000) if all(p % d for d in range(2, p))]


def nested(opening, times, core="z", closing=")"):
    return opening * times + core + closing * times


HOSTILE = {
    "a power of a case": "((where(z < 1, z, 1e-300)**64)**64)**64 < z",
    "a comparison of a power of a case": "where((where(z < 1, z, 1e-300)**64)**64 < z, z, 1)",
    "a tower of powers": "z**9**9**9",
    "a tower of numbers": "9**9**9**9*z",
    "powers of powers": nested("(", 5, "z", "**64)"),
    "a sum to the 4096th": "((z+1)**64)**64",
    "a product of powers": "*".join(["(z+1)**64"] * 200),
    "powers of powers of a root": "(((isru(3)**64)**3)**64)*z",
    "powers of powers of a number near 1": f"(((0.{'9' * 30}**64)**64)**64)**64*z",
    "powers of powers of cases near 1": f"((where(z > 1, 0.{'9' * 30}, 1)**64)**64)**64*z",
    "a tower of pi": "pi**pi**pi**pi*z",
    "a tower of e": "e**e**e**e*z",
    "two to the 216000th": "(((2**60)**60)**60)*z",
    "squares of squares": "z" + "**2" * 600,
    "a long fraction as an exponent": f"z**0.{'3' * 300}",
    "two to a long fraction": f"2**0.{'3' * 300}*z",
    "a hundred thousand brackets": nested("(", 100_000),
    "a million brackets": "(" * 10**6,
    "a million letters": "z" * 10**6,
    "a million digits": "9" * 10**6,
    "a million spaces": " " * 10**6 + "z",
    "forty brackets": nested("(", 40),
    "an exponent of nine digits": "1e999999999*z",
    "the largest number squared": "1e300*1e300*z",
    "a number of 319 digits": "9" * 319 + "*z",
    "a fraction of 311 digits": f"0.{'0' * 310}1*z",
    "a thousand nines": "9*" * 999 + "z",
    "a thousand factors": "*".join(["z"] * 1000),
    "factors that differ": "*".join(f"(z+{i})" for i in range(10, 250)),
    "a thousand terms": "+".join(["z"] * 1000),
    "terms that differ": "+".join(f"tanh({i}*z)" for i in range(10, 180)),
    "fractions of large numbers": "+".join(f"1/{10**9 + i}" for i in range(150)) + "+z",
    "halves of halves": "z" + "/2" * 900,
    "a product of roots": "*".join(f"sqrt({p})" for p in PRIMES) + "*z",
    "a sum of roots": "+".join(f"sqrt({p})" for p in PRIMES) + "+z",
    "the root of a product of two large primes": f"sqrt({(2**127 - 1) * (2**521 - 1)})*z",
    "a power of a product of two near primes": f"{(10**30 + 57) * (10**30 + 331)}**0.3333*z",
    "deep where": nested("where(z > 0, ", 39, "z", ", z)"),
    "where in the condition of where": "where(" * 10 + "z > 0" + ", z, 1) > 0" * 9 + ", z, 1)",
    "comparisons in comparisons": (
        "where(((k*rsqrt(tanhshrink(z)))+((sigmoid(1e300)/tanh(z))-where(z > sinh(sigma), where(z <= alpha, "
        "3, z), (z)**1))) < max(3, min((where(z <= z, 0.044715, z)/min(3, z)), min((k-z), where(z > z, z, "
        "z)))), ((max(z, (1+z))/where((e*0.5) < (theta+lam), where(alpha_n >= z, z, alpha), "
        "(mu)**3))+((min(0.044715, z)*where(z >= z, a, d))*min((z+-2.5), "
        "(z-9999999999999999999999999999999999999999)))), where(where(0 > min(squareplus(z, z), (z)**e), "
        "where(-2.5 < sin(k), (z/z), max(e, lam)), (1)**1e-300) >= where(z >= ((z*1e300)-c), max(z, (a)**0), "
        "(where(z > 0.5, 2, z)-z)), (where(sqrt(beta) < 9999999999999999999999999999999999999999, (z)**1/3, "
        "(z)**-2.5))**2, (z+(pi)**-2.5)))"
    ),
    "min of min": nested("min(", 30, "z", ", 1)"),
    "max of min": nested("max(z, min(1, ", 15, "z", "))"),
    "clip of clip": nested("clip(", 12, "z", ", -1, 1)"),
    "exp of exp": nested("exp(", 39),
    "exp of exp of a number": nested("exp(", 4, "9") + "*z",
    "log of log": nested("log(", 39),
    "roots of roots of two": nested("sqrt(", 38, "2") + "+z",
    "sinh of a huge number": "sinh(1e300)*z",
    "sin of a huge number": "sin(1e300)*z",
    "equal roots compared": "where(sqrt(2) + sqrt(3) > sqrt(5 + 2*sqrt(6)), z, 1)",
    "one compared with one": "where(sin(1)**2 + cos(1)**2 > 1, z, 1)",
    "two thousand signs": "-" * 1999 + "z",
    "two thousand commas": "," * 2000,
    "two thousand dots": "." * 2000,
    "stars": "z" + "*" * 1999,
    "a null": "z\0",
    "a lone surrogate": "z\ud800",
    "a digit of another script": "z+١",
    "a raised digit": "z²",
    "a wide letter": "ｚ",
    "a mathematical letter": "𝑧",
    "a true minus": "−z",
    "text from right to left": "z\u202e+1",
    "a byte-order mark": "\ufeffz",
    "a space that does not break": "z\xa0+1",
    "Python": "__import__('os').system('true')",
    "an attribute": "z.__class__",
    "a comprehension": "[z for z in ()]",
}
