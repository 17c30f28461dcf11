"""Matrix products of every pair of ranks, and Einstein sums."""

import torch


def write(writer):
    pairs = [((4,), (4,)), ((3, 4), (4,)), ((4,), (4, 5)), ((3, 4), (4, 5)), ((2, 3, 4), (4,)), ((4,), (2, 4, 5)), ((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)),
             ((3, 4), (2, 4, 5)), ((2, 1, 3, 4), (5, 4, 2)), ((1, 3, 4), (2, 4, 1)), ((1, 1), (1, 1)), ((3, 0), (0, 5)), ((0, 4), (4, 5)), ((3, 4), (4, 0)), ((0, 3, 4), (4, 5)),
             ((17, 33), (33, 19)), ((1, 40), (40, 37)), ((37, 40), (40, 1))]
    for a, b in pairs:
        writer.case("matmul", f"{a} x {b}", torch.matmul, lambda d: d.normal(*a), lambda d: d.normal(*b))
    writer.case("matmul", "transposed left", lambda a, b: a.t() @ b, lambda d: d.normal(7, 5), lambda d: d.normal(7, 6), left=True)
    writer.case("matmul", "transposed right", lambda a, b: a @ b.t(), lambda d: d.normal(5, 7), lambda d: d.normal(6, 7), right=True)
    writer.case("matmul", "both transposed", lambda a, b: a.t() @ b.t(), lambda d: d.normal(7, 5), lambda d: d.normal(6, 7), left=True, right=True)
    writer.case("dot", "vectors", torch.dot, lambda d: d.normal(9), lambda d: d.normal(9))
    writer.case("dot", "nothing", torch.dot, lambda d: d.normal(0), lambda d: d.normal(0))
    writer.case("outer", "vectors", torch.outer, lambda d: d.normal(3), lambda d: d.normal(4))
    sums = [("ij,jk->ik", (3, 4), (4, 5)), ("ij,jk", (3, 4), (4, 5)), ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)), ("i,i->", (4,), (4,)), ("i,j->ij", (3,), (4,)),
            ("ij->ji", (3, 4)), ("ij->", (3, 4)), ("ij->j", (3, 4)), ("ii->i", (4, 4)), ("ii->", (4, 4)), ("bhid,bhjd->bhij", (2, 3, 4, 2), (2, 3, 5, 2)),
            ("...ij,...jk->...ik", (2, 3, 4), (4, 5)), ("ij,ij->ij", (3, 4), (3, 4)), ("ij,j->i", (3, 4), (4,)), ("ijk,il,jm->klm", (2, 3, 4), (2, 3), (3, 2)),
            ("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)), ("abc,cd->abd", (2, 3, 4), (4, 2)), ("ba", (3, 4))]
    for text, *shapes in sums:
        writer.case("einsum", text, lambda *t: torch.einsum(text, *t), *[(lambda d, s=s: d.normal(*s)) for s in shapes], equation=text)
