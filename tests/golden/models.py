#!/usr/bin/env python3
"""Writes data/models/*.safetensors: small models of each family under the names that torchvision, Hugging Face and others use, with
inputs and the outputs that the functions below compute of them. These are written from the papers and from the names of published
files, in PyTorch's functions, and know nothing of DeepNet.

    python3 tests/golden/models.py               # needs torch; writes the files
    python3 tests/golden/models.py check FOLDER  # computes what files of DeepNet hold: DEEPNET_WRITE_MODELS=FOLDER dotnet test

A file holds the weights, "input…", and "output…" beside them; weights are random, from a seed by the family's name.
"""

import math
import pathlib
import sys

import torch
import torch.nn.functional as F

from exchange import read, write


class Weights(dict):
    """Weights by name, made when they are asked for first: a model is made by computing with it once."""

    def __init__(self, given=None):
        super().__init__(given or {})
        self.is_given = given is not None

    def make(self, name, *shape, scale=None, shift=0.0):
        if name not in self:
            assert not self.is_given, f"the file lacks {name}"
            fan = math.prod(shape[1:]) if len(shape) > 1 else 1
            self[name] = torch.randn(*shape) * (scale or 1 / math.sqrt(fan)) + shift
        assert tuple(self[name].shape) == tuple(shape), f"{name} is {tuple(self[name].shape)}, not {shape}"
        return self[name]

    def linear(self, name, x, out, bias=True):
        w = self.make(name + ".weight", out, x.shape[-1])
        return F.linear(x, w, self.make(name + ".bias", out, scale=0.1) if bias else None)

    def conv(self, name, x, out, kernel, bias=False, groups=1, **how):
        w = self.make(name + ".weight", out, x.shape[1] // groups, kernel, kernel)
        return F.conv2d(x, w, self.make(name + ".bias", out, scale=0.1) if bias else None, groups=groups, **how)

    def up_conv(self, name, x, out, kernel, bias=False, **how):
        w = self.make(name + ".weight", x.shape[1], out, kernel, kernel)
        return F.conv_transpose2d(x, w, self.make(name + ".bias", out, scale=0.1) if bias else None, **how)

    def scale_shift(self, name, features):
        return self.make(name + ".weight", features, scale=0.2, shift=1.0), self.make(name + ".bias", features, scale=0.1)

    def batch_norm(self, name, x):
        c = x.shape[1]
        w, b = self.scale_shift(name, c)
        mean = self.make(name + ".running_mean", c, scale=0.3)
        if name + ".running_var" not in self:
            self[name + ".running_var"] = torch.rand(c) + 0.5
            self[name + ".num_batches_tracked"] = torch.tensor(7)
        return F.batch_norm(x, mean, self[name + ".running_var"], w, b)

    def layer_norm(self, name, x, eps):
        return F.layer_norm(x, x.shape[-1:], *self.scale_shift(name, x.shape[-1]), eps)

    def rms_norm(self, name, x, eps):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * self.make(name + ".weight", x.shape[-1], scale=0.2, shift=1.0)

    def group_norm(self, name, x, groups, eps):
        return F.group_norm(x, groups, *self.scale_shift(name, x.shape[1]), eps)

    def embedding(self, name, index, count, dimension):
        return F.embedding(index, self.make(name + ".weight", count, dimension, scale=0.5))


def attend(q, k, v, hidden=None):
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    if hidden is not None:
        scores = scores.masked_fill(hidden, float("-inf"))
    return scores.softmax(-1) @ v


def split(x, heads):
    return x.reshape(*x.shape[:2], heads, -1).transpose(1, 2)


def join(x):
    return x.transpose(1, 2).flatten(2)


def causal(steps):
    return torch.ones(steps, steps, dtype=torch.bool).triu(1)


# Vision


def resnet_basic(w, x):
    x = w.batch_norm("bn1", w.conv("conv1", x, 4, 3, padding=1)).relu()
    for stage, (width, stride, blocks) in enumerate([(4, 1, 1), (8, 2, 2)]):
        for i in range(blocks):
            name, step = f"layer{stage + 1}.{i}", stride if i == 0 else 1
            y = w.batch_norm(name + ".bn1", w.conv(name + ".conv1", x, width, 3, stride=step, padding=1)).relu()
            y = w.batch_norm(name + ".bn2", w.conv(name + ".conv2", y, width, 3, padding=1))
            if step != 1 or x.shape[1] != width:
                x = w.batch_norm(name + ".downsample.1", w.conv(name + ".downsample.0", x, width, 1, stride=step))
            x = (x + y).relu()
    return w.linear("fc", x.mean((2, 3)), 3)


def resnet_bottleneck(w, x):
    x = w.batch_norm("bn1", w.conv("conv1", x, 4, 7, stride=2, padding=3)).relu()
    x = F.max_pool2d(x, 3, 2, 1)
    for stage, (width, stride) in enumerate([(4, 1), (8, 2)]):
        name = f"layer{stage + 1}.0"
        y = w.batch_norm(name + ".bn1", w.conv(name + ".conv1", x, width, 1)).relu()
        y = w.batch_norm(name + ".bn2", w.conv(name + ".conv2", y, width, 3, stride=stride, padding=1)).relu()
        y = w.batch_norm(name + ".bn3", w.conv(name + ".conv3", y, 4 * width, 1))
        x = w.batch_norm(name + ".downsample.1", w.conv(name + ".downsample.0", x, 4 * width, 1, stride=stride))
        x = (x + y).relu()
    return w.linear("fc", x.mean((2, 3)), 3)


def mobilenet_v2(w, x):
    x = F.relu6(w.batch_norm("features.0.1", w.conv("features.0.0", x, 8, 3, stride=2, padding=1)))
    at = 1
    for expand, out, blocks, stride in [(1, 8, 1, 1), (6, 12, 2, 2)]:
        for i in range(blocks):
            name, y, part, step = f"features.{at}.conv", x, 0, stride if i == 0 else 1
            wide = x.shape[1] * expand
            if expand != 1:
                y = F.relu6(w.batch_norm(f"{name}.0.1", w.conv(f"{name}.0.0", y, wide, 1)))
                part = 1
            y = w.conv(f"{name}.{part}.0", y, wide, 3, stride=step, padding=1, groups=wide)
            y = F.relu6(w.batch_norm(f"{name}.{part}.1", y))
            y = w.batch_norm(f"{name}.{part + 2}", w.conv(f"{name}.{part + 1}", y, out, 1))
            x = x + y if step == 1 and x.shape[1] == out else y
            at += 1
    x = F.relu6(w.batch_norm(f"features.{at}.1", w.conv(f"features.{at}.0", x, 16, 1)))
    return w.linear("classifier.1", x.mean((2, 3)), 3)


def unet(w, x):
    def double(name, x, out):
        x = w.batch_norm(f"{name}.double_conv.1", w.conv(f"{name}.double_conv.0", x, out, 3, padding=1)).relu()
        return w.batch_norm(f"{name}.double_conv.4", w.conv(f"{name}.double_conv.3", x, out, 3, padding=1)).relu()

    skips = [double("inc", x, 2)]
    for level in (1, 2):
        skips.append(double(f"down{level}.maxpool_conv.1", F.max_pool2d(skips[-1], 2), 2 << level))
    x = skips.pop()
    for level in (1, 2):
        skip = skips.pop()
        x = w.up_conv(f"up{level}.up", x, x.shape[1] // 2, 2, bias=True, stride=2)
        dy, dx = skip.shape[2] - x.shape[2], skip.shape[3] - x.shape[3]
        x = F.pad(x, [dx // 2, dx - dx // 2, dy // 2, dy - dy // 2])
        x = double(f"up{level}.conv", torch.cat([skip, x], 1), x.shape[1])
    return w.conv("outc.conv", x, 2, 1, bias=True)


def vit(w, x):
    name = "vit.embeddings"
    x = w.conv(name + ".patch_embeddings.projection", x, 16, 4, bias=True, stride=4).flatten(2).transpose(1, 2)
    x = torch.cat([w.make(name + ".cls_token", 1, 1, 16).expand(len(x), 1, 16), x], 1)
    x = x + w.make(name + ".position_embeddings", 1, 5, 16, scale=0.3)
    for i in range(2):
        name = f"vit.encoder.layer.{i}"
        y = w.layer_norm(name + ".layernorm_before", x, 1e-12)
        q, k, v = (split(w.linear(f"{name}.attention.attention.{part}", y, 16), 2) for part in ("query", "key", "value"))
        x = x + w.linear(name + ".attention.output.dense", join(attend(q, k, v)), 16)
        y = F.gelu(w.linear(name + ".intermediate.dense", w.layer_norm(name + ".layernorm_after", x, 1e-12), 24))
        x = x + w.linear(name + ".output.dense", y, 16)
    return w.linear("classifier", w.layer_norm("vit.layernorm", x, 1e-12)[:, 0], 3)


# Language


def lstm(w, x):
    x = w.embedding("encoder", x, 11, 6)
    for layer in range(2):
        width, h, c = 7, torch.zeros(len(x), 7), torch.zeros(len(x), 7)
        weights = [w.make(f"rnn.{part}_l{layer}", *shape) for part, shape in (
            ("weight_ih", (4 * width, x.shape[-1])), ("weight_hh", (4 * width, width)), ("bias_ih", (4 * width,)), ("bias_hh", (4 * width,)))]
        steps = []
        for t in range(x.shape[1]):
            gates = F.linear(x[:, t], weights[0], weights[2]) + F.linear(h, weights[1], weights[3])
            i, f, g, o = gates.chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            steps.append(h)
        x = torch.stack(steps, 1)
    return w.linear("decoder", x, 11)


def gpt2(w, x):
    def conv1d(name, x, out):
        return x @ w.make(name + ".weight", x.shape[-1], out) + w.make(name + ".bias", out, scale=0.1)

    tokens = x
    x = w.embedding("transformer.wte", tokens, 13, 16)
    x = x + w.embedding("transformer.wpe", torch.arange(tokens.shape[1]), 12, 16)
    for i in range(2):
        name = f"transformer.h.{i}"
        q, k, v = (split(part, 2) for part in conv1d(name + ".attn.c_attn", w.layer_norm(name + ".ln_1", x, 1e-5), 48).chunk(3, -1))
        x = x + conv1d(name + ".attn.c_proj", join(attend(q, k, v, causal(x.shape[1]))), 16)
        y = conv1d(name + ".mlp.c_fc", w.layer_norm(name + ".ln_2", x, 1e-5), 64)
        y = 0.5 * y * (1 + torch.tanh(math.sqrt(2 / math.pi) * (y + 0.044715 * y.pow(3))))
        x = x + conv1d(name + ".mlp.c_proj", y, 16)
    return w.layer_norm("transformer.ln_f", x, 1e-5) @ w["transformer.wte.weight"].T


def llama(w, x, frequencies=lambda f: f):
    def rotate(x):
        half = x.shape[-1] // 2
        f = frequencies(1 / 10000 ** (torch.arange(0, half, dtype=torch.float64) / half))
        angles = torch.arange(x.shape[-2], dtype=torch.float64)[:, None] * torch.cat([f, f])
        turned = torch.cat([-x[..., half:], x[..., :half]], -1)
        return x * angles.cos().float() + turned * angles.sin().float()

    x = w.embedding("model.embed_tokens", x, 13, 16)
    for i in range(2):
        name = f"model.layers.{i}"
        y = w.rms_norm(name + ".input_layernorm", x, 1e-5)
        q, k, v = (split(w.linear(f"{name}.self_attn.{part}_proj", y, 4 * heads, bias=False), heads) for part, heads in (("q", 4), ("k", 2), ("v", 2)))
        q, k = rotate(q), rotate(k)
        k, v = k.repeat_interleave(2, 1), v.repeat_interleave(2, 1)
        x = x + w.linear(name + ".self_attn.o_proj", join(attend(q, k, v, causal(x.shape[1]))), 16, bias=False)
        y = w.rms_norm(name + ".post_attention_layernorm", x, 1e-5)
        y = F.silu(w.linear(name + ".mlp.gate_proj", y, 24, bias=False)) * w.linear(name + ".mlp.up_proj", y, 24, bias=False)
        x = x + w.linear(name + ".mlp.down_proj", y, 16, bias=False)
    return w.linear("lm_head", w.rms_norm("model.norm", x, 1e-5), 13, bias=False)


def llama_scaled(w, x):
    def frequencies(f):
        waves = 2 * math.pi / f
        low, high, factor, steps = 1.0, 4.0, 8.0, 32
        smooth = (steps / waves - low) / (high - low)
        between = (1 - smooth) * f / factor + smooth * f
        return torch.where(waves < steps / high, f, torch.where(waves > steps / low, f / factor, between))

    return llama(w, x, frequencies)


def bert(w, tokens, attends):
    x = w.embedding("embeddings.word_embeddings", tokens, 13, 16)
    x = x + w.embedding("embeddings.position_embeddings", torch.arange(tokens.shape[1]), 10, 16)
    x = x + w.embedding("embeddings.token_type_embeddings", torch.zeros_like(tokens), 2, 16)
    x = w.layer_norm("embeddings.LayerNorm", x, 1e-12)
    hidden = ~attends.bool()[:, None, None, :]
    for i in range(2):
        name = f"encoder.layer.{i}"
        q, k, v = (split(w.linear(f"{name}.attention.self.{part}", x, 16), 4) for part in ("query", "key", "value"))
        y = w.linear(name + ".attention.output.dense", join(attend(q, k, v, hidden)), 16)
        x = w.layer_norm(name + ".attention.output.LayerNorm", x + y, 1e-12)
        y = w.linear(name + ".output.dense", F.gelu(w.linear(name + ".intermediate.dense", x, 32)), 16)
        x = w.layer_norm(name + ".output.LayerNorm", x + y, 1e-12)
    pooled = w.linear("pooler.dense", x[:, 0], 16).tanh()
    counts = attends[..., None].float()
    return x, F.normalize((x * counts).sum(1) / counts.sum(1), dim=1), pooled


# Graphs


def adjacency(edges, nodes):
    dense = torch.zeros(nodes, nodes)
    dense[edges[1], edges[0]] = 1  # from the first row to the second
    return dense + torch.eye(nodes)


def gcn(w, x, edges):
    a = adjacency(edges, len(x))
    d = a.sum(1).rsqrt()
    a = d[:, None] * a * d

    def layer(name, x, out):
        return a @ w.linear(name + ".lin", x, out, bias=False) + w.make(name + ".bias", out, scale=0.1)

    return layer("conv2", layer("conv1", x, 4).relu(), 3)


def gat(w, x, edges):
    a = adjacency(edges, len(x)).bool()

    def layer(name, x, heads, out):
        y = w.linear(name + ".lin", x, heads * out, bias=False).reshape(len(x), heads, out)
        of, to = ((y * w.make(f"{name}.att_{part}", 1, heads, out)).sum(-1) for part in ("src", "dst"))
        scores = F.leaky_relu(to[:, None] + of[None], 0.2).masked_fill(~a[..., None], float("-inf"))
        return torch.einsum("ijh,jho->iho", scores.softmax(1), y).flatten(1) + w.make(name + ".bias", heads * out, scale=0.1)

    return layer("conv2", F.elu(layer("conv1", x, 2, 4)), 1, 3)


# Generative


def dcgan_generator(w, x):
    x = w.batch_norm("main.1", w.up_conv("main.0", x[:, :, None, None], 8, 4)).relu()
    x = w.batch_norm("main.4", w.up_conv("main.3", x, 4, 4, stride=2, padding=1)).relu()
    return w.up_conv("main.6", x, 3, 4, stride=2, padding=1).tanh()


def dcgan_discriminator(w, x):
    x = F.leaky_relu(w.conv("main.0", x, 4, 4, stride=2, padding=1), 0.2)
    x = F.leaky_relu(w.batch_norm("main.3", w.conv("main.2", x, 8, 4, stride=2, padding=1)), 0.2)
    return w.conv("main.5", x, 1, 4).flatten()


def vae(w, x):
    h = w.linear("fc1", x, 8).relu()
    mean, log_variance = w.linear("fc21", h, 3), w.linear("fc22", h, 3)
    return mean, log_variance, w.linear("fc4", w.linear("fc3", mean, 8).relu(), 12).sigmoid()


def diffusion(w, x, t, classes):
    groups, eps = 4, 1e-6
    half = 4
    angles = t[:, None].float() * torch.exp(-math.log(10000) * torch.arange(half) / (half - 1))
    time = w.linear("time_embedding.linear_1", torch.cat([angles.sin(), angles.cos()], 1), 32)
    time = w.linear("time_embedding.linear_2", F.silu(time), 32) + w.embedding("class_embedding", classes, 3, 32)

    def resnet(name, x, out):
        y = w.conv(name + ".conv1", F.silu(w.group_norm(name + ".norm1", x, groups, eps)), out, 3, bias=True, padding=1)
        y = y + w.linear(name + ".time_emb_proj", F.silu(time), out)[:, :, None, None]
        y = w.conv(name + ".conv2", F.silu(w.group_norm(name + ".norm2", y, groups, eps)), out, 3, bias=True, padding=1)
        return y + (x if x.shape[1] == out else w.conv(name + ".conv_shortcut", x, out, 1, bias=True))

    def attention(name, x):
        c = x.shape[1]
        y = w.group_norm(name + ".group_norm", x, groups, eps).flatten(2).transpose(1, 2)
        q, k, v = (w.linear(f"{name}.to_{part}", y, c) for part in "qkv")
        return x + w.linear(name + ".to_out.0", attend(q, k, v), c).transpose(1, 2).reshape(x.shape)

    x = w.conv("conv_in", x, 8, 3, bias=True, padding=1)
    skips = [x]
    for level, (out, attends) in enumerate([(8, False), (12, True)]):
        x = resnet(f"down_blocks.{level}.resnets.0", x, out)
        if attends:
            x = attention(f"down_blocks.{level}.attentions.0", x)
        skips.append(x)
        if level == 0:
            x = w.conv(f"down_blocks.{level}.downsamplers.0.conv", F.pad(x, (0, 1, 0, 1)), out, 3, bias=True, stride=2)
            skips.append(x)
    x = resnet("mid_block.resnets.0", x, 12)
    x = resnet("mid_block.resnets.1", attention("mid_block.attentions.0", x), 12)
    for level, (out, attends) in enumerate([(12, True), (8, False)]):
        for i in range(2):
            x = resnet(f"up_blocks.{level}.resnets.{i}", torch.cat([x, skips.pop()], 1), out)
            if attends:
                x = attention(f"up_blocks.{level}.attentions.{i}", x)
        if level == 0:
            x = w.conv(f"up_blocks.{level}.upsamplers.0.conv", F.interpolate(x, scale_factor=2.0), out, 3, bias=True, padding=1)
    return w.conv("conv_out", F.silu(w.group_norm("conv_norm_out", x, groups, eps)), 1, 3, bias=True, padding=1)


EDGES = torch.tensor([[0, 1, 1, 2, 3, 4, 4, 5, 0], [1, 0, 2, 1, 4, 3, 5, 0, 5]])
MODELS = {
    resnet_basic: lambda: [torch.randn(2, 3, 9, 9)],
    resnet_bottleneck: lambda: [torch.randn(2, 3, 33, 33)],
    mobilenet_v2: lambda: [torch.randn(2, 3, 17, 17)],
    unet: lambda: [torch.randn(2, 3, 10, 13)],
    vit: lambda: [torch.randn(2, 3, 8, 8)],
    lstm: lambda: [torch.randint(0, 11, (2, 5))],
    gpt2: lambda: [torch.randint(0, 13, (2, 9))],
    llama: lambda: [torch.randint(0, 13, (2, 9))],
    llama_scaled: lambda: [torch.randint(0, 13, (1, 40))],
    bert: lambda: [torch.randint(0, 13, (2, 7)), torch.tensor([[1] * 7, [1] * 4 + [0] * 3])],
    gcn: lambda: [torch.randn(6, 5), EDGES],
    gat: lambda: [torch.randn(6, 5), EDGES],
    dcgan_generator: lambda: [torch.randn(2, 6)],
    dcgan_discriminator: lambda: [torch.randn(2, 3, 16, 16)],
    vae: lambda: [torch.rand(3, 12)],
    diffusion: lambda: [torch.randn(2, 1, 8, 8), torch.tensor([3, 700]), torch.tensor([0, 2])],
}


def outputs(model, weights, inputs):
    with torch.no_grad():
        result = model(weights, *inputs)
    return result if isinstance(result, tuple) else (result,)


def numbered(name, tensors):
    return {name if i == 0 else f"{name}{i}": tensor for i, tensor in enumerate(tensors)}


def main():
    folder = pathlib.Path(__file__).parent / "data" / "models"
    folder.mkdir(parents=True, exist_ok=True)
    total = 0
    for model, make in MODELS.items():
        torch.manual_seed(sum(map(ord, model.__name__)))
        weights, inputs = Weights(), make()
        results = outputs(model, weights, inputs)
        path = folder / (model.__name__ + ".safetensors")
        write(path, {**weights, **numbered("input", inputs), **numbered("output", results)}, {"format": "pt"})
        total += path.stat().st_size
    print(f"{total / 1024:.0f} KiB in all")


def check(folder):
    """Computes with weights that DeepNet wrote, and compares with what it computed of them."""
    for path in sorted(pathlib.Path(folder).glob("*.safetensors")):
        tensors, _ = read(path)
        model = next(model for model in MODELS if model.__name__ == path.stem)
        take = lambda kind: [tensors.pop(name) for name in sorted(name for name in tensors if name.startswith(kind) and "." not in name)]
        inputs, results = take("input"), take("output")
        worst = max((a - b).abs().max().item() for a, b in zip(outputs(model, Weights(tensors), inputs), results))
        print(f"{path.stem}: {worst:.2g}{'' if worst < 1e-5 else ', too much'}")


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "check":
        check(sys.argv[2])
    else:
        main()
