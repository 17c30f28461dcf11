"""PyTorch's side of the comparison, where bench/TorchSharp is not built.

Reads the name of a case, times one round of it, prints the median and the least seconds per call. The driver alternates its own rounds
with these, so that both sides see the same machine. Told "check" and a name, prints what the ways to do the case compute.
"""
import json
import math
import os
import statistics
import subprocess
import sys
import time

os.environ.setdefault("OMP_PROC_BIND", "true")
os.environ.setdefault("OMP_PLACES", "cores")
# Old versions choose AVX2 kernels on AMD although AVX-512 is faster; take the better one.
if "avx512bw" in open("/proc/cpuinfo").read():
    os.environ.setdefault("ATEN_CPU_CAPABILITY", "avx512")

if sys.argv[1] == "first-step":
    import torch
    import torch.nn as nn
    import torch.nn.functional as F

    net = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    steps = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    x, y = torch.randn(64, 784), torch.randint(0, 10, (64,))
    F.cross_entropy(net(x), y).backward()
    steps.step()
    print("done", flush=True)
    os._exit(0)

import numpy as np
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


# The numbers in inputs and weights are functions of the place of a tensor among those of its case and of the place in the tensor:
# bench/Shared/Draws.cs, in numpy.

drawn = 0
checking = False


def words(count, tensor):
    with np.errstate(over="ignore"):
        z = ((np.uint64(tensor) << np.uint64(40)) + np.arange(count, dtype=np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return z ^ (z >> np.uint64(31))


def uniform(bits):
    return (bits >> np.uint64(40)).astype(np.float32) * np.float32(2.0**-24)


def draw(shape, function):
    global drawn
    drawn += 1
    return torch.from_numpy(function(words(math.prod(shape), drawn))).reshape(shape)


def randn(*shape, requires_grad=False):
    def normal(bits):
        high, low = ((bits >> np.uint64(32)).astype(np.float64), (bits & np.uint64(0xFFFFFFFF)).astype(np.float64))
        return (np.sqrt(-2 * np.log((high + 1) * 2.0**-32)) * np.cos(2 * np.pi * 2.0**-32 * low)).astype(np.float32)

    return draw(shape, normal).requires_grad_(requires_grad)


def rand(*shape):
    return draw(shape, uniform)


def randint(bound, shape):
    return draw(shape, lambda bits: ((bits >> np.uint64(32)) * np.uint64(bound) >> np.uint64(32)).astype(np.int64))


def weigh(net):
    """Gives a model the weights that it has on the other side: drawn matrices and no biases."""
    with torch.no_grad():
        for name, p in net.named_parameters():
            if p.dim() > 1:
                bound = 1 / math.sqrt(p.numel() // p.shape[0])
                p.copy_(draw(tuple(p.shape), lambda bits: ((2 * uniform(bits).astype(np.float64) - 1) * bound).astype(np.float32)))
            elif "bias" in name:
                p.zero_()
    return net


# A case is a function that prepares it and returns what is timed, or a list of such functions: the fastest counts. What is timed returns
# its result, its loss or its gradients.


def add8(with_grad):
    def setup():
        a = torch.ones(8, requires_grad=with_grad)
        b = (a * 2).detach()
        return lambda: a + b

    return setup


def chain100():
    a = torch.ones(8, requires_grad=True)
    b = (a * 0.5).detach()

    def step():
        a.grad = None
        y = a
        for _ in range(50):
            y = y * b
            y = y + b
        y.sum().backward()
        return a.grad

    return step


SIZES = {"64K": 1 << 16, "1M": 1 << 20, "16M": 1 << 24}


def unary(name, function):
    def sized(n):
        def setup():
            x = randn(n)
            return lambda: function(x)

        return setup

    return {f"op_{name}_{size}": sized(n) for size, n in SIZES.items()}


def binary(name, function):
    def sized(n, with_out):
        def setup():
            a, b, c = randn(n), randn(n), torch.empty(n)
            return (lambda: function(a, b, out=c)) if with_out else (lambda: function(a, b))

        return setup

    return {f"op_{name}_{size}": [sized(n, False), sized(n, True)] for size, n in SIZES.items()}


def elementwise_backward(function, n=1 << 20):
    def setup():
        x, g = randn(n, requires_grad=True), randn(n)

        def step():
            x.grad = None
            function(x).backward(g)
            return x.grad

        return step

    return setup


def rows(function, shape):
    def setup():
        x = randn(*shape)
        return lambda: function(x)

    return setup


def layernorm():
    x, weight, bias = randn(4096, 1024), torch.ones(1024), torch.zeros(1024)
    return lambda: F.layer_norm(x, (1024,), weight, bias)


def layernorm_and_back():
    x, g, norm = randn(4096, 1024, requires_grad=True), randn(4096, 1024), nn.LayerNorm(1024)

    def step():
        x.grad = None
        norm.zero_grad()
        norm(x).backward(g)
        return x.grad

    return step


def product(m, n, k, turn_a=False, turn_b=False):
    def setup():
        a = randn(k, m).t() if turn_a else randn(m, k)
        b = randn(n, k).t() if turn_b else randn(k, n)
        c = torch.empty(m, n)
        return lambda: torch.mm(a, b, out=c)

    return setup


def products():
    for n in (64, 128, 256, 512, 1024, 2048):
        yield f"sgemm_sq{n}", product(n, n, n)
    for batch, inputs, outputs in ((64, 784, 128), (64, 784, 512), (512, 784, 512)):
        name = f"{batch}x{inputs}x{outputs}"
        yield "sgemm_fwd_" + name, product(batch, outputs, inputs, turn_b=True)
        yield "sgemm_dW_" + name, product(outputs, inputs, batch, turn_a=True)
        yield "sgemm_dX_" + name, product(batch, inputs, outputs)


def convolution(batch, inputs, outputs, size, kernel, padding, stride, groups, what):
    def setup():
        x = randn(batch, inputs, size, size)
        w = randn(outputs, inputs // groups, kernel, kernel)
        if what == "fwd":
            return lambda: F.conv2d(x, w, None, stride, padding, 1, groups)
        g = randn(*F.conv2d(x, w, None, stride, padding, 1, groups).shape)
        mask = [what == "dX", what == "dW", False]
        backward = torch.ops.aten.convolution_backward
        which = 0 if what == "dX" else 1
        return lambda: backward(g, x, w, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], groups, mask)[which]

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


def images(name, leaves, function):
    """The function alone, and with its gradients."""

    def forward():
        x = leaves()

        def call():
            with torch.no_grad():
                return function(*x)

        return call

    def both():
        x = [leaf.requires_grad_(True) for leaf in leaves()]
        g = randn(*function(*x).shape)

        def step():
            for leaf in x:
                leaf.grad = None
            function(*x).backward(g)
            return [leaf.grad for leaf in x]

        return step

    return {name: forward, f"{name}_fwdbwd": both}


def pixels():
    return [randn(32, 64, 56, 56)]


def hessian():
    x, y = randn(16, 4), randint(3, (16,))
    flat = randn(259) * 0.3

    def loss(p):
        w1, b1, w2, b2 = p[:128].view(4, 32), p[128:160], p[160:256].view(32, 3), p[256:]
        return F.cross_entropy(torch.tanh(x @ w1 + b1) @ w2 + b2, y)

    return lambda: torch.autograd.functional.hessian(loss, flat)


def steps_of(net, optimizer, data, loss=F.cross_entropy):
    turn = [0]

    def step():
        x, y = data[turn[0] % len(data)]
        turn[0] += 1
        optimizer.zero_grad()
        value = loss(net(x), y)
        value.backward()
        optimizer.step()
        return value

    return step


def training(model, optimizer, shape, classes, memory_format=None):
    def setup():
        net = weigh(model())
        data = [(rand(*shape), randint(classes, (shape[0],))) for _ in range(8)]
        if memory_format is not None:
            net = net.to(memory_format=memory_format)
            data = [(x.to(memory_format=memory_format), y) for x, y in data]
        return steps_of(net, optimizer(net.parameters()), data)

    return setup


def passes(model, shape, memory_format=None):
    def setup():
        net, x = weigh(model()).eval(), rand(*shape)
        if memory_format is not None:
            net, x = net.to(memory_format=memory_format), x.to(memory_format=memory_format)

        def call():
            with torch.inference_mode():
                return net(x)

        return call

    return setup


def either_layout(function, *arguments):
    return [function(*arguments), function(*arguments, torch.channels_last)]


def either_adam(model, shape, classes, kind=torch.optim.Adam, rate=1e-3):
    return [training(model, lambda p: kind(p, rate), shape, classes),
            training(model, lambda p: kind(p, rate, foreach=True), shape, classes)]


def mlp_model():
    return nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


def mlp_with_norms():
    dropout = 0 if checking else 0.2
    return nn.Sequential(nn.Linear(784, 512), nn.BatchNorm1d(512), nn.ReLU(), nn.Dropout(dropout), nn.Linear(512, 256),
                         nn.BatchNorm1d(256), nn.ReLU(), nn.Dropout(dropout), nn.Linear(256, 10))


def lenet():
    return nn.Sequential(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                         nn.Linear(9216, 128), nn.ReLU(), nn.Linear(128, 10))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(outputs)
        self.shortcut = nn.Identity() if stride == 1 and inputs == outputs else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        return F.relu(self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x))))) + self.shortcut(x))


def resnet14():
    layers, width = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for outputs, stride in ((16, 1), (32, 2), (64, 2)):
        layers += [Block(width, outputs, stride), Block(outputs, outputs, 1)]
        width = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


class LastStep(nn.Module):
    def __init__(self, kind):
        super().__init__()
        self.recurrent = kind(64, 128, batch_first=True)
        self.head = nn.Linear(128, 10)

    def forward(self, x):
        return self.head(self.recurrent(x)[0][:, -1])


class GptBlock(nn.Module):
    gelu = "none"

    def __init__(self, width, heads, context):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.project = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)
        self.register_buffer("mask", torch.triu(torch.ones(context, context, dtype=torch.bool), 1))

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = (t.view(batch, length, self.heads, width // self.heads).transpose(1, 2) for t in self.qkv(self.norm1(x)).split(width, 2))
        if hasattr(F, "scaled_dot_product_attention"):
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = (q @ k.transpose(-2, -1) * (width // self.heads) ** -0.5).masked_fill(self.mask[:length, :length], -math.inf)
            y = F.softmax(scores, -1) @ v
        x = x + self.project(y.transpose(1, 2).reshape(batch, length, width))
        return x + self.narrow(F.gelu(self.wide(self.norm2(x)), approximate=self.gelu))


class CharGpt(nn.Module):
    def __init__(self, vocabulary=96, width=128, layers=4, heads=4, context=128):
        super().__init__()
        self.token, self.place = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.blocks = nn.Sequential(*[GptBlock(width, heads, context) for _ in range(layers)])
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)
        self.register_buffer("places", torch.arange(context))

    def forward(self, x):
        return self.head(self.norm(self.blocks(self.token(x) + self.place(self.places[:x.shape[1]]))))


def chargpt(foreach):
    def setup():
        net = weigh(CharGpt())
        data = [(randint(96, (16, 128)), randint(96, (16, 128))) for _ in range(8)]
        optimizer = torch.optim.AdamW(net.parameters(), 3e-4, foreach=foreach)
        return steps_of(net, optimizer, data, lambda out, y: F.cross_entropy(out.view(-1, 96), y.view(-1)))

    return setup


def chargpt_pass():
    net, x = weigh(CharGpt()).eval(), randint(96, (16, 128))

    def call():
        with torch.inference_mode():
            return net(x)

    return call


def cached_attention(heads, shared, by_hand):
    def setup():
        batch, steps, width = 8, 1024, 64
        past, q, new = randn(batch, shared, steps - 1, width), randn(batch, heads, 1, width), randn(batch, shared, 1, width)
        k, v = torch.cat([past, new], 2), torch.cat([past, new], 2)
        groups = q.view(batch, shared, heads // shared, width)
        fused = getattr(F, "scaled_dot_product_attention", None)

        def call():
            with torch.inference_mode():
                k[:, :, -1:] = new
                v[:, :, -1:] = new
                if fused and not by_hand:
                    return fused(groups, k, v)
                return ((groups * width**-0.5) @ k.transpose(-1, -2)).softmax(-1) @ v

        return call

    return setup


def first_step():
    def call():
        process = subprocess.Popen([sys.executable, os.path.abspath(__file__), "first-step"], stdout=subprocess.PIPE)
        process.stdout.readline()
        process.wait()

    return call


def sgd(parameters):
    return torch.optim.SGD(parameters, 0.05, momentum=0.9)


def resnet18():
    layers, width = [nn.Conv2d(3, 64, 3, 1, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU()], 64
    for outputs, stride in ((64, 1), (128, 2), (256, 2), (512, 2)):
        layers += [Block(width, outputs, stride), Block(outputs, outputs, 1)]
        width = outputs
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(512, 10))


def slow_sgd(parameters):
    return torch.optim.SGD(parameters, 1e-3, momentum=0.9)


def gpt10m():
    net = CharGpt(width=384, layers=6, heads=6)
    net.head.weight = net.token.weight
    for block in net.blocks:
        block.gelu = "tanh"
    return weigh(net)


def gpt10m_steps(foreach):
    def setup():
        net = gpt10m()
        data = [(x[:, :-1], x[:, 1:].contiguous()) for x in (randint(96, (4, 129)) for _ in range(4))]
        return steps_of(net, torch.optim.AdamW(net.parameters(), 3e-4, foreach=foreach), data,
                        lambda out, y: F.cross_entropy(out.view(-1, 96), y.view(-1)))

    return setup


def generation(batch):
    """Tokens one by one, with keys and values of all steps in buffers that are reserved once."""

    def setup():
        net, made = gpt10m().eval(), 64
        prompt = torch.arange(16) + torch.arange(batch)[:, None]
        kept = [torch.empty(2, batch, 6, 128, 64) for _ in net.blocks]

        def read(tokens, at):
            steps = tokens.shape[1]
            x = net.token(tokens) + net.place(net.places[at:at + steps])
            for block, cache in zip(net.blocks, kept):
                q, k, v = (t.view(batch, steps, 6, 64).transpose(1, 2) for t in block.qkv(block.norm1(x)).split(384, 2))
                cache[0, :, :, at:at + steps], cache[1, :, :, at:at + steps] = k, v
                scores = q @ cache[0, :, :, :at + steps].transpose(-2, -1) * 0.125
                if steps > 1:
                    scores = scores.masked_fill(block.mask[:steps, :steps], -math.inf)
                y = F.softmax(scores, -1) @ cache[1, :, :, :at + steps]
                x = x + block.project(y.transpose(1, 2).reshape(batch, steps, 384))
                x = x + block.narrow(F.gelu(block.wide(block.norm2(x)), approximate="tanh"))
            return net.head(net.norm(x[:, -1:])).argmax(-1)

        def call():
            with torch.inference_mode():
                tokens = [read(prompt, 0)]
                for i in range(made - 1):
                    tokens.append(read(tokens[-1], 16 + i))
                return torch.cat(tokens, 1)

        return call

    return setup


def gcn(sparse):
    nodes = 2708

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            ends = randint(nodes, (2, 10556))
            self.source, self.target = torch.cat([ends[:, ends[0] != ends[1]], torch.arange(nodes).repeat(2, 1)], 1)
            degree = torch.zeros(nodes).index_add(0, self.target, torch.ones(len(self.target))).rsqrt()
            self.factors = degree[self.source] * degree[self.target]
            self.matrix = torch.sparse_coo_tensor(torch.stack([self.target, self.source]), self.factors, (nodes, nodes)).coalesce()
            self.map1, self.bias1 = nn.Linear(1433, 16, bias=False), nn.Parameter(torch.zeros(16))
            self.map2, self.bias2 = nn.Linear(16, 7, bias=False), nn.Parameter(torch.zeros(7))
            self.rate = 0 if checking else 0.5

        def collect(self, x):
            if sparse:
                return torch.sparse.mm(self.matrix, x)
            return torch.zeros(nodes, x.shape[1]).index_add(0, self.target, x[self.source] * self.factors[:, None])

        def forward(self, x):
            x = (self.collect(self.map1(F.dropout(x, self.rate))) + self.bias1).relu()
            return (self.collect(self.map2(F.dropout(x, self.rate))) + self.bias2)[:140]

    def setup():
        net = weigh(Net())
        return steps_of(net, torch.optim.Adam(net.parameters(), 0.01), [(rand(nodes, 1433), randint(7, (140,)))])

    return setup


def adam(parameters):
    return torch.optim.Adam(parameters, 1e-3)


def tiny():
    return nn.Sequential(nn.Linear(4, 32), nn.ReLU(), nn.Linear(32, 3))


def signless(x):
    """The signs of factors are free."""
    return x.abs() if checking else x
def ctc(learns):
    def setup():
        x = randn(150, 16, 40).log_softmax(2).requires_grad_(learns)
        target, steps, counts = randint(39, (16, 30)) + 1, torch.full((16,), 150), torch.full((16,), 30)

        def call():
            x.grad = None
            loss = F.ctc_loss(x, target, steps, counts)
            if learns:
                loss.backward()
            # The gradient is right behind a softmax only: compared is what goes through it.
            return [loss, x.grad - x.exp() * x.grad.sum(2, keepdim=True)] if learns and checking else loss

        return call

    return setup


def gamma(concentration):
    def setup():
        distribution = torch.distributions.Gamma(torch.full((1 << 18,), concentration), torch.ones(1 << 18))

        def call():
            y = distribution.sample()
            return [y.mean(), y.var(), y.log().mean()] if checking else y

        return call

    return setup


def bin_count():
    x = randint(1000, (1 << 20,))
    return lambda: torch.bincount(x)


def factorisations():
    def prepared(make, function):
        return lambda: (lambda x: lambda: function(*x))(make())

    for name, shape in (("512", (512, 512)), ("1000x16", (1000, 16, 16))):
        normal = lambda shape=shape: (randn(*shape),)
        definite = lambda shape=shape: (lambda x: (x @ x.mT + shape[-1] * torch.eye(shape[-1]),))(randn(*shape))
        symmetric = lambda shape=shape: (lambda x: (x + x.mT,))(randn(*shape))
        yield f"linalg_cholesky_{name}", prepared(definite, torch.linalg.cholesky)
        yield f"linalg_qr_{name}", prepared(normal, lambda x: signless(torch.linalg.qr(x).R))
        for kind, columns in (("solve", shape[-1]), ("solve_vector", 1)):
            system = lambda shape=shape, columns=columns: (randn(*shape), randn(*shape[:-1], columns))
            yield f"linalg_{kind}_{name}", prepared(system, torch.linalg.solve)
        yield f"linalg_eigh_{name}", prepared(symmetric, lambda x: torch.linalg.eigh(x).eigenvalues)
        yield f"linalg_svd_{name}", prepared(normal, lambda x: torch.linalg.svd(x, full_matrices=False).S)


CASES = {
    "add8_nograd": add8(False),
    "add8_grad": add8(True),
    "chain100_fwdbwd_8": chain100,
    **unary("exp", torch.exp),
    **unary("tanh", torch.tanh),
    **unary("sigmoid", torch.sigmoid),
    **unary("gelu", F.gelu),
    **unary("gelu_tanh", lambda x: F.gelu(x, approximate="tanh")),
    **unary("relu", torch.relu),
    **unary("sum", torch.sum),
    **unary("max", torch.max),
    **binary("add", torch.add),
    **binary("mul", torch.mul),
    "gelu_backward_1M": elementwise_backward(F.gelu),
    "tanh_backward_1M": elementwise_backward(torch.tanh),
    "row_mean_4096x1024": rows(lambda x: x.mean(1), (4096, 1024)),
    "row_var_4096x1024": rows(lambda x: x.var(1), (4096, 1024)),
    "row_var_mean_4096x1024": rows(lambda x: sum(torch.var_mean(x, 1)), (4096, 1024)),
    "op_layernorm_4096x1024": layernorm,
    "op_layernorm_fwdbwd_4096x1024": layernorm_and_back,
    "row_max_4096x1024": rows(lambda x: x.amax(1), (4096, 1024)),
    "op_softmax_4096x1000": rows(lambda x: torch.softmax(x, 1), (4096, 1000)),
    "op_quantile_1M": rows(lambda x: torch.quantile(x, 0.9), (1, 1 << 20)),
    "op_unique_1M": rows(lambda x: torch.unique(x), (1, 1 << 20)),
    "op_logsoftmax_4096x1000": rows(lambda x: torch.log_softmax(x, 1), (4096, 1000)),
    "column_sum_4096x1024": rows(lambda x: x.sum(0), (4096, 1024)),
    **dict(products()),
    **dict(factorisations()),
    "bin_count_1M": bin_count,
    "gamma_0.5_256k": gamma(0.5),
    "gamma_2.5_256k": gamma(2.5),
    "ctc_t150_b16_c40_s30": ctc(False),
    "ctc_t150_b16_c40_s30_fwdbwd": ctc(True),
    "hessian_4-32-3": hessian,
    "mlp_784-128-10_sgd_b32": training(mlp_model, sgd, (32, 784), 10),
    **{f"mlp_784-128-10_sgd_b64{kind}": training(mlp_model, sgd, (64, 784), 10) for kind in ("", "_fields", "_functions")},
    "mlp_784-128-10_sgd_b256": training(mlp_model, sgd, (256, 784), 10),
    "mlp_784-512-256-10_bn_do_adam_b128": either_adam(mlp_with_norms, (128, 784), 10),
    "lenet_adam_b64": either_layout(training, lenet, adam, (64, 1, 28, 28), 10),
    "lenet_fwd_b64": either_layout(passes, lenet, (64, 1, 28, 28)),
    "resnet14_sgd_b32": either_layout(training, resnet14, sgd, (32, 3, 32, 32), 10),
    "resnet14_fwd_b32": either_layout(passes, resnet14, (32, 3, 32, 32)),
    "lstm_64-128_t64_b32_adam": training(lambda: LastStep(nn.LSTM), adam, (32, 64, 64), 10),
    "lstm_64-128_t64_b32_fwd": passes(lambda: LastStep(nn.LSTM), (32, 64, 64)),
    "gru_64-128_t64_b32_adam": training(lambda: LastStep(nn.GRU), adam, (32, 64, 64), 10),
    "chargpt_4l4h128d_ctx128_b16_adamw": [chargpt(False), chargpt(True)],
    "chargpt_4l4h128d_ctx128_b16_fwd": chargpt_pass,
    **{f"attention_cache1024_h{name}_b8": [cached_attention(heads, shared, by_hand) for by_hand in (False, True)]
       for name, heads, shared in (("12", 12, 12), ("32-8", 32, 8), ("16-8", 16, 8))},
    "resnet18_cifar_sgd_b16": either_layout(training, resnet18, slow_sgd, (16, 3, 32, 32), 10),
    "gpt_10m_ctx128_b4_adamw": [gpt10m_steps(False), gpt10m_steps(True)],
    "gcn_cora_adam": [gcn(False), gcn(True)],
    "generate_gpt_10m_64_tokens_b1": generation(1),
    "generate_gpt_10m_64_tokens_b8": generation(8),
    "tiny_4-32-3_adam_b16": either_adam(tiny, (16, 4), 3),
    **{f"mlp_infer_b1{kind}": passes(mlp_model, (1, 784)) for kind in ("", "_fields", "_functions")},
    "startup_to_first_step": first_step,
    **dict(convolutions()),
    **images("interpolate_2x_32x64x56x56", pixels, lambda x: F.interpolate(x, scale_factor=2.0, mode="bilinear", align_corners=False)),
    **images("interpolate_half_aa_32x64x56x56", pixels,
             lambda x: F.interpolate(x, scale_factor=0.5, mode="bilinear", align_corners=False, antialias=True)),
    **images("grid_sample_16x32x64x64", lambda: [randn(16, 32, 64, 64), rand(16, 64, 64, 2) * 2.2 - 1.1],
             lambda x, grid: F.grid_sample(x, grid, align_corners=False)),
}


def window(action, calls):
    """Seconds per call, and the least of any part of the window."""
    part, least, start = max(1, calls // 40), math.inf, time.perf_counter()
    last = start
    for i in range(calls):
        action()
        if (i + 1) % part == 0:
            now = time.perf_counter()
            least, last = min(least, (now - last) / part), now
    return (time.perf_counter() - start) / calls, least


def ways(name):
    return CASES[name] if isinstance(CASES[name], list) else [CASES[name]]


def prepare(name):
    """Warms up and returns the fastest way and how many calls of it make a window."""
    global drawn
    best = None
    for setup in ways(name):
        drawn = 0
        action, start, calls = setup(), time.perf_counter(), 0
        while time.perf_counter() - start < 0.25 or calls < 2:
            action()
            calls += 1
        seconds = min(window(action, max(1, int(0.02 * calls / (time.perf_counter() - start))))[1] for _ in range(3))
        if best is None or seconds < best[0]:
            best = (seconds, action)
    return best[1], max(1, int(0.02 / best[0]))


def measure(action, calls):
    """One round: the median of three short windows, after a call that brings the caches back; one window where a call is long."""
    action()
    seconds = [window(action, calls)]
    if seconds[0][0] * calls <= 0.1:
        seconds += [window(action, calls), window(action, calls)]
    return statistics.median(s[0] for s in seconds), min(s[1] for s in seconds)


def outcome(setup):
    """What three calls compute, two numbers for each result: its norm, and its product with fixed weights."""
    global drawn, checking
    drawn, checking = 0, True
    numbers, action = [], setup()
    for _ in range(3):
        results = action()
        for result in results if isinstance(results, list) else [results]:
            if result is not None:
                x = result.detach().double().reshape(-1).numpy()
                numbers += [float(np.sqrt(np.dot(x, x))), float(np.dot(x, 2 * uniform(words(len(x), 0)).astype(np.float64) - 1))]
    checking = False
    return numbers


print("torch", torch.__version__, "(Python) on", ", ".join(os.path.basename(name) for name in libraries),
      "capability", os.environ.get("ATEN_CPU_CAPABILITY", "as detected"), flush=True)
prepared = {}
for line in sys.stdin:
    *check, name = line.split()
    if name not in CASES:
        print("none", flush=True)
    elif check:
        print(json.dumps({str(i): outcome(setup) for i, setup in enumerate(ways(name))}), flush=True)
    else:
        if name not in prepared:
            prepared = {name: prepare(name)}
        print(*map(repr, measure(*prepared[name])), flush=True)
