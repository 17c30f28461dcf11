"""Golden values of optimizers and schedules, from PyTorch. Run with a Python that has torch; writes data/optim.json.

The gradients are made, not computed by a network: g = a * (p - c) + noise(t), all of them formulas of the index, so that the
test makes the very same ones (in double precision, then rounded to the parameter's type).
"""
import json
import math
import os

import torch
from torch import optim
from torch.optim import lr_scheduler as sched
from torch.optim.swa_utils import AveragedModel

STEPS, SHOWN = 50, (1, 7, 50)
SHAPES = [(3, 5), (4,)]


def start(k, i):
    return math.cos(1.1 * i + 0.5 * k) * (1 + 0.2 * i)


def gradient(k, i, p, t):
    return (0.5 + 0.1 * i) * (p - math.sin(0.9 * i + k)) + 0.3 * math.sin(0.7 * i + 1.3 * t + k)


def rounded(x):
    return float(f"{x:.11g}")


def run(make, dtype, skip=False):
    ps = []
    for k, shape in enumerate(SHAPES):
        n = math.prod(shape)
        ps.append(torch.nn.Parameter(torch.tensor([start(k, i) for i in range(n)], dtype=torch.float64).to(dtype).reshape(shape)))
    optimizer, shown = make(ps), []
    for t in range(1, STEPS + 1):
        for k, p in enumerate(ps):
            values = [gradient(k, i, x, t) for i, x in enumerate(p.detach().double().flatten().tolist())]
            p.grad = torch.tensor(values, dtype=torch.float64).to(dtype).reshape(p.shape)
        if skip and t % 3 == 1:
            ps[1].grad = None
        optimizer.step()
        if t in SHOWN:
            shown.append([rounded(x) for p in ps for x in p.detach().double().flatten().tolist()])
    return shown


def groups(ps, **second):
    return [{"params": [ps[0]]}, {"params": [ps[1]], **second}]


OPTIMIZERS = {
    "sgd": lambda p: optim.SGD(p, lr=0.1),
    "sgd decay": lambda p: optim.SGD(p, lr=0.1, weight_decay=0.05),
    "sgd momentum": lambda p: optim.SGD(p, lr=0.05, momentum=0.9),
    "sgd momentum decay": lambda p: optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01),
    "sgd dampening": lambda p: optim.SGD(p, lr=0.05, momentum=0.8, dampening=0.3),
    "sgd nesterov": lambda p: optim.SGD(p, lr=0.02, momentum=0.9, nesterov=True, weight_decay=0.01),
    "sgd groups": lambda p: optim.SGD(groups(p, lr=0.01, momentum=0.5, weight_decay=0.1), lr=0.05, momentum=0.9),
    "sgd maximize": lambda p: optim.SGD(p, lr=0.001, momentum=0.9, maximize=True, weight_decay=0.1),
    "adagrad": lambda p: optim.Adagrad(p, lr=0.1),
    "adagrad options": lambda p: optim.Adagrad(p, lr=0.1, lr_decay=0.01, weight_decay=0.02, initial_accumulator_value=0.5),
    "rmsprop": lambda p: optim.RMSprop(p, lr=0.01),
    "rmsprop decay": lambda p: optim.RMSprop(p, lr=0.01, alpha=0.9, weight_decay=0.05),
    "rmsprop momentum": lambda p: optim.RMSprop(p, lr=0.01, momentum=0.9),
    "rmsprop centered": lambda p: optim.RMSprop(p, lr=0.01, alpha=0.95, centered=True),
    "rmsprop centered momentum": lambda p: optim.RMSprop(p, lr=0.003, alpha=0.95, centered=True, momentum=0.8, weight_decay=0.01),
    "adam": lambda p: optim.Adam(p, lr=0.01),
    "adam decay": lambda p: optim.Adam(p, lr=0.05, betas=(0.8, 0.99), eps=1e-6, weight_decay=0.1),
    "adam amsgrad": lambda p: optim.Adam(p, lr=0.05, betas=(0.9, 0.9), amsgrad=True),
    "adam groups": lambda p: optim.Adam(groups(p, lr=0.002, betas=(0.5, 0.999), weight_decay=0.2), lr=0.02),
    "adam maximize": lambda p: optim.Adam(p, lr=0.01, maximize=True),
    "adamw": lambda p: optim.AdamW(p, lr=0.02, weight_decay=0.1),
    "adamw amsgrad": lambda p: optim.AdamW(p, lr=0.02, betas=(0.9, 0.9), weight_decay=0.1, amsgrad=True),
    "adamw groups": lambda p: optim.AdamW(groups(p, lr=0.005, weight_decay=0.0), lr=0.02, weight_decay=0.3),
    # foreach: the plain loop of this version has the momentum of the present step once too often
    "nadam": lambda p: optim.NAdam(p, lr=0.02, foreach=True),
    "nadam decay": lambda p: optim.NAdam(p, lr=0.02, betas=(0.85, 0.99), weight_decay=0.1, momentum_decay=0.01, foreach=True),
    "radam": lambda p: optim.RAdam(p, lr=0.02),
    "radam decay": lambda p: optim.RAdam(p, lr=0.02, betas=(0.85, 0.99), weight_decay=0.1),
    "adamax": lambda p: optim.Adamax(p, lr=0.02),
    "adamax decay": lambda p: optim.Adamax(p, lr=0.02, betas=(0.8, 0.95), weight_decay=0.1),
    "adadelta": lambda p: optim.Adadelta(p, lr=1.0),
    "adadelta decay": lambda p: optim.Adadelta(p, lr=0.5, rho=0.8, eps=1e-4, weight_decay=0.1),
}

METRICS = [1 / (1 + 0.1 * min(t, 40)) + 0.02 * math.sin(2.1 * t) for t in range(200)]

SCHEDULES = {
    "step": lambda o: sched.StepLR(o, 30, 0.5),
    "multi step": lambda o: sched.MultiStepLR(o, [20, 70, 71, 150], 0.3),
    "exponential": lambda o: sched.ExponentialLR(o, 0.97),
    "polynomial": lambda o: sched.PolynomialLR(o, total_iters=150, power=2.0),
    "cosine": lambda o: sched.CosineAnnealingLR(o, 200, eta_min=0.001),
    "cosine turning": lambda o: sched.CosineAnnealingLR(o, 60, eta_min=0.001),
    "restarts": lambda o: sched.CosineAnnealingWarmRestarts(o, 30, 1, eta_min=0.002),
    "restarts growing": lambda o: sched.CosineAnnealingWarmRestarts(o, 10, 2),
    "constant": lambda o: sched.ConstantLR(o, 0.25, 17),
    "linear": lambda o: sched.LinearLR(o, 0.1, 0.9, 120),
    "one cycle": lambda o: sched.OneCycleLR(o, [0.1, 0.02], total_steps=201),
    "one cycle three": lambda o: sched.OneCycleLR(o, [0.1, 0.02], total_steps=201, pct_start=0.4, anneal_strategy="linear",
                                                  base_momentum=0.7, max_momentum=0.9, div_factor=10, final_div_factor=100, three_phase=True),
    "inverse square root": lambda o: sched.LambdaLR(o, lambda t: math.sqrt(25 / (25 + t))),
    "function": lambda o: sched.LambdaLR(o, lambda t: 1 / (1 + 0.05 * t)),
    "warm-up and cosine": lambda o: sched.SequentialLR(o, [sched.LinearLR(o, 0.05, 1.0, 20), sched.CosineAnnealingLR(o, 180)], [20]),
    "warm-up and step": lambda o: sched.SequentialLR(o, [sched.LinearLR(o, 0.1, 1.0, 10), sched.StepLR(o, 40, 0.5)], [10]),
    "chained": lambda o: sched.ChainedScheduler([sched.LinearLR(o, 0.1, 1.0, 30), sched.ExponentialLR(o, 0.99), sched.StepLR(o, 50, 0.5)]),
    "sequence": lambda o: sched.SequentialLR(o, [sched.ConstantLR(o, 0.1, 1000), sched.ExponentialLR(o, 0.9), sched.StepLR(o, 20, 0.2)], [30, 60]),
    "plateau": lambda o: sched.ReduceLROnPlateau(o, factor=0.5, patience=5),
    "plateau options": lambda o: sched.ReduceLROnPlateau(o, mode="max", factor=0.3, patience=3, threshold=0.01, threshold_mode="abs", cooldown=4, min_lr=1e-3),
}


def follow(name, make):
    ps = [torch.nn.Parameter(torch.zeros(1)) for _ in range(2)]
    optimizer = optim.SGD([{"params": [ps[0]]}, {"params": [ps[1]], "lr": 0.02}], lr=0.1, momentum=0.5)
    schedule = make(optimizer)
    rows = []
    for t in range(201):
        rows.append([rounded(x) for g in optimizer.param_groups for x in (g["lr"], g["momentum"])])
        if t == 200:
            break
        optimizer.step()
        if "plateau" in name:
            schedule.step(METRICS[t])
        else:
            schedule.step()
    if "one cycle" not in name:
        rows = [[row[0], row[2]] for row in rows]
    return rows


def rosenbrock(**options):
    x = torch.tensor([-1.5], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([2.0], dtype=torch.float64, requires_grad=True)
    optimizer, rows = optim.LBFGS([x, y], **options), []

    def closure():
        optimizer.zero_grad()
        loss = ((1 - x) ** 2 + 100 * (y - x * x) ** 2).sum()
        loss.backward()
        return loss

    for _ in range(12):
        loss = optimizer.step(closure)
        state = optimizer.state[x]
        rows.append([float(f"{v:.15g}") for v in (loss.item(), x.item(), y.item())] + [state["func_evals"], state["n_iter"]])
    return rows


def stochastic_average():
    model = torch.nn.Linear(3, 1, bias=False).double()
    average, rows = AveragedModel(model), []
    for t in range(20):
        model.weight.data = torch.tensor([[math.sin(1.0 + t), math.cos(0.3 * t), 0.1 * t]], dtype=torch.float64)
        average.update_parameters(model)
        rows.append([rounded(x) for x in average.module.weight.detach().flatten().tolist()])
    return rows


torch.set_default_dtype(torch.float64)  # numbers that PyTorch keeps beside its states (NAdam's product of momenta) are not to be rounded
golden = {
    "optimizers": {f"{name} {str(dtype)[6:]}": run(make, dtype) for name, make in OPTIMIZERS.items() for dtype in (torch.float32, torch.float64)},
    "skipping": {name: run(OPTIMIZERS[name], torch.float64, skip=True) for name in ("adam", "adamw", "nadam", "radam", "sgd dampening", "adagrad options")},
    "schedules": {name: follow(name, make) for name, make in SCHEDULES.items()},
    "lbfgs": {
        "wolfe": rosenbrock(max_iter=4, line_search_fn="strong_wolfe"),
        "short memory": rosenbrock(max_iter=3, history_size=2, line_search_fn="strong_wolfe", lr=0.5),
        "fixed length": rosenbrock(max_iter=5, lr=0.002),
    },
    "stochastic average": stochastic_average(),
}
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "data", "optim.json"), "w") as file:
    text = json.dumps(golden, separators=(",", ":"))
    file.write(text.replace('":[[', '":\n[[').replace("},", "},\n") + "\n")
