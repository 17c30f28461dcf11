"""Makes the polynomials of the Elementary functions: minimax fits by Lawson's reweighted least squares.

Coefficients are rounded to float32 one after the other, the lowest first, and the rest fitted again, so that the
rounding of one is made up for by the next. Needs numpy only. Prints the largest relative error beside each fit.
"""
import math

import numpy as np


def chebyshev(a, b, n=700):
    return (a + b) / 2 + (b - a) / 2 * np.cos(np.pi * (np.arange(n) + 0.5) / n)


def lawson(target, basis, weight, steps=400):
    """Coefficients c that make max |weight · (basis·c − target)| smallest."""
    mass, best = np.ones_like(target) / len(target), (math.inf, None)
    for _ in range(steps):
        scale = np.sqrt(mass) * weight
        c, *_ = np.linalg.lstsq(basis * scale[:, None], target * scale, rcond=None)
        error = np.abs(weight * (basis @ c - target))
        if error.max() < best[0]:
            best = (error.max(), c)
        mass = mass * (error / error.max() + 1e-12)
        mass /= mass.sum()
    return best[1]


def polynomial(name, f, weight, x, n, fixed=()):
    """f ≈ c0 + c1·x + … with n coefficients, of which the first ones may be given."""
    c = list(fixed)
    while len(c) < n:
        rest = f - sum(k * x**i for i, k in enumerate(c))
        basis = np.stack([x**i for i in range(len(c), n)], 1)
        c.append(float(np.float32(lawson(rest, basis, weight)[0])))
    error = np.abs(weight * (sum(k * x**i for i, k in enumerate(c)) - f)).max()
    print(f"{name}: 2^{math.log2(error):.1f}", ", ".join(f"{k:.9g}" for k in c))


def normal_cdf(limit=5.5, terms=6, steps=3000):
    """(Φ(x) − ½)/x ≈ p(x²)/q(x²); errors count more where Φ(−|x|) is small."""
    x = chebyshev(-limit, limit, 2400)[:1200]
    x = x[x > 1e-3]
    tail = np.array([0.5 * math.erfc(v / math.sqrt(2)) for v in x])
    f, w = (0.5 - tail) / x, x * x / limit**2
    weight = x / np.sqrt(np.maximum(tail, 0.02))
    powers = np.stack([w**i for i in range(terms)], 1)
    basis = np.concatenate([powers, -f[:, None] * powers[:, 1:]], 1)
    mass, q, best = np.ones_like(x) / len(x), np.ones_like(x), (math.inf, None)
    for _ in range(steps):
        scale = np.sqrt(mass) * weight / q
        c, *_ = np.linalg.lstsq(basis * scale[:, None], f * scale, rcond=None)
        q = 1 + powers[:, 1:] @ c[terms:]
        error = np.abs(weight * (powers @ c[:terms] / q - f))
        if error.max() < best[0]:
            best = (error.max(), c.copy())
        mass = mass * np.sqrt(error / error.max()) + 1e-15
        mass /= mass.sum()
    c = best[1]
    print("normal cdf p:", ", ".join(f"{c[i] / limit ** (2 * i):.9g}" for i in range(terms)))
    print("normal cdf q: 1,", ", ".join(f"{c[terms + i - 1] / limit ** (2 * i):.9g}" for i in range(1, terms)))


def main():
    x = chebyshev(-0.3475, 0.3475)
    x = x[np.abs(x) > 1e-3]
    polynomial("(e^r - 1 - r)/r^2", (np.expm1(x) - x) / x**2, x**2 / np.expm1(x), x, 6, (0.5,))

    x = chebyshev(2**-0.5 - 1, 2**0.5 - 1)
    x = x[np.abs(x) > 1e-2]
    polynomial("(ln(1 + m) - m + m^2/2)/m^3", (np.log1p(x) - x + x**2 / 2) / x**3, x**3 / np.log1p(x), x, 9)

    x = chebyshev(0.02, 1.5712)
    polynomial("(sin r - r)/r^3 in r^2", (np.sin(x) - x) / x**3, x**3 / np.sin(x), x**2, 4)

    x = chebyshev(0.01, 1)
    polynomial("(atan t - t)/t^3 in t^2", (np.arctan(x) - x) / x**3, x**3 / np.arctan(x), x**2, 9)

    x = chebyshev(0.001, 0.85)
    erf = np.array([math.erf(v) for v in x])
    polynomial("erf(x)/x - 1 in x^2", erf / x - 1, x / erf, x**2, 7)

    u = chebyshev(-1, (10.3 - 3) / (10.3 + 3))
    z = 3 * (1 + u) / (1 - u)
    f = np.array([(v + 3) * math.exp(v * v) * math.erfc(v) for v in z])
    polynomial("(z + 3) e^(z^2) erfc z in (z - 3)/(z + 3)", f, 1 / f, u, 10)

    normal_cdf()


if __name__ == "__main__":
    main()
