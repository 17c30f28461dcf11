"""Reductions over any axes, cumulative sums and products, sorting."""

import torch

NAN, INF = float("nan"), float("inf")
CUBE = lambda d: d.normal(2, 3, 4)
AXES = [("all", None), ("axis 0", [0]), ("axis 1", [1]), ("last axis", [-1]), ("axes 0 and 2", [0, 2]), ("axes 1 and 2", [1, 2]), ("every axis by name", [2, 0, 1])]


def over(axes, rank):
    return list(range(rank)) if axes is None else axes


def product(x, axes, keep):
    for axis in sorted((a % x.dim() for a in axes), reverse=True):
        x = x.prod(dim=axis, keepdim=keep)
    return x


def reduce(writer):
    functions = {
        "sum": lambda x, a, k: x.sum(dim=over(a, x.dim()), keepdim=k) if x.dim() else x.sum(),
        "mean": lambda x, a, k: x.mean(dim=over(a, x.dim()), keepdim=k) if x.dim() else x.mean(),
        "prod": lambda x, a, k: product(x, over(a, x.dim()), k),
        "max": lambda x, a, k: x.amax(dim=over(a, x.dim()), keepdim=k),
        "min": lambda x, a, k: x.amin(dim=over(a, x.dim()), keepdim=k),
        "logsumexp": lambda x, a, k: x.logsumexp(dim=over(a, x.dim()), keepdim=k),
    }
    for op, function in functions.items():
        for name, axes in AXES:
            for keep in (False, True):
                args = {"keepDim": keep} if axes is None else {"axes": axes, "keepDim": keep}
                writer.case(op, f"{name}{', kept' if keep else ''}", lambda x: function(x, axes, keep), CUBE, **args)
        if op != "logsumexp":
            writer.case(op, "scalar", lambda x: function(x, None, False), lambda d: d.normal())
        writer.case(op, "one element", lambda x: function(x, None, False), lambda d: d.normal(1))
        writer.case(op, "long rows", lambda x: function(x, [1], False), lambda d: d.unit(3, 131) if op != "prod" else d.unit(3, 31) + 1.5, axes=[1])
        writer.case(op, "long columns", lambda x: function(x, [0], False), lambda d: d.unit(131, 3) if op != "prod" else d.unit(31, 3) + 1.5, axes=[0])
        special = torch.tensor([[1.0, NAN, 2.0], [1.0, INF, 2.0], [-INF, 1.0, 2.0], [-0.0, 0.0, -0.0]], dtype=torch.float64)
        writer.case(op, "special values", lambda x: function(x, [1], False), special, grad=False, axes=[1])
    for op in ("sum", "prod"):
        writer.case(op, "nothing", lambda x: functions[op](x, [0], False), lambda d: d.normal(0, 3), axes=[0])
        writer.case(op, "nothing at all", lambda x: functions[op](x, None, False), lambda d: d.normal(0))
    writer.case("sum", "kept nothing", lambda x: x.sum(dim=1), lambda d: d.normal(0, 3), axes=[1])
    for dtype in (torch.int64, torch.int32):
        name = str(dtype).split(".")[1]
        writer.case("max", name, lambda x: x.amax(1), lambda d: d.whole(-50, 50, 4, 9, dtype=dtype), grad=False, axes=[1])
        writer.case("min", name, lambda x: x.amin(0), lambda d: d.whole(-50, 50, 4, 9, dtype=dtype), grad=False, axes=[0])
    writer.case("sum", "int64", lambda x: x.sum(1), lambda d: d.whole(-50, 50, 4, 9), grad=False, axes=[1])
    writer.case("sum", "bools count", lambda x: x.sum(1), lambda d: d.bools(4, 9), grad=False, axes=[1])
    zeros = torch.tensor([[2.0, 0.0, 3.0], [0.0, 0.0, 4.0], [1.5, 2.0, 3.0]], dtype=torch.float64)
    writer.case("prod", "with zeros", lambda x: x.prod(1), zeros, axes=[1])


def spread(writer):
    for op, function in (("var", torch.var), ("std", torch.std)):
        for name, axes in AXES[:5]:
            for correction in (1, 0):
                for keep in (False, True):
                    args = {"correction": correction, "keepDim": keep} | ({} if axes is None else {"axes": axes})
                    dims = over(axes, 3)
                    writer.case(op, f"{name}, correction {correction}{', kept' if keep else ''}",
                                lambda x: function(x, dim=dims, correction=correction, keepdim=keep), CUBE, **args)
        writer.case(op, "far from zero", lambda x: function(x, dim=[0], correction=1), lambda d: d.unit(40) + 4096, only="float64", correction=1, axes=[0])

    for p in (2.0, 1.0, 3.0, 0.5, INF, -INF, 0.0):
        label = {INF: "inf", -INF: "-inf"}.get(p, str(p))
        for name, axes in (AXES[0], AXES[2], AXES[4]):
            args = {"p": label} | ({} if axes is None else {"axes": axes})
            writer.case("norm", f"p {label}, {name}", lambda x: torch.linalg.vector_norm(x, p, dim=axes), CUBE, grad=p != 0.0, **args)
    for p, axis in ((2.0, 1), (2.0, -1), (1.0, 0), (3.0, 1), (float("inf"), -1)):
        writer.case("normalize", f"p {p} along {axis}", lambda x: torch.nn.functional.normalize(x, p, axis), CUBE, p=str(p), axis=axis, epsilon=1e-12)
    writer.case("normalize", "short", lambda x: torch.nn.functional.normalize(x, 2.0, 1, 100.0), CUBE, p="2.0", axis=1, epsilon=100.0)
    writer.case("normalize", "of zeros", lambda x: torch.nn.functional.normalize(x, 2.0, 1), torch.zeros(2, 3, dtype=torch.float64), grad=False, p="2.0", axis=1, epsilon=1e-12)
    cosine = torch.nn.functional.cosine_similarity
    for axis in (0, 1, -1):
        writer.case("cosine_similarity", f"along {axis}", lambda x, y: cosine(x, y, axis), CUBE, CUBE, axis=axis)
    writer.case("cosine_similarity", "broadcast", lambda x, y: cosine(x, y, 1), CUBE, lambda d: d.normal(3, 1), axis=1)
    writer.case("cosine_similarity", "of zeros", lambda x, y: cosine(x, y, 1), torch.zeros(2, 3, dtype=torch.float64), lambda d: d.normal(2, 3), grad=False, axis=1)
    writer.case("norm", "of zeros", lambda x: torch.linalg.vector_norm(x, 2.0), torch.zeros(4, dtype=torch.float64), p="2.0")


def choose(writer):
    for op, function in (("argmax", torch.argmax), ("argmin", torch.argmin)):
        writer.case(op, "all", lambda x: function(x), CUBE, grad=False)
        for axis in (0, 1, -1):
            for keep in (False, True):
                writer.case(op, f"axis {axis}{', kept' if keep else ''}", lambda x: function(x, dim=axis, keepdim=keep), CUBE, grad=False, axis=axis, keepDim=keep)
        nan = torch.tensor([[1.0, NAN, 2.0, NAN], [3.0, INF, INF, -INF]], dtype=torch.float64)
        writer.case(op, "NaN wins, first of several", lambda x: function(x, dim=1), nan, grad=False, axis=1)
        writer.case(op, "long", lambda x: function(x, dim=1), lambda d: d.normal(3, 97), grad=False, axis=1)
    for op, function in (("all", torch.all), ("any", torch.any)):
        writer.case(op, "everything", lambda x: function(x), lambda d: d.bools(3, 4), grad=False)
        for axis in (0, 1):
            writer.case(op, f"axis {axis}", lambda x: function(x, dim=axis), lambda d: d.bools(3, 4) if axis else d.bools(2, 9), grad=False, axes=[axis])
            writer.case(op, f"axis {axis}, kept", lambda x: function(x, dim=axis, keepdim=True), lambda d: d.bools(2, 5), grad=False, axes=[axis], keepDim=True)
        writer.case(op, "nothing", lambda x: function(x, dim=0), lambda d: d.bools(0, 3), grad=False, axes=[0])


def scan(writer):
    for op, function in (("cumsum", torch.cumsum), ("cumprod", torch.cumprod)):
        for axis in (0, 1, -1):
            writer.case(op, f"axis {axis}", lambda x: function(x, dim=axis), CUBE, axis=axis)
        writer.case(op, "long", lambda x: function(x, dim=0), lambda d: d.normal(67, low=0.6, high=1.4), axis=0)
        writer.case(op, "one", lambda x: function(x, dim=0), lambda d: d.normal(1), axis=0)
        writer.case(op, "nothing", lambda x: function(x, dim=0), lambda d: d.normal(0, 2), axis=0)
    writer.case("cumprod", "with zeros", lambda x: x.cumprod(1), torch.tensor([[2.0, 0.0, 3.0, 4.0], [0.0, 5.0, 0.0, 4.0]], dtype=torch.float64), axis=1)
    writer.case("cumsum", "int64", lambda x: x.cumsum(1), lambda d: d.whole(-9, 9, 3, 7), grad=False, axis=1)


def order(writer):
    for axis in (0, 1, -1):
        for descending in (False, True):
            label = f"axis {axis}{', descending' if descending else ''}"
            writer.case("sort", label, lambda x: torch.sort(x, dim=axis, descending=descending), CUBE, axis=axis, descending=descending)
            writer.case("argsort", label, lambda x: torch.argsort(x, dim=axis, descending=descending), CUBE, grad=False, axis=axis, descending=descending)
    ties = torch.tensor([3, 1, 2, 1, 3, 2, 1])
    for descending in (False, True):
        writer.case("sort", f"stable{', descending' if descending else ''}", lambda x: torch.sort(x, dim=0, descending=descending, stable=True), ties, grad=False, axis=0, descending=descending)
    nan = torch.tensor([1.0, NAN, -INF, INF, 0.5], dtype=torch.float64)
    for descending in (False, True):
        writer.case("sort", f"NaN is the largest{', descending' if descending else ''}", lambda x: torch.sort(x, descending=descending), nan, grad=False, axis=-1, descending=descending)
    writer.case("sort", "long", lambda x: torch.sort(x, dim=1, stable=True), lambda d: d.normal(2, 150), axis=1, descending=False)
    for k, axis, largest in ((2, -1, True), (2, 0, True), (2, 1, False), (1, -1, False), (4, 2, True), (0, -1, True)):
        writer.case("topk", f"{k} {'largest' if largest else 'smallest'}, axis {axis}", lambda x: torch.topk(x, k, dim=axis, largest=largest), CUBE, grad=k > 0, k=k, axis=axis, largest=largest)


def write(writer):
    reduce(writer)
    spread(writer)
    choose(writer)
    scan(writer)
    order(writer)
