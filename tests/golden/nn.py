"""Layers and losses. A layer's inputs come first, then its parameters in the order of "names"; buffers are outputs behind the first."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.stateless import functional_call



def write(writer):
    layers(writer)
    norms(writer)
    recurrent(writer)
    attention(writer)
    losses(writer)


def layer(writer, op, name, module, *inputs, call=None, state=0, train=True, **args):
    """The function of inputs and parameters that a module is; so many of its buffers as state says are outputs after the call, too."""
    module = module.double().train(train)
    names = [n for n, _ in module.named_parameters()]
    count = len(inputs)

    def function(*values):
        parameters = dict(zip(names, values[count:]))
        if isinstance(module, nn.RNNBase):
            # Its list of weights does not notice that parameters are replaced.
            module._flat_weights = [parameters[n] for n in module._flat_weights_names]
            return list(call(module, *values[:count]))
        y = functional_call(Call(module, call) if call else module, {f"inner.{n}" if call else n: p for n, p in parameters.items()}, tuple(values[:count]))
        y = list(y) if isinstance(y, (tuple, list)) else [y]
        return y + [b.clone() for b in module.buffers()][:state]

    # A quarter of the usual size, so that deep compositions do not saturate; still exact in float32.
    makes = [lambda d, s=tuple(p.shape): d.normal(*s) / 4 for p in module.parameters()]
    writer.case(op, name, function, *inputs, *makes, names=names, train=train, **args)


class Call(nn.Module):
    def __init__(self, inner, call):
        super().__init__()
        self.inner = inner
        self.call = call

    def forward(self, *inputs):
        return self.call(self.inner, *inputs)


def normal(*shape):
    return lambda d: d.normal(*shape)


def small(*shape):
    return lambda d: d.normal(*shape) / 4


def layers(writer):
    for bias in (True, False):
        layer(writer, "nn.linear", f"bias {bias}", nn.Linear(5, 3, bias), normal(4, 5), bias=bias)
    layer(writer, "nn.linear", "batch 1", nn.Linear(7, 1), normal(1, 7), bias=True)
    layer(writer, "nn.linear", "three axes", nn.Linear(3, 2), normal(2, 5, 3), bias=True)
    layer(writer, "nn.bilinear", "rows", nn.Bilinear(3, 4, 2), normal(5, 3), normal(5, 4))
    layer(writer, "nn.prelu", "one slope", nn.PReLU(), normal(3, 4))
    layer(writer, "nn.prelu", "per channel", nn.PReLU(3), normal(2, 3, 2, 2))
    layer(writer, "nn.sequential", "mlp", nn.Sequential(nn.Linear(4, 5), nn.ReLU(), nn.Linear(5, 2)), normal(3, 4))
    for name, settings in {"plain": {}, "stride, padding": dict(stride=2, padding=1), "groups": dict(groups=2), "dilation": dict(dilation=2)}.items():
        layer(writer, "nn.conv1d", name, nn.Conv1d(4, 6, 3, **settings), normal(2, 4, 9), **settings)
        layer(writer, "nn.conv2d", name, nn.Conv2d(4, 2, 3, **settings), normal(1, 4, 6, 5), **settings)
    layer(writer, "nn.conv2d", "no bias", nn.Conv2d(2, 3, (1, 2), bias=False), normal(2, 2, 3, 3))
    for name, settings in {"plain": {}, "stride": dict(stride=2, padding=1, output_padding=1), "groups": dict(groups=2)}.items():
        layer(writer, "nn.conv_transpose2d", name, nn.ConvTranspose2d(4, 2, 3, **settings), normal(2, 4, 3, 2), **settings)
    separable = nn.Sequential()
    separable.add_module("depthwise", nn.Conv2d(3, 3, 3, padding=1, groups=3))
    separable.add_module("pointwise", nn.Conv2d(3, 4, 1))
    layer(writer, "nn.separable_conv2d", "3 to 4", separable, normal(2, 3, 4, 5))
    indices = torch.tensor([[0, 3, 3], [1, 2, 0]])
    layer(writer, "nn.embedding", "plain", nn.Embedding(4, 3), indices)
    layer(writer, "nn.embedding", "padding", nn.Embedding(4, 3, padding_idx=3), indices, padding=3)
    writer.case("nn.max_pool2d", "2", lambda x: F.max_pool2d(x, 2), normal(2, 3, 5, 4))
    writer.case("nn.avg_pool2d", "2", lambda x: F.avg_pool2d(x, 2), normal(2, 3, 5, 4))
    writer.case("nn.global_avg_pool", "image", lambda x: x.mean((2, 3)), normal(2, 3, 5, 4))


def norms(writer):
    for train in (True, False):
        for name, shape in {"rows": (7, 5), "wide": (3, 19), "signals": (2, 3, 5), "batch 1": (1, 3, 2)}.items():
            layer(writer, "nn.batch_norm1d", f"{name}, train {train}", nn.BatchNorm1d(shape[1]), normal(*shape), state=3, train=train)
        layer(writer, "nn.batch_norm2d", f"images, train {train}", nn.BatchNorm2d(3), normal(2, 3, 4, 5), state=3, train=train)
        layer(writer, "nn.batch_norm2d", f"cumulative, train {train}", nn.BatchNorm2d(2, momentum=None), normal(3, 2, 3, 1), state=3, train=train, cumulative=True)
        layer(writer, "nn.batch_norm2d", f"no affine, train {train}", nn.BatchNorm2d(2, affine=False), normal(2, 2, 3, 3), state=3, train=train, plain=True)
    layer(writer, "nn.layer_norm", "rows", nn.LayerNorm(7), normal(5, 7))
    layer(writer, "nn.layer_norm", "many rows", nn.LayerNorm(3), normal(37, 3))
    layer(writer, "nn.layer_norm", "two axes", nn.LayerNorm((3, 4)), normal(2, 2, 3, 4))
    layer(writer, "nn.layer_norm", "one row", nn.LayerNorm(33), normal(1, 33))
    layer(writer, "nn.group_norm", "two groups", nn.GroupNorm(2, 4), normal(3, 4, 3, 2))
    layer(writer, "nn.group_norm", "one group", nn.GroupNorm(1, 3), normal(2, 3, 5))
    layer(writer, "nn.instance_norm", "affine", nn.InstanceNorm2d(3, affine=True), normal(2, 3, 3, 4))
    layer(writer, "nn.instance_norm", "plain", nn.InstanceNorm1d(3), normal(2, 3, 5))
    for train in (True, False):
        layer(writer, "nn.instance_norm", f"running, train {train}", nn.InstanceNorm2d(3, affine=True, track_running_stats=True), normal(2, 3, 3, 4), state=2, train=train, running=True)
        layer(writer, "nn.instance_norm", f"running, no affine, train {train}", nn.InstanceNorm1d(3, track_running_stats=True), normal(3, 3, 4), state=2, train=train, running=True)
    writer.case("nn.rms_norm", "rows", lambda x, w: x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5) * w, normal(4, 9), normal(9))


def recurrent(writer):
    kinds = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
    for op, kind in kinds.items():
        def states(rows, batch, hidden, op=op):
            return [small(rows, batch, hidden)] * (2 if op == "lstm" else 1)

        def call(module, x, *state, op=op):
            y, last = module(x, tuple(state) if op == "lstm" else state[0]) if state else module(x)
            return [y, *last] if op == "lstm" else [y, last]

        layer(writer, f"nn.{op}", "zero state", kind(3, 4), normal(5, 2, 3), call=call)
        layer(writer, f"nn.{op}", "state, batch 1", kind(3, 2), normal(3, 1, 3), *states(1, 1, 2), call=call, stateful=True)
        layer(writer, f"nn.{op}", "two layers, both directions", kind(3, 2, 2, bidirectional=True), normal(3, 2, 3), *states(4, 2, 2), call=call, stateful=True, layers=2, both=True)
        layer(writer, f"nn.{op}", "batch first, no bias", kind(2, 3, batch_first=True, bias=False), normal(2, 4, 2), call=call, batchFirst=True, nobias=True)

        def packed(module, x, op=op):
            lengths = torch.tensor([4, 2, 3])
            y, last = module(nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False))
            y, _ = nn.utils.rnn.pad_packed_sequence(y)
            return [y, *last] if op == "lstm" else [y, last]

        layer(writer, f"nn.{op}", "packed, both directions", kind(3, 2, bidirectional=True), normal(4, 3, 3), call=packed, lengths=[4, 2, 3], both=True)
    layer(writer, "nn.rnn", "relu", nn.RNN(3, 4, nonlinearity="relu"), normal(3, 2, 3), call=lambda m, x: list(m(x)), relu=True)


def attention(writer):
    causal = torch.ones(4, 4).triu(1).bool()
    padding = torch.tensor([[False, False, False, True], [False, False, True, True]])

    def self_attention(module, x):
        return list(module(x, x, x))

    layer(writer, "nn.attention", "itself", nn.MultiheadAttention(6, 2), small(4, 2, 6), call=self_attention)
    layer(writer, "nn.attention", "batch first, one head", nn.MultiheadAttention(3, 1, batch_first=True), small(2, 4, 3), call=self_attention, heads=1, batchFirst=True)
    layer(writer, "nn.attention", "causal", nn.MultiheadAttention(4, 2), small(4, 1, 4), call=lambda m, x: list(m(x, x, x, attn_mask=causal)), causal=True)
    layer(writer, "nn.attention", "padding", nn.MultiheadAttention(4, 2), small(4, 2, 4), call=lambda m, x: list(m(x, x, x, key_padding_mask=padding)), padding=True)
    layer(writer, "nn.attention", "three inputs", nn.MultiheadAttention(4, 2), small(3, 2, 4), small(5, 2, 4), small(5, 2, 4), call=lambda m, q, k, v: list(m(q, k, v)))
    heads = torch.stack([causal, torch.zeros_like(causal), torch.zeros_like(causal), causal])
    layer(writer, "nn.attention", "mask by head and padding", nn.MultiheadAttention(4, 2), small(4, 2, 4),
          call=lambda m, x: list(m(x, x, x, attn_mask=heads, key_padding_mask=padding)), mask="heads")
    layer(writer, "nn.attention", "mask that is added", nn.MultiheadAttention(4, 2), small(4, 2, 4),
          call=lambda m, x: list(m(x, x, x, attn_mask=causal.double() * -0.75)), mask="added")
    for key, value in ((3, 5), (4, 2), (6, 4)):
        layer(writer, "nn.attention", f"keys of {key}, values of {value}", nn.MultiheadAttention(4, 2, kdim=key, vdim=value), small(3, 2, 4), small(5, 2, key), small(5, 2, value),
              call=lambda m, q, k, v: list(m(q, k, v)))
    layer(writer, "nn.attention", "without batch", nn.MultiheadAttention(4, 2), small(4, 4), call=self_attention)
    for first in (False, True):
        for batch in (1, 2):
            layer(writer, "nn.encoder_layer", f"norm first {first}, batch {batch}", nn.TransformerEncoderLayer(4, 2, 6, 0.0, norm_first=first, batch_first=True), small(batch, 4, 4), first=first)
        layer(writer, "nn.encoder_layer", f"norm first {first}, causal", nn.TransformerEncoderLayer(4, 2, 6, 0.0, "gelu", norm_first=first, batch_first=True),
              small(2, 4, 4), call=lambda m, x: m(x, causal), first=first, causal=True)
        layer(writer, "nn.decoder_layer", f"norm first {first}", nn.TransformerDecoderLayer(4, 2, 6, 0.0, norm_first=first, batch_first=True),
              small(2, 4, 4), small(2, 3, 4), call=lambda m, x, y: m(x, y, tgt_mask=causal), first=first)


def losses(writer):
    reductions = ("mean", "sum", "none")
    for r in reductions:
        for op, function in {"mse": F.mse_loss, "l1": F.l1_loss, "smooth_l1": F.smooth_l1_loss}.items():
            writer.case(f"loss.{op}", r, lambda x, t: function(x, t, reduction=r), normal(3, 5), normal(3, 5), reduction=r)
        writer.case("loss.huber", r, lambda x, t: F.huber_loss(x, t, reduction=r, delta=0.7), normal(3, 5), normal(3, 5), reduction=r, delta=0.7)
        writer.case("loss.bce", r, lambda x, t: F.binary_cross_entropy(x, t, reduction=r), lambda d: d.normal(3, 5, low=0.05, high=0.95), lambda d: d.normal(3, 5, low=0.0, high=1.0), reduction=r)
        writer.case("loss.bce_with_logits", r, lambda x, t: F.binary_cross_entropy_with_logits(x, t, reduction=r), normal(3, 5), lambda d: d.normal(3, 5, low=0.0, high=1.0), reduction=r)
        writer.case("loss.bce_with_logits", f"positive weight, {r}", lambda x, t, p: F.binary_cross_entropy_with_logits(x, t, reduction=r, pos_weight=p.detach()),
                    normal(3, 5), lambda d: d.normal(3, 5, low=0.0, high=1.0), torch.tensor([1.0, 2.0, 0.5, 3.0, 1.0], dtype=torch.float64), reduction=r, weighted=True, detached=2)
        cross_entropies(writer, r)
        margins(writer, r)
    for log in (False, True):
        target = (lambda d: d.normal(4, 3)) if log else (lambda d: d.normal(4, 3, low=0.05, high=1.0))
        writer.case("loss.kl", f"log target {log}", lambda x, t: F.kl_div(x, t, reduction="batchmean", log_target=log), normal(4, 3), target, logTarget=log)
    writer.case("loss.kl", "zeros in the target", lambda x, t: F.kl_div(x, t, reduction="sum"), normal(2, 3), torch.tensor([[0.0, 0.5, 0.5], [1.0, 0.0, 0.0]], dtype=torch.float64), grad=False, sum=True)
    for full in (False, True):
        writer.case("loss.gaussian", f"full {full}", lambda x, t, v: F.gaussian_nll_loss(x, t, v, full=full), normal(4, 3), normal(4, 3), lambda d: d.positive(4, 3), full=full)
        writer.case("loss.gaussian", f"one variance for a row, full {full}", lambda x, t, v: F.gaussian_nll_loss(x, t, v, full=full), normal(4, 3), normal(4, 3), lambda d: d.positive(4, 1), full=full)
        for log in (True, False):
            writer.case("loss.poisson", f"log {log}, full {full}", lambda x, t: F.poisson_nll_loss(x, t.detach(), log_input=log, full=full),
                        normal(3, 4) if log else (lambda d: d.positive(3, 4)), torch.tensor([[0, 1, 2, 5], [3, 1, 0, 9], [4, 4, 1, 2]], dtype=torch.float64), log=log, full=full, detached=1)


def cross_entropies(writer, r):
    labels, weights = torch.tensor([0, 3, 1, 4]), torch.tensor([1.0, 0.5, 2.0, 0.25, 1.5], dtype=torch.float64)
    ignored = torch.tensor([0, -100, 1, 4])

    def case(name, logits, target, weight=None, **options):
        torch_options = {{"smoothing": "label_smoothing", "ignore": "ignore_index"}[k]: v for k, v in options.items()}
        writer.case("loss.cross_entropy", f"{name}, {r}", lambda x, t: F.cross_entropy(x, t, weight, reduction=r, **torch_options), logits, target, reduction=r, weighted=weight is not None, **options)

    case("labels", normal(4, 5), labels)
    case("batch 1", normal(1, 5), torch.tensor([2]))
    case("one sample without batch", normal(5), torch.tensor(2))
    case("many classes", normal(2, 41), torch.tensor([40, 7]))
    case("weights", normal(4, 5), labels, weights)
    case("smoothing", normal(4, 5), labels, smoothing=0.1)
    case("weights, smoothing", normal(4, 5), labels, weights, smoothing=0.3)
    case("ignored", normal(4, 5), ignored)
    case("ignored class, weights, smoothing", normal(4, 5), labels, weights, smoothing=0.2, ignore=3)
    case("images", normal(2, 3, 2, 2), torch.tensor([[[0, 1], [2, 0]], [[1, 1], [0, 2]]]))
    soft = torch.tensor([[0.25, 0.5, 0.25], [0, 1, 0]], dtype=torch.float64)
    writer.case("loss.cross_entropy", f"probabilities, {r}", lambda x, t: F.cross_entropy(x, t.detach(), reduction=r), normal(2, 3), soft, reduction=r, detached=1)
    writer.case("loss.cross_entropy", f"probabilities, weights, smoothing, {r}", lambda x, t: F.cross_entropy(x, t.detach(), weights[:3], reduction=r, label_smoothing=0.1),
                normal(2, 3), soft, reduction=r, detached=1, weighted=True, smoothing=0.1)
    writer.case("loss.nll", f"labels, {r}", lambda x, t: F.nll_loss(x, t, reduction=r), normal(4, 5), labels, reduction=r)
    writer.case("loss.nll", f"weights, ignored, {r}", lambda x, t: F.nll_loss(x, t, weights, reduction=r), normal(4, 5), ignored, reduction=r, weighted=True)


def margins(writer, r):
    signs = torch.tensor([1.0, -1.0, 1.0, -1.0], dtype=torch.float64)

    def reduce(losses):
        return losses if r == "none" else getattr(losses, r)()

    writer.case("loss.hinge", r, lambda x, t: reduce(F.relu(1 - t.detach() * x)), normal(4), signs, reduction=r, detached=1)
    writer.case("loss.margin_ranking", r, lambda a, b, t: F.margin_ranking_loss(a, b, t.detach(), margin=0.25, reduction=r), normal(4), normal(4), signs, reduction=r, detached=2)
    writer.case("loss.triplet", r, lambda a, p, n: F.triplet_margin_loss(a, p, n, margin=1.5, reduction=r), normal(4, 3), normal(4, 3), normal(4, 3), reduction=r)
    writer.case("loss.cosine", r, lambda a, b, t: F.cosine_embedding_loss(a, b, t.detach(), margin=0.1, reduction=r), normal(4, 3), normal(4, 3), signs, reduction=r, detached=2)

    def focal(x, t):
        p, ce = torch.sigmoid(x), F.binary_cross_entropy_with_logits(x, t, reduction="none")
        right = p * t + (1 - p) * (1 - t)
        return reduce((0.25 * t + 0.75 * (1 - t)) * ce * (1 - right) ** 2)

    writer.case("loss.focal", r, lambda x, t: focal(x, t.detach()), normal(4), torch.tensor([1.0, 0.0, 0.0, 1.0], dtype=torch.float64), reduction=r, detached=1)
