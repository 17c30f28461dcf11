"""Log-densities, entropies, divergences and distribution functions, with gradients by the parameters."""

import numpy as np
import scipy.special
import scipy.stats
import torch
import torch.distributions as D

from stats import Digamma

PARAMETERS = {
    "normal": [lambda d: d.normal(2, 3), lambda d: d.positive(2, 3)],
    "uniform": [lambda d: d.normal(2, 3, low=-3, high=-1), lambda d: d.normal(2, 3, low=1, high=3)],
    "bernoulli": [lambda d: d.normal(2, 3, low=0.03, high=0.97)],
    "bernoulli_logits": [lambda d: d.normal(2, 3)],
    "categorical": [lambda d: d.positive(2, 4)],
    "categorical_logits": [lambda d: d.normal(2, 4)],
    "gamma": [lambda d: d.positive(2, 3), lambda d: d.positive(2, 3)],
    "beta": [lambda d: d.positive(2, 3), lambda d: d.positive(2, 3)],
    "dirichlet": [lambda d: d.positive(2, 4)],
    "poisson": [lambda d: d.positive(2, 3)],
    "multivariate_normal": [lambda d: d.normal(2, 3), lambda d: d.normal(2, 3, 3).tril(-1) + torch.diag_embed(d.positive(2, 3))],
}

MAKE = {
    "normal": D.Normal, "uniform": D.Uniform, "bernoulli": lambda p: D.Bernoulli(probs=p), "bernoulli_logits": lambda p: D.Bernoulli(logits=p),
    "categorical": lambda p: D.Categorical(probs=p), "categorical_logits": lambda p: D.Categorical(logits=p), "gamma": D.Gamma, "beta": D.Beta,
    "dirichlet": D.Dirichlet, "poisson": D.Poisson, "multivariate_normal": lambda m, l: D.MultivariateNormal(m, scale_tril=l.tril()),
}

VALUES = {
    "normal": lambda d: d.normal(4, 2, 3), "uniform": lambda d: d.unit(4, 2, 3), "bernoulli": lambda d: d.bools(4, 2, 3).double(),
    "categorical": lambda d: d.whole(0, 4, 5, 2), "gamma": lambda d: d.positive(4, 2, 3), "beta": lambda d: d.normal(4, 2, 3, low=0.03, high=0.97),
    "dirichlet": lambda d: d.positive(5, 2, 4), "poisson": lambda d: d.whole(0, 9, 4, 2, 3).double(), "multivariate_normal": lambda d: d.normal(4, 2, 3),
}


def simplex(x):
    return x / x.sum(-1, keepdim=True)


def write(writer):
    D.Distribution.set_default_validate_args(False)
    exact = torch.digamma, torch.Tensor.digamma
    torch.digamma = Digamma.apply                              # whose gradient PyTorch knows to nine digits only
    torch.Tensor.digamma = lambda x: Digamma.apply(x)
    try:
        for family, parameters in PARAMETERS.items():
            make, n = MAKE[family], len(parameters)
            value = VALUES[family.replace("_logits", "")]
            function = lambda *x: make(*x[:n]).log_prob(simplex(x[n]) if family == "dirichlet" else x[n])
            writer.case("log_prob", family, function, *parameters, value, family=family)
            if family != "poisson":
                writer.case("entropy", family, lambda *x: make(*x).entropy(), *parameters, family=family)
            wider = [lambda d: d.normal(2, 3, low=-6, high=-4), lambda d: d.normal(2, 3, low=4, high=6)] if family == "uniform" else parameters
            writer.case("kl_divergence", family, lambda *x: D.kl_divergence(make(*x[:n]), make(*x[n:])), *parameters, *wider, family=family)
            if "categorical" not in family:
                moments = lambda *x: (make(*x).mean, make(*x).variance)
                writer.case("moments", family, moments, *parameters, family=family)
        writer.case("kl_divergence", "uniform and normal", lambda a, b, m, s: D.kl_divergence(D.Uniform(a, b), D.Normal(m, s)), *PARAMETERS["uniform"], *PARAMETERS["normal"], family="uniform", other="normal")
    finally:
        torch.digamma, torch.Tensor.digamma = exact
    for family in ("normal", "uniform"):
        writer.case("cdf", family, lambda a, b, x: MAKE[family](a, b).cdf(x), *PARAMETERS[family], VALUES[family], family=family)
    gamma = lambda a, r, x: torch.tensor(scipy.special.gammainc(a, r * x))
    writer.case("cdf", "gamma", gamma, *PARAMETERS["gamma"], VALUES["gamma"], grad=False, family="gamma")
    extreme = torch.tensor([1e-3, 0.05, 0.5, 1.0, 3.0, 30.0, 300.0, 1e3], dtype=torch.float64)
    for z in (-4, -1, -0.1, 0.3, 2, 5):
        place = torch.tensor(np.maximum(1e-30, extreme + z * np.sqrt(extreme)), dtype=torch.float64)
        writer.case("cdf", f"gamma, {z} deviations off", gamma, extreme, torch.ones_like(extreme), place, grad=False, only="float64", family="gamma")
    beta = lambda a, b, x: torch.tensor(scipy.special.betainc(a, b, x))
    writer.case("cdf", "beta", beta, *PARAMETERS["beta"], VALUES["beta"], grad=False, family="beta")
    one, zero = (torch.tensor(v, dtype=torch.float64) for v in ([1e-2, 0.05, 0.5, 1.0, 3.0, 30.0, 300.0, 1e3, 2e-3, 50.0], [0.7, 1e-2, 0.5, 2.0, 1.0, 4.0, 200.0, 1e3, 5e-3, 0.02]))
    for z in (-4, -1, -0.1, 0.3, 2, 5):
        mean = one / (one + zero)
        place = (mean + z * (mean * (1 - mean) / (one + zero + 1)).sqrt()).clamp(1e-12, 1 - 1e-9)
        writer.case("cdf", f"beta, {z} deviations off", beta, one, zero, place, grad=False, only="float64", family="beta")
    poisson = lambda r: torch.tensor([scipy.stats.poisson.entropy(x) for x in r.numpy().ravel()], dtype=torch.float64).reshape(r.shape)
    writer.case("entropy", "poisson", poisson, torch.tensor([0.0, 0.3, 1.0, 7.0, 60.0, 99.5, 101.0, 400.0], dtype=torch.float64), grad=False, family="poisson")
    writer.case("cdf", "poisson", lambda r, x: torch.tensor(scipy.special.gammaincc(np.floor(x) + 1, r)), *PARAMETERS["poisson"], lambda d: d.positive(4, 2, 3) * 2, grad=False, family="poisson")
