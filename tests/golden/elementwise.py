"""Formulas of one and two arguments: values, gradients, kinks, special values, integers, broadcasting."""

import math

import torch
import torch.nn.functional as F

NAN, INF = float("nan"), float("inf")

ANY = lambda d: d.normal(4, 6)
POSITIVE = lambda d: d.positive(4, 6)
UNIT = lambda d: d.unit(4, 6)


def hard_sigmoid(x):
    """PyTorch's own takes 1/6 in float32 for the gradient."""
    return (x / 6 + 0.5).clamp(0, 1)


UNARY = {
    "neg": (torch.neg, ANY), "abs": (torch.abs, ANY), "sign": (torch.sign, ANY), "square": (torch.square, ANY),
    "reciprocal": (torch.reciprocal, ANY), "sqrt": (torch.sqrt, POSITIVE), "rsqrt": (torch.rsqrt, POSITIVE),
    "exp": (torch.exp, ANY), "expm1": (torch.expm1, ANY), "log": (torch.log, POSITIVE), "log1p": (torch.log1p, POSITIVE),
    "sin": (torch.sin, ANY), "cos": (torch.cos, ANY), "tan": (torch.tan, UNIT),
    "asin": (torch.asin, UNIT), "acos": (torch.acos, UNIT), "atan": (torch.atan, ANY),
    "sinh": (torch.sinh, ANY), "cosh": (torch.cosh, ANY), "tanh": (torch.tanh, ANY),
    "asinh": (torch.asinh, ANY), "acosh": (torch.acosh, lambda d: d.normal(4, 6, low=1.1, high=6)), "atanh": (torch.atanh, UNIT),
    "erf": (torch.erf, ANY), "floor": (torch.floor, ANY), "ceil": (torch.ceil, ANY), "round": (torch.round, ANY),
    "relu": (torch.relu, ANY), "selu": (F.selu, ANY), "gelu": (F.gelu, ANY), "gelu_tanh": (lambda x: F.gelu(x, approximate="tanh"), ANY),
    "silu": (F.silu, ANY), "sigmoid": (torch.sigmoid, ANY), "log_sigmoid": (F.logsigmoid, ANY),
    "hard_sigmoid": (hard_sigmoid, lambda d: d.normal(4, 6, low=-5, high=5)), "hard_swish": (lambda x: x * hard_sigmoid(x), lambda d: d.normal(4, 6, low=-5, high=5)),
    "softsign": (F.softsign, ANY), "mish": (F.mish, ANY),
}

# Functions whose result at −0 is −0 by IEEE 754 and C; for the others the sign of a zero result is nobody's business.
SIGNED = {"neg", "sqrt", "expm1", "log1p", "sin", "tan", "asin", "atan", "sinh", "tanh", "asinh", "atanh", "erf", "floor", "ceil", "round"}

EDGES64 = [NAN, INF, -INF, 0.0, -0.0, 5e-324, -5e-324, 1e-310, 2.2250738585072014e-308, 1e-30, -1e-30, 1e-8, -1e-8, 0.5, -0.5, 1.0, -1.0, 1.5, -1.5,
           2.5, -2.5, 20.0, -20.0, 37.5, -37.5, 700.0, -700.0, 709.5, 710.5, -745.0, -746.0, 1e5, -1e5, 4503599627370497.5, 1e18, 1e300, -1e300]
EDGES32 = [NAN, INF, -INF, 0.0, -0.0, 2.0 ** -149, -(2.0 ** -149), 2.0 ** -130, 2.0 ** -126, 2.0 ** -100, -(2.0 ** -100), 2.0 ** -27, 0.5, -0.5,
           1.0, -1.0, 1.5, -1.5, 2.5, -2.5, 9.0, -9.0, 17.5, -17.5, 88.5, 89.0, -87.5, -103.0, -104.5, 1000.0, -1000.0, 8388607.5, 2.0 ** 60, 2.0 ** 126, -(2.0 ** 126)]

# Where PyTorch's formula loses digits in the tails, the same function in words that do not; and NaN has no sign.
ROOT2, SCALE, ALPHA = math.sqrt(2), 1.0507009873554805, 1.6732632423543772
EXACT = {
    "gelu": lambda x: 0.5 * x * torch.erfc(-x / ROOT2),
    "gelu_tanh": lambda x: x * torch.sigmoid(2 * math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)),
    "selu": lambda x: torch.where(x > 0, SCALE * x, SCALE * ALPHA * torch.expm1(x)),
    "sign": lambda x: torch.where(x.isnan(), x, x.sign()),
}
# Compositions: in the tails the rounding of an exponent is magnified, and what falls below the normal numbers may lose its digits.
# And GELU in float32 stands on a normal distribution that is cheap rather than exact far to the left: 2.2e-7, times the argument.
COMPOSED = {"gelu", "gelu_tanh", "selu", "silu", "sigmoid", "log_sigmoid", "mish", "softsign"}

# From this size on the argument's own rounding is larger than a period: what is asked of sine and cosine ends here.
PERIODIC = {"sin", "cos", "tan"}


def edges(writer, op, function):
    function = EXACT.get(op, function)
    for dtype, values in ((torch.float64, EDGES64), (torch.float32, EDGES32)):
        if op in PERIODIC:
            values = [v for v in values if not 1e6 < abs(v) < INF]
        x = torch.tensor(values, dtype=dtype)
        exact = function(x.double())                  # float32 edges: the true value, rounded once
        name = "edges" if dtype == torch.float64 else "edges of float32"
        only = "float64" if dtype == torch.float64 else "float32"
        bound = {"absolute": 2.2e-7} if op == "gelu" and only == "float32" else {}
        writer.case(op, name, lambda _: exact.to(dtype) if exact.is_floating_point() else exact, x, grad=False, edges=True, only=only, signed=op in SIGNED, composed=op in COMPOSED, **bound)


def unary(writer):
    for op, (function, inputs) in UNARY.items():
        writer.case(op, "values", function, inputs)
        edges(writer, op, function)

    for slope in (0.01, 0.25, -1.0):
        writer.case("leaky_relu", f"slope {slope}", lambda x: F.leaky_relu(x, slope), ANY, slope=slope)
    for alpha in (1.0, 0.5):
        writer.case("elu", f"alpha {alpha}", lambda x: F.elu(x, alpha), ANY, alpha=alpha)
    for beta, threshold in ((1.0, 20.0), (2.0, 3.0)):
        writer.case("softplus", f"beta {beta}, threshold {threshold}", lambda x: F.softplus(x, beta, threshold), ANY, beta=beta, threshold=threshold)
    writer.case("clamp", "both limits", lambda x: x.clamp(-1.25, 1.75), ANY, min=-1.25, max=1.75)
    writer.case("clamp", "lower limit", lambda x: x.clamp(min=0.25), ANY, min=0.25)
    writer.case("clamp", "upper limit", lambda x: x.clamp(max=0.25), ANY, max=0.25)

    # Where a derivative jumps, the convention counts.
    zero = torch.tensor([0.0, -0.0, 1.0, -1.0], dtype=torch.float64)
    for op, function, args in [
        ("relu", torch.relu, {}), ("abs", torch.abs, {}), ("sign", torch.sign, {}), ("selu", F.selu, {}),
        ("leaky_relu", lambda x: F.leaky_relu(x, 0.25), {"slope": 0.25}), ("elu", lambda x: F.elu(x, 0.5), {"alpha": 0.5}),
        ("clamp", lambda x: x.clamp(-1, 1), {"min": -1.0, "max": 1.0})]:
        writer.case(op, "gradient at the kink", function, zero, **args)

    for op, function in (("is_nan", torch.isnan), ("is_inf", torch.isinf), ("is_finite", torch.isfinite)):
        edges(writer, op, function)


def binary(writer):
    pairs = {
        "add": (torch.add, ANY, ANY), "sub": (torch.sub, ANY, ANY), "mul": (torch.mul, ANY, ANY), "div": (torch.div, ANY, ANY),
        "maximum": (torch.maximum, ANY, ANY), "minimum": (torch.minimum, ANY, ANY), "atan2": (torch.atan2, ANY, ANY),
        "pow": (torch.pow, POSITIVE, ANY),
    }
    for op, (function, a, b) in pairs.items():
        low = 0.1 if op == "pow" else -3.0
        writer.case(op, "same shape", function, a, b)
        for name, left, right in [("row", (4, 5), (5,)), ("column", (4, 5), (4, 1)), ("scalar", (4, 5), ()), ("both grow", (3, 1, 4), (2, 1)),
                                  ("new axes", (3,), (2, 2, 3)), ("scalars", (), ()), ("nothing", (0, 3), (3,)), ("one and one", (1,), (1, 1))]:
            writer.case(op, name, function, lambda d: d.normal(*left, low=low), lambda d: d.normal(*right))

    special = [NAN, INF, -INF, 0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0, 0.5, -0.5, 1e300, -1e300]
    grid = torch.tensor(special, dtype=torch.float64)
    a, b = grid[:, None].expand(-1, len(special)).contiguous(), grid[None, :].expand(len(special), -1).contiguous()
    for op, (function, _, _) in pairs.items():
        writer.case(op, "special values", function, a, b, grad=False, edges=True, only="float64", signed=op not in ("maximum", "minimum"))
    finite = torch.tensor([v for v in special if abs(v) < 10], dtype=torch.float64)
    a, b = finite[:, None].expand(-1, len(finite)).contiguous(), finite[None, :].expand(len(finite), -1).contiguous()
    for op, function in (("remainder", torch.remainder), ("floor_divide", lambda p, q: torch.div(p, q, rounding_mode="floor"))):
        writer.case(op, "special values", function, a, b, grad=False, edges=True, only="float64", signed=False)
        writer.case(op, "values", function, ANY, ANY, grad=op == "remainder")

    compare = {"greater": torch.gt, "less": torch.lt, "greater_equal": torch.ge, "less_equal": torch.le, "equal": torch.eq, "not_equal": torch.ne}
    for op, function in compare.items():
        writer.case(op, "special values", function, grid[:, None].expand(-1, len(special)).contiguous(), grid[None, :].contiguous(), grad=False, only="float64")
        writer.case(op, "integers", function, lambda d: d.whole(-2, 3, 4, 6), lambda d: d.whole(-2, 3, 6), grad=False)
    for op, function in {"and": torch.logical_and, "or": torch.logical_or, "xor": torch.logical_xor}.items():
        writer.case(op, "bools", function, lambda d: d.bools(3, 4), lambda d: d.bools(4), grad=False)
    writer.case("not", "bools", torch.logical_not, lambda d: d.bools(3, 4), grad=False)

    for exponent in (2.0, 3.0, 0.5, -0.5, -1.0, 1.0, 0.0, 2.5, -2.0, 4.0):
        writer.case("pow_scalar", f"exponent {exponent}", lambda x: x.pow(exponent), POSITIVE, exponent=exponent)
    for exponent in (2.0, 3.0, -1.0, 0.0, 4.0):
        writer.case("pow_scalar", f"negative base, exponent {exponent}", lambda x: x.pow(exponent), ANY, exponent=exponent)
    tie = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)
    writer.case("maximum", "ties share", torch.maximum, tie, torch.tensor([1.0, 5.0, 3.0], dtype=torch.float64))
    writer.case("minimum", "ties share", torch.minimum, tie, torch.tensor([1.0, 5.0, 3.0], dtype=torch.float64))
    writer.case("where", "same shape", torch.where, lambda d: d.bools(3, 4), lambda d: d.normal(3, 4), lambda d: d.normal(3, 4))
    writer.case("where", "broadcast", torch.where, lambda d: d.bools(3, 1), lambda d: d.normal(4), lambda d: d.normal(2, 1, 1))


def integers(writer):
    for dtype in (torch.int64, torch.int32):
        name = str(dtype).split(".")[1]
        a, b = lambda d: d.whole(-20, 21, 4, 6, dtype=dtype), lambda d: d.whole(1, 7, 4, 6, dtype=dtype) * (1 - 2 * d.whole(0, 2, 4, 6, dtype=dtype))
        for op, function in {"add": torch.add, "sub": torch.sub, "mul": torch.mul, "div": lambda p, q: (p.double() / q.double()).float(), "maximum": torch.maximum, "minimum": torch.minimum,
                             "remainder": torch.remainder, "floor_divide": lambda p, q: torch.div(p, q, rounding_mode="floor")}.items():
            writer.case(op, name, function, a, b, grad=False)
        for op, function in {"neg": torch.neg, "abs": torch.abs, "sign": torch.sign, "square": torch.square, "relu": torch.relu}.items():
            writer.case(op, name, function, a, grad=False)
    big = torch.tensor([2 ** 53 + 1, -(2 ** 53) - 1, 2 ** 62, -(2 ** 63), 2 ** 63 - 1], dtype=torch.int64)
    writer.case("add", "int64 beyond 2^53", torch.add, big, torch.tensor([1, -1, 3, 7, -9]), grad=False)
    writer.case("maximum", "int64 beyond 2^53", torch.maximum, big, big.flip(0), grad=False)
    writer.case("greater", "int64 beyond 2^53", torch.gt, big, big - 1, grad=False)


def write(writer):
    unary(writer)
    binary(writer)
    integers(writer)
