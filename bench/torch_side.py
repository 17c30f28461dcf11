"""PyTorch's side of the comparison: reads the name of a case, times one round of it, prints the median seconds per call.

The driver alternates its own rounds with these, so that both sides see the same machine.
"""
import os
import statistics
import sys
import time

os.environ.setdefault("OMP_PROC_BIND", "true")
os.environ.setdefault("OMP_PLACES", "cores")
# Old versions choose AVX2 kernels on AMD although AVX-512 is faster; take the better one.
if "avx512bw" in open("/proc/cpuinfo").read():
    os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx512")

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_num_threads(int(sys.argv[1]))
torch.manual_seed(0)
torch.mm(torch.ones(64, 64), torch.ones(64, 64))
libraries = sorted({os.path.realpath(line.split()[-1]) for line in open("/proc/self/maps") if "blas" in line or "mkl" in line})
if not any("openblas" in name or "mkl" in name for name in libraries):
    print("refused: PyTorch runs on the reference BLAS (" + ", ".join(libraries) + "); install OpenBLAS", flush=True)
    sys.exit(1)


def add8():
    a, b = torch.randn(8), torch.randn(8)
    return lambda: a + b


def add8_grad():
    a, b = torch.randn(8, requires_grad=True), torch.randn(8)
    return lambda: a + b


def chain100():
    a, b = torch.randn(8, requires_grad=True), torch.randn(8)

    def step():
        a.grad = None
        y = a
        for _ in range(50):
            y = y * b
            y = y + b
        y.sum().backward()

    return step


def elementwise(function, n=1 << 20):
    def setup():
        x = torch.randn(n)
        return lambda: function(x)

    return setup


def elementwise_backward(function, n=1 << 20):
    def setup():
        x, g = torch.randn(n, requires_grad=True), torch.randn(n)

        def step():
            x.grad = None
            function(x).backward(g)

        return step

    return setup


def binary(function, n):
    def setup():
        a, b = torch.randn(n), torch.randn(n)
        return lambda: function(a, b)

    return setup


def rows(function, shape):
    def setup():
        x = torch.randn(*shape)
        return lambda: function(x)

    return setup


def layernorm():
    x, weight, bias = torch.randn(4096, 1024), torch.ones(1024), torch.zeros(1024)
    return lambda: F.layer_norm(x, (1024,), weight, bias)


def gemm(m, n, k):
    def setup():
        a, b = torch.randn(m, k), torch.randn(k, n)
        return lambda: a @ b

    return setup


def mlp(batch):
    def setup():
        x, y = torch.rand(batch, 784), torch.randint(0, 10, (batch,))
        w1, b1 = (torch.randn(784, 128) * 0.03).requires_grad_(), torch.zeros(128, requires_grad=True)
        w2, b2 = (torch.randn(128, 10) * 0.08).requires_grad_(), torch.zeros(10, requires_grad=True)
        optimizer = torch.optim.SGD([w1, b1, w2, b2], 0.05)

        def step():
            optimizer.zero_grad()
            F.cross_entropy(torch.relu(x @ w1 + b1) @ w2 + b2, y).backward()
            optimizer.step()

        return step

    return setup


def convolution(batch, inputs, outputs, size, kernel, padding, stride, groups, what):
    def setup():
        x = torch.randn(batch, inputs, size, size)
        w = torch.randn(outputs, inputs // groups, kernel, kernel)
        if what == "fwd":
            return lambda: F.conv2d(x, w, None, stride, padding, 1, groups)
        g = torch.randn_like(F.conv2d(x, w, None, stride, padding, 1, groups))
        mask = [what == "dX", what == "dW", False]
        backward = torch.ops.aten.convolution_backward
        return lambda: backward(g, x, w, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], groups, mask)

    return setup


def convolutions():
    layers = [
        (64, 1, 32, 28, 3, 0, 1, 1), (64, 32, 64, 26, 3, 0, 1, 1),
        (32, 3, 16, 32, 3, 1, 1, 1), (32, 16, 16, 32, 3, 1, 1, 1), (32, 32, 32, 16, 3, 1, 1, 1), (32, 64, 64, 8, 3, 1, 1, 1),
        (32, 16, 32, 32, 3, 1, 2, 1), (32, 16, 32, 32, 1, 0, 2, 1), (32, 64, 64, 16, 1, 0, 1, 1),
        (32, 64, 64, 16, 3, 1, 1, 64), (32, 64, 64, 16, 3, 1, 2, 64),
    ]
    for layer in layers:
        batch, inputs, outputs, size, kernel, padding, stride, groups = layer
        suffix = f"_g{groups}" if groups > 1 else ""
        name = f"conv{kernel}x{kernel}_b{batch}_{inputs}-{outputs}_{size}x{size}_p{padding}_s{stride}{suffix}"
        for what in ("fwd", "dX", "dW"):
            yield f"{name}_{what}", convolution(*layer, what)


def hessian():
    x, y = torch.randn(16, 4), torch.randint(0, 3, (16,))
    flat = torch.randn(4 * 32 + 32 + 32 * 3 + 3) * 0.3

    def loss(p):
        w1, b1, w2, b2 = p[:128].view(4, 32), p[128:160], p[160:256].view(32, 3), p[256:]
        return F.cross_entropy(torch.tanh(x @ w1 + b1) @ w2 + b2, y)

    return lambda: torch.autograd.functional.hessian(loss, flat)


def training(model, optimizer, shape, classes):
    def setup():
        net = model()
        steps = optimizer(net.parameters())
        data = [(torch.rand(*shape), torch.randint(0, classes, (shape[0],))) for _ in range(8)]
        turn = [0]

        def step():
            x, y = data[turn[0] % 8]
            turn[0] += 1
            steps.zero_grad()
            F.cross_entropy(net(x), y).backward()
            steps.step()

        return step

    return setup


def mlp_model():
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def mlp_with_norms():
    return nn.Sequential(nn.Linear(784, 512), nn.BatchNorm1d(512), nn.ReLU(), nn.Dropout(0.2), nn.Linear(512, 256),
                         nn.BatchNorm1d(256), nn.ReLU(), nn.Dropout(0.2), nn.Linear(256, 10))


def lenet():
    return nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                         nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10))


class LastStep(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(64, 128, batch_first=True)
        self.head = nn.Linear(128, 10)

    def forward(self, x):
        return self.head(self.lstm(x)[0][:, -1])


def sgd(parameters):
    return torch.optim.SGD(parameters, 0.05, momentum=0.9)


def adam(parameters):
    return torch.optim.Adam(parameters, 1e-3)


def infer():
    net, x = mlp_model(), torch.rand(1, 784)

    def call():
        with torch.inference_mode():
            net(x)

    return call


CASES = {
    "add8": add8,
    "add8_grad": add8_grad,
    "chain100": chain100,
    "exp_1M": elementwise(torch.exp),
    "tanh_1M": elementwise(torch.tanh),
    "sigmoid_1M": elementwise(torch.sigmoid),
    "gelu_1M": elementwise(F.gelu),
    "gelu_tanh_1M": elementwise(lambda x: F.gelu(x, approximate="tanh")),
    "relu_1M": elementwise(torch.relu),
    "gelu_backward_1M": elementwise_backward(F.gelu),
    "tanh_backward_1M": elementwise_backward(torch.tanh),
    "add_64K": binary(torch.add, 1 << 16),
    "add_1M": binary(torch.add, 1 << 20),
    "add_16M": binary(torch.add, 1 << 24),
    "sum_1M": elementwise(torch.sum),
    "sum_16M": elementwise(torch.sum, 1 << 24),
    "row_mean_4096x1024": rows(lambda x: x.mean(1), (4096, 1024)),
    "row_var_4096x1024": rows(lambda x: x.var(1), (4096, 1024)),
    "row_var_mean_4096x1024": rows(lambda x: sum(torch.var_mean(x, 1)), (4096, 1024)),
    "layernorm_4096x1024": layernorm,
    "row_max_4096x1024": rows(lambda x: x.amax(1), (4096, 1024)),
    "softmax_4096x1000": rows(lambda x: torch.softmax(x, 1), (4096, 1000)),
    "log_softmax_4096x1000": rows(lambda x: torch.log_softmax(x, 1), (4096, 1000)),
    "column_sum_4096x1024": rows(lambda x: x.sum(0), (4096, 1024)),
    "gemm_256": gemm(256, 256, 256),
    "gemm_512": gemm(512, 512, 512),
    "gemm_1024": gemm(1024, 1024, 1024),
    "gemm_64x784x128": gemm(64, 128, 784),
    "mlp_step_b64": mlp(64),
    "hessian_4-32-3": hessian,
    "mlp_784-128-10_sgd_b32": training(mlp_model, sgd, (32, 784), 10),
    "mlp_784-128-10_sgd_b64": training(mlp_model, sgd, (64, 784), 10),
    "mlp_784-128-10_sgd_b256": training(mlp_model, sgd, (256, 784), 10),
    "mlp_784-512-256-10_bn_do_adam_b128": training(mlp_with_norms, adam, (128, 784), 10),
    "lenet_adam_b64": training(lenet, adam, (64, 1, 28, 28), 10),
    "lstm_64-128_t64_b32_adam": training(LastStep, adam, (32, 64, 64), 10),
    "tiny_4-32-3_adam_b16": training(lambda: nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 3)), adam, (16, 4), 3),
    "mlp_infer_b1": infer,
    **dict(convolutions()),
}


def measure(action, window=0.03, windows=7, warm=0.1):
    start, calls = time.perf_counter(), 0
    while time.perf_counter() - start < warm or calls < 2:
        action()
        calls += 1
    inner = max(1, int(window / ((time.perf_counter() - start) / calls)))
    times = []
    for _ in range(windows):
        start = time.perf_counter()
        for _ in range(inner):
            action()
        times.append((time.perf_counter() - start) / inner)
    return statistics.median(times)


print("torch", torch.__version__, "on", ", ".join(os.path.basename(name) for name in libraries),
      "capability", os.environ.get("ATEN_CPU_CAPABILITY", "as detected"), flush=True)
prepared = {}
for line in sys.stdin:
    name = line.strip()
    if name not in CASES:
        print("none", flush=True)
        continue
    if name not in prepared:
        prepared = {name: CASES[name]()}
    print(repr(measure(prepared[name])), flush=True)
