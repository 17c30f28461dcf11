"""Linear algebra: systems, factors, determinants and functions of matrices. Signs of vectors are free, so functions are taken that do not see them."""

import torch

L = torch.linalg


def write(writer):
    square = lambda *batch, n=3: lambda d: d.normal(*batch, n, n) + 4 * torch.eye(n, dtype=torch.float64)
    systems = [("vector", square(), (3,)), ("matrix", square(), (3, 2)), ("batch", square(2, n=4), (2, 4, 1)), ("one matrix", square(), (2, 3, 2)), ("one number", square(n=1), (1, 1))]
    for name, a, b in systems:
        vector = len(b) == 1
        writer.case("solve", name, L.solve, a, lambda d, b=b: d.normal(*b))
        wide = lambda b, vector=vector: b.unsqueeze(-1) if vector else b
        thin = lambda x, vector=vector: x.squeeze(-1) if vector else x
        for upper in (False, True):
            writer.case("solve_triangular", f"{name}, upper {upper}", lambda a, b: thin(L.solve_triangular(a, wide(b), upper=upper)), a, lambda d, b=b: d.normal(*b), upper=upper)
        writer.case("solve_triangular", f"{name}, unit, transposed", lambda a, b: thin(L.solve_triangular((a / 8).mT, wide(b), upper=True, unitriangular=True)),
                    a, lambda d, b=b: d.normal(*b), upper=False, transpose=True, unit=True)
        writer.case("cholesky_solve", name, lambda a, b: thin(torch.cholesky_solve(wide(b), a.tril())), a, lambda d, b=b: d.normal(*b))

    for name, a in [("matrix", square()), ("batch", square(2, n=4)), ("one number", square(n=1))]:
        writer.case("inverse", name, L.inv, a)
        writer.case("det", name, L.det, a)
        writer.case("slogdet", name, lambda a: (L.slogdet(a)[0].detach(), L.slogdet(a)[1]), a)
        writer.case("matrix_exp", name, lambda a: torch.matrix_exp(a / 4), a)
        for power in (-2, 0, 1, 5):
            writer.case("matrix_power", f"{name}, {power}", lambda a: L.matrix_power(a / 4, power), a, grad=power != 0, power=power)
        writer.case("cholesky", name, lambda a: L.cholesky(a @ a.mT), a)
        writer.case("eigvalsh", name, lambda a: L.eigvalsh(a + a.mT), a)
        writer.case("eigh", name, lambda a: squares(*L.eigh(a + a.mT)), a)
        writer.case("lu", f"{name}, square", lambda a: torch.lu_unpack(*torch.lu(a)), a)
    writer.case("det", "no rows", L.det, lambda d: d.normal(2, 0, 0))
    writer.case("matrix_exp", "large", torch.matrix_exp, lambda d: d.normal(3, 3))

    for name, shape in [("square", (3, 3)), ("tall", (4, 3)), ("wide", (3, 4)), ("batch", (2, 4, 2)), ("row", (1, 3))]:
        a = lambda d, shape=shape: d.normal(*shape)
        writer.case("qr", name, lambda a: L.qr(a), a)
        writer.case("svdvals", name, L.svdvals, a)
        writer.case("svd", name, lambda a: squares_svd(*L.svd(a, full_matrices=False)), a)
        writer.case("pinv", name, L.pinv, a)
        writer.case("lstsq", name, lambda a, b: L.pinv(a) @ b, a, lambda d, shape=shape: d.normal(*shape[:-1], 2))
        writer.case("matrix_rank", name, L.matrix_rank, a)
        for norm in ("fro", "nuc", 2, 1, float("inf")):
            writer.case("matrix_norm", f"{name}, {norm}", lambda a: L.matrix_norm(a, norm), a, norm=str(norm))

    writer.case("lu", "tall", lambda a: torch.lu_unpack(*torch.lu(a)), lambda d: d.normal(4, 2))
    writer.case("lu", "wide", lambda a: torch.lu_unpack(*torch.lu(a)), lambda d: d.normal(2, 4))
    for offset in (0, 1, -2):
        writer.case("diag", f"vector, {offset}", lambda a: torch.diag(a, offset), lambda d: d.normal(3), offset=offset)
        writer.case("diag", f"batch, {offset}", lambda a: torch.diag_embed(a, offset), lambda d: d.normal(2, 3), offset=offset)
    writer.case("kron", "matrices", torch.kron, lambda d: d.normal(2, 3), lambda d: d.normal(3, 2))
    writer.case("kron", "a batch", lambda a, b: torch.stack([torch.kron(x, b) for x in a]), lambda d: d.normal(2, 2, 3), lambda d: d.normal(1, 2))
    writer.case("cross", "last axis", lambda a, b: L.cross(a, b), lambda d: d.normal(2, 3), lambda d: d.normal(2, 3), axis=-1)
    writer.case("cross", "first axis", lambda a, b: L.cross(a, b, dim=0), lambda d: d.normal(3, 2), lambda d: d.normal(3, 2), axis=0)
    for p in (1.0, 2.0, 3.0, float("inf")):
        writer.case("cdist", f"p {p}", lambda a, b: torch.cdist(a, b, p=p), lambda d: d.normal(2, 3, 2), lambda d: d.normal(2, 4, 2), p=str(p))
    for correction in (0, 1):
        writer.case("cov", f"correction {correction}", lambda a: torch.cov(a, correction=correction), lambda d: d.normal(3, 5), correction=correction)
    writer.case("cov", "a vector", torch.cov, lambda d: d.normal(5), correction=1)


def squares(values, vectors):
    return values, vectors * vectors


def squares_svd(u, s, vt):
    return u * u, s, vt * vt
