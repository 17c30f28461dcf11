"""PyTorch's seconds for the cases of Measures.cs: a line for each, name and seconds, separated by a tab. Nothing where it sees no GPU."""
import sys
import time

import torch

if not torch.cuda.is_available():
    sys.exit(0)
small = "--small" in sys.argv
device = torch.device("cuda")
torch.backends.cuda.matmul.allow_tf32 = False


def report(name, action, per=1):
    for _ in range(3):
        action()
    torch.cuda.synchronize()
    start, calls = time.perf_counter(), 0
    while time.perf_counter() - start < 0.05:
        action()
        torch.cuda.synchronize()
        calls += 1
    times = []
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(2 * calls):
            action()
        torch.cuda.synchronize()
        times.append((time.perf_counter() - start) / (2 * calls))
    print(f"{name}\t{sorted(times)[3] / per!r}", flush=True)


x = torch.ones(8, device=device)
report("launch", lambda: [x + x for _ in range(100)], 100)

n = 1 << (16 if small else 26)
x, y = torch.rand(n, device=device), torch.rand(n, device=device)
report("copy", x.clone)
report("add", lambda: x + y)
row = torch.rand(1024, device=device)
report("row", lambda: x.reshape(-1, 1024) + row)
report("exp", x.exp)
report("gelu", lambda: torch.nn.functional.gelu(x))
report("sum", x.sum)
report("sum of rows", lambda: x.reshape(-1, 1024).sum(1))
report("sum of columns", lambda: x.reshape(-1, 1024).sum(0))
report("layer norm", lambda: torch.nn.functional.layer_norm(x.reshape(-1, 1024), [1024]))
report("running sums", lambda: x.cumsum(0))
report("softmax", lambda: x.reshape(-1, 1024).softmax(1))

for n in [64] if small else [512, 1024, 4096]:
    a, b = torch.randn(n, n, device=device), torch.randn(n, n, device=device)
    report(f"matmul {n}", lambda: a @ b)
    report(f"matmul, own kernel {n}", lambda: a @ b)
    torch.backends.cuda.matmul.allow_tf32 = True
    report(f"matmul TensorFloat32 {n}", lambda: a @ b)
    torch.backends.cuda.matmul.allow_tf32 = False


def step(name, model, shape):
    model.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    inputs, labels = torch.randn(shape, device=device), torch.randint(0, 10, (shape[0],), device=device)

    def run():
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(inputs), labels).backward()
        optimizer.step()

    report(name, run)


nn = torch.nn
for batch in [4] if small else [64, 1024]:
    step(f"mlp {batch}", nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10)), (batch, 784))
    step(f"lenet {batch}", nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)), (batch, 1, 28, 28))


batch, steps, width, layers = (2, 8, 16, 1) if small else (32, 128, 256, 4)


class Letters(nn.Module):
    def __init__(self):
        super().__init__()
        self.letters, self.places = nn.Embedding(65, width), nn.Parameter(torch.randn(steps, width) * 0.02)
        self.layers = nn.ModuleList(nn.TransformerEncoderLayer(width, 4, 4 * width, 0.0, "gelu", batch_first=True, norm_first=True) for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, 65)
        self.register_buffer("mask", nn.Transformer.generate_square_subsequent_mask(steps))

    def forward(self, x):
        y = self.letters(x) + self.places
        for layer in self.layers:
            y = layer(y, src_mask=self.mask, is_causal=True)
        return self.head(self.norm(y))


model = Letters().to(device)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
letters, labels = torch.randint(0, 65, (batch, steps), device=device), torch.randint(0, 65, (batch * steps,), device=device)


def gpt_step():
    optimizer.zero_grad()
    torch.nn.functional.cross_entropy(model(letters).reshape(-1, 65), labels).backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()


report("char-gpt", gpt_step)
