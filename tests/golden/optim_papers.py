"""Golden values of optimizers that PyTorch 1.13 lacks, from the formulas of the papers, in numpy and one tensor at a time.

Writes data/optim_papers.json. The gradients are those of optim.py: formulas of index and step, which the test makes too. The cyclic
schedules are PyTorch's.
"""
import json
import math
import os

import numpy as np
import torch
from torch import optim
from torch.optim import lr_scheduler as sched

STEPS, SHOWN = 50, (1, 7, 50)
SMALL, SEVERAL = [(3, 5), (4,)], [(5, 3), (4,), (2, 3, 2), (1, 6), ()]


def start(k, shape):
    i = np.arange(math.prod(shape))
    return (np.cos(1.1 * i + 0.5 * k) * (1 + 0.2 * i)).reshape(shape)


def gradient(k, p, t):
    i = np.arange(p.size).reshape(p.shape)
    return (0.5 + 0.1 * i) * (p - np.sin(0.9 * i + k)) + 0.3 * np.sin(0.7 * i + 1.3 * t + k)


def rounded(xs):
    return [float(f"{x:.12g}") for x in xs]


def flat(ps):
    return rounded(x for p in ps for x in p.reshape(-1))


class Adam:
    """The direction of Adam."""

    def __init__(self, b1=0.9, b2=0.999, eps=1e-8):
        self.b1, self.b2, self.eps, self.m, self.v = b1, b2, eps, 0, 0

    def __call__(self, g, t):
        self.m = self.b1 * self.m + (1 - self.b1) * g
        self.v = self.b2 * self.v + (1 - self.b2) * g * g
        return self.m / (1 - self.b1 ** t) / (np.sqrt(self.v / (1 - self.b2 ** t)) + self.eps)


def lamb(lr, decay, b2=0.999):
    """You et al. 2020, algorithm 2, with phi the identity."""
    adam = Adam(b2=b2, eps=1e-6)

    def step(p, g, t):
        u = adam(g, t) + decay * p
        return p - lr * np.linalg.norm(p) / np.linalg.norm(u) * u

    return step


def adafactor(lr, relative=True, decay=0.0, power=0.8):
    """Shazeer and Stern 2018, algorithms 4 and 5."""
    state = {}

    def step(p, g, t):
        b = 1 - t ** -power
        s = g * g + 1e-30
        if g.ndim >= 2:
            state["r"] = b * state.get("r", 0) + (1 - b) * s.mean(-1, keepdims=True)
            state["c"] = b * state.get("c", 0) + (1 - b) * s.mean(-2, keepdims=True)
            v = state["r"] * state["c"] / state["r"].mean(-2, keepdims=True)
        else:
            v = state["v"] = b * state.get("v", 0) + (1 - b) * s
        u = g / np.sqrt(v)
        u = u / max(1, math.sqrt((u * u).mean()))
        rate = max(1e-3, math.sqrt((p * p).mean())) * min(lr, 1 / math.sqrt(t)) if relative else lr
        return p * (1 - lr * decay) - rate * u

    return step


def muon(lr, decay, original=False, momentum=0.95, nesterov=True):
    """Jordan et al. 2024; the scale of Liu et al. 2025."""
    state, adam = {}, Adam()

    def step(p, g, t):
        if p.ndim < 2:
            return p * (1 - lr * decay) - lr * adam(g, t)
        state["m"] = momentum * state.get("m", 0) + (1 - momentum) * g
        u = (1 - momentum) * g + momentum * state["m"] if nesterov else state["m"]
        x = u.reshape(u.shape[0], -1)
        m, n = x.shape
        x = x / np.sqrt((x * x).sum())
        for _ in range(5):
            # on the other side than the program for tall matrices, where it comes to the same
            a = x @ x.T
            x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
        scale = math.sqrt(max(1, m / n)) if original else 0.2 * math.sqrt(max(m, n))
        return p * (1 - lr * decay) - lr * scale * x.reshape(p.shape)

    return step


def each(make, shapes=SMALL):
    """An optimizer that looks at one tensor at a time."""
    ps, steps, shown = [start(k, s) for k, s in enumerate(shapes)], [make() for _ in shapes], []
    for t in range(1, STEPS + 1):
        ps = [step(p, gradient(k, p, t), t) for k, (p, step) in enumerate(zip(ps, steps))]
        if t in SHOWN:
            shown.append(flat(ps))
    return shown


def schedule_free(lr, decay, b1=0.9, b2=0.999, warm_up=0):
    """Defazio et al. 2024, algorithm 1: x and z are kept, and y lies between them."""
    xs, shown = [start(k, s) for k, s in enumerate(SMALL)], []
    zs, vs, total = list(xs), [0] * len(xs), 0
    for t in range(1, STEPS + 1):
        rate = lr * min(1, 1 / warm_up + (1 - 1 / warm_up) * (t - 1) / warm_up) if warm_up else lr
        total += rate ** 2
        c = rate ** 2 / total
        for k in range(len(xs)):
            y = (1 - b1) * zs[k] + b1 * xs[k]
            g = gradient(k, y, t)
            vs[k] = b2 * vs[k] + (1 - b2) * g * g
            n = g / (np.sqrt(vs[k] / (1 - b2 ** t)) + 1e-8) + decay * y
            zs[k] = zs[k] - rate * n
            xs[k] = (1 - c) * xs[k] + c * zs[k]
        if t in SHOWN:
            shown.append([flat([(1 - b1) * z + b1 * x for x, z in zip(xs, zs)]), flat(xs)])
    return shown


def momentum(lr, mu):
    state = {"b": 0}

    def step(p, g, t):
        state["b"] = mu * state["b"] + g
        return p - lr * state["b"]

    return step


def adam(lr):
    direction = Adam()
    return lambda p, g, t: p - lr * direction(g, t)


def lookahead(make, k, alpha):
    """Zhang et al. 2019, algorithm 1."""
    ps, steps, shown = [start(k, s) for k, s in enumerate(SMALL)], [make() for _ in SMALL], []
    slow = list(ps)
    for t in range(1, STEPS + 1):
        ps = [step(p, gradient(i, p, t), t) for i, (p, step) in enumerate(zip(ps, steps))]
        if t % k == 0:
            slow = [s + alpha * (p - s) for p, s in zip(ps, slow)]
            ps = list(slow)
        if t in SHOWN:
            shown.append(flat(ps))
    return shown


def sam(make, rho, adaptive=False):
    """Foret et al. 2021, algorithm 1; Kwon et al. 2021, equation 8."""
    ps, steps, shown = [start(k, s) for k, s in enumerate(SMALL)], [make() for _ in SMALL], []
    for t in range(1, STEPS + 1):
        gs = [gradient(k, p, t) for k, p in enumerate(ps)]
        scaled = [np.abs(p) * g for p, g in zip(ps, gs)] if adaptive else gs
        norm = math.sqrt(sum((s * s).sum() for s in scaled))
        up = [p + rho * (np.abs(p) * s if adaptive else s) / (norm + 1e-12) for p, s in zip(ps, scaled)]
        ps = [step(p, gradient(k, u, t), t) for k, (p, u, step) in enumerate(zip(ps, up, steps))]
        if t in SHOWN:
            shown.append(flat(ps))
    return shown


def cyclic(**options):
    ps = [torch.nn.Parameter(torch.zeros(1)) for _ in range(2)]
    optimizer = optim.SGD([{"params": [ps[0]]}, {"params": [ps[1]], "lr": 0.02}], lr=0.1, momentum=0.5)
    schedule = sched.CyclicLR(optimizer, [0.01, 0.01], [0.1, 0.02], base_momentum=0.8, max_momentum=0.95, **options)
    rows = []
    for _ in range(201):
        rows.append(rounded(x for g in optimizer.param_groups for x in (g["lr"], g["momentum"])))
        optimizer.step()
        schedule.step()
    return rows


golden = {
    "optimizers": {
        "lamb": each(lambda: lamb(0.02, 0.01)),
        "lamb without decay": each(lambda: lamb(0.01, 0.0, 0.99)),
        "adafactor": each(lambda: adafactor(0.05)),
        "adafactor of several shapes": each(lambda: adafactor(0.05), SEVERAL),
        "adafactor by the rate": each(lambda: adafactor(0.02, False, 0.1, 0.7)),
        "muon": each(lambda: muon(0.02, 0.1)),
        "muon of several shapes": each(lambda: muon(0.02, 0.1), SEVERAL),
        "muon original": each(lambda: muon(0.02, 0.0, True, 0.9, False), SEVERAL),
        "lookahead of momentum": lookahead(lambda: momentum(0.02, 0.9), 5, 0.5),
        "lookahead of adam": lookahead(lambda: adam(0.02), 3, 0.8),
        "sam": sam(lambda: momentum(0.02, 0.9), 0.5),
        "sam adaptive": sam(lambda: adam(0.02), 1.0, True),
    },
    "schedule free": {
        "plain": schedule_free(0.02, 0.0),
        "decay and warm-up": schedule_free(0.05, 0.1, 0.8, 0.99, 10),
    },
    "schedules": {
        "triangular": cyclic(step_size_up=20, step_size_down=30),
        "halving": cyclic(step_size_up=17, mode="triangular2"),
        "exponential": cyclic(step_size_up=10, step_size_down=40, mode="exp_range", gamma=0.99),
    },
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "optim_papers.json"), "w") as file:
    text = json.dumps(golden, separators=(",", ":"))
    file.write(text.replace('":[[', '":\n[[').replace("},", "},\n") + "\n")
