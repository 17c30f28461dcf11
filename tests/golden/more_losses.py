"""Losses of sequences, several labels and embeddings; those that PyTorch 1.13 lacks are composed here from their definitions."""

import torch
import torch.nn.functional as F

REDUCTIONS = ["mean", "sum", "none"]


def write(writer):
    for r in REDUCTIONS:
        ctc(writer, r)
        margins(writer, r)
        embeddings(writer, r)
        regions(writer, r)


def normal(*shape):
    return lambda d: d.normal(*shape)


def reduce(losses, r):
    return losses if r == "none" else getattr(losses, r)()


def ctc(writer, r):
    def case(name, shape, target, steps, counts, blank=0, zero=False, grad=True):
        target, steps, counts = torch.tensor(target), torch.tensor(steps), torch.tensor(counts)
        writer.case("loss.ctc", f"{name}, {r}", lambda x, t, i, c: F.ctc_loss(x.log_softmax(-1), t, i, c, blank, r, zero), normal(*shape), target, steps, counts,
                    grad=grad, reduction=r, blank=blank, zero=zero)

    case("padded", (7, 3, 5), [[1, 2, 3], [2, 2, 0], [4, 0, 0]], [7, 5, 6], [3, 2, 1])
    case("all after one another", (6, 2, 4), [0, 1, 1, 0, 0], [6, 6], [2, 3], blank=3)
    case("one too long", (4, 2, 3), [[1, 1, 1], [1, 2, 1]], [4, 4], [3, 3], zero=True)
    case("one too long, infinite", (4, 2, 3), [[1, 1, 1], [1, 2, 1]], [4, 4], [3, 3], grad=False)
    case("an empty target", (3, 2, 3), [[1, 2], [0, 0]], [3, 3], [2, 0])


def margins(writer, r):
    labels, weight = torch.tensor([2, 0, 4, 1]), torch.tensor([1, 0.5, 2, 0.25, 1.5], dtype=torch.float64)
    for p in (1, 2):
        writer.case("loss.multi_margin", f"p {p}, {r}", lambda x, t: F.multi_margin_loss(x, t, p, 0.75, reduction=r), normal(4, 5), labels, reduction=r, p=p)
        writer.case("loss.multi_margin", f"p {p}, weights, {r}", lambda x, t: F.multi_margin_loss(x, t, p, 0.75, weight, reduction=r), normal(4, 5), labels,
                    reduction=r, p=p, weighted=True)
    # PyTorch lists the labels, and we mark them.
    marks = torch.tensor([[0, 1, 0, 1], [1, 0, 0, 0], [0, 0, 0, 0]], dtype=torch.float64)
    lists = torch.tensor([[3, 1, -1, 0], [0, -1, 2, 1], [-1, 1, 2, 3]])
    writer.case("loss.multi_label_margin", r, lambda x, t: F.multilabel_margin_loss(x, lists, reduction=r), normal(3, 4), marks, reduction=r, detached=1)
    writer.case("loss.multi_label_soft_margin", r, lambda x, t: F.multilabel_soft_margin_loss(x, t.detach(), reduction=r), normal(3, 4), marks, reduction=r, detached=1)
    writer.case("loss.multi_label_soft_margin", f"weights, {r}", lambda x, t: F.multilabel_soft_margin_loss(x, t.detach(), weight[:4], reduction=r), normal(3, 4), marks,
                reduction=r, detached=1, weighted=True)
    signs = torch.tensor([1.0, -1, -1, 1], dtype=torch.float64)
    writer.case("loss.soft_margin", r, lambda x, t: F.soft_margin_loss(x, t.detach(), reduction=r), normal(4), signs, reduction=r, detached=1)
    writer.case("loss.hinge_embedding", r, lambda x, t: F.hinge_embedding_loss(x, t.detach(), margin=1.25, reduction=r), normal(4), signs, reduction=r, detached=1)
    quantiles = torch.tensor([0.1, 0.5, 0.8], dtype=torch.float64)
    writer.case("loss.quantile", r, lambda x, t: reduce(torch.maximum(0.3 * (t - x), -0.7 * (t - x)), r), normal(3, 4), normal(3, 4), reduction=r)
    writer.case("loss.quantiles", r, lambda x, t: reduce(torch.maximum(quantiles * (t[:, None] - x), (quantiles - 1) * (t[:, None] - x)), r), normal(4, 3), normal(4), reduction=r)


def embeddings(writer, r):
    writer.case("loss.triplet_swap", r, lambda a, p, n: F.triplet_margin_loss(a, p, n, margin=1.5, swap=True, reduction=r), normal(6, 3), normal(6, 3), normal(6, 3), reduction=r)

    def info_nce(q, p, n=None, symmetric=False):
        q, p = F.normalize(q, dim=-1), F.normalize(p, dim=-1)
        if n is None:
            scores, own = q @ p.T / 0.2, torch.arange(len(q))
            losses = F.cross_entropy(scores, own, reduction=r)
            return (losses + F.cross_entropy(scores.T, own, reduction=r)) / 2 if symmetric else losses
        n = F.normalize(n, dim=-1)
        others = q @ n.T if n.dim() == 2 else torch.einsum("nd,nmd->nm", q, n)
        return F.cross_entropy(torch.cat([(q * p).sum(1, keepdim=True), others], 1) / 0.2, torch.zeros(len(q), dtype=torch.int64), reduction=r)

    writer.case("loss.info_nce", r, info_nce, normal(4, 3), normal(4, 3), reduction=r)
    writer.case("loss.info_nce", f"symmetric, {r}", lambda q, p: info_nce(q, p, symmetric=True), normal(4, 3), normal(4, 3), reduction=r, symmetric=True)
    writer.case("loss.info_nce", f"negatives of all, {r}", info_nce, normal(4, 3), normal(4, 3), normal(5, 3), reduction=r)
    writer.case("loss.info_nce", f"negatives of each, {r}", info_nce, normal(4, 3), normal(4, 3), normal(4, 2, 3), reduction=r)


def regions(writer, r):
    def dice(p, t, weight=None, squared=False, batch=False):
        axes = [0, 2, 3] if batch else [2, 3]
        below = p.square().sum(axes) + t.square().sum(axes) if squared else p.sum(axes) + t.sum(axes)
        losses = 1 - (2 * (p * t).sum(axes) + 0.5) / (below + 0.5)
        if weight is None:
            return reduce(losses, r)
        weights = weight.expand_as(losses)
        return (losses * weights).sum() / weights.sum() if r == "mean" else reduce(losses * weights, r)

    def shares(*shape):
        return lambda d: d.normal(*shape, low=0.03, high=0.97)

    weight = torch.tensor([1, 0.5, 2], dtype=torch.float64)
    writer.case("loss.dice", r, dice, shares(2, 3, 2, 4), shares(2, 3, 2, 4), reduction=r)
    writer.case("loss.dice", f"squares, weights, {r}", lambda p, t: dice(p, t, weight, squared=True), shares(2, 3, 2, 4), shares(2, 3, 2, 4), reduction=r, squared=True, weighted=True)
    writer.case("loss.dice", f"over the batch, {r}", lambda p, t: dice(p, t, batch=True), shares(2, 3, 2, 4), shares(2, 3, 2, 4), reduction=r, batch=True)
    writer.case("loss.dice", f"labels, weights, {r}", lambda p, t: dice(p, F.one_hot(t, 3).movedim(-1, 1).double(), weight), shares(2, 3, 2, 4), lambda d: d.whole(0, 3, 2, 2, 4),
                reduction=r, weighted=True)

    weights = torch.tensor([1, 0.5, 2, 0.25, 1.5], dtype=torch.float64)

    def focal(x, t, weight=None, gamma=2.0, smoothing=0.0, ignore=-100):
        log = x.log_softmax(1)
        target = t if t.is_floating_point() else F.one_hot(t.clamp(min=0), x.shape[1]).double().movedim(-1, 1)
        target = target * (1 - smoothing) + smoothing / x.shape[1]
        shape = [1, -1] + [1] * (x.dim() - 2)
        terms = -((1 - log.exp()) ** gamma * log * target * (1 if weight is None else weight.reshape(shape)))
        losses = terms.sum(1)
        if t.is_floating_point():
            return reduce(losses, r)
        counts = (t != ignore).double()
        losses = losses * counts
        if r != "mean":
            return reduce(losses, r)
        return losses.sum() / (counts if weight is None else weight[t.clamp(min=0)] * counts).sum()

    labels, ignored, soft = torch.tensor([2, 0, 4, 1]), torch.tensor([2, -100, 4, 1]), torch.tensor([[0.25, 0.5, 0.25], [0, 0.75, 0.25]], dtype=torch.float64)
    writer.case("loss.focal_cross_entropy", f"labels, {r}", focal, normal(4, 5), labels, reduction=r, gamma=2)
    writer.case("loss.focal_cross_entropy", f"weights, ignored, {r}", lambda x, t: focal(x, t, weights, 1.5), normal(4, 5), ignored, reduction=r, gamma=1.5, weighted=True)
    writer.case("loss.focal_cross_entropy", f"weights, smoothing, ignored, {r}", lambda x, t: focal(x, t, weights, 2.0, 0.1), normal(4, 5), ignored,
                reduction=r, gamma=2, smoothing=0.1, weighted=True)
    writer.case("loss.focal_cross_entropy", f"pixels, {r}", focal, normal(2, 3, 2), lambda d: d.whole(0, 3, 2, 2), reduction=r, gamma=2)
    writer.case("loss.focal_cross_entropy", f"probabilities, {r}", lambda x, t: focal(x, t.detach(), weights[:3], 2.0, 0.1), normal(2, 3), soft, reduction=r,
                gamma=2, smoothing=0.1, weighted=True, detached=1)
