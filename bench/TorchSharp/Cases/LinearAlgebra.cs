using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>Factorisations of one large matrix and of many small ones.</summary>
internal static class LinearAlgebra
{
    public static IEnumerable<Case> Cases => [.. Of("512", 512, 512), .. Of("1000x16", 1000, 16, 16)];

    private static IEnumerable<Case> Of(string name, params long[] shape) =>
    [
        One("cholesky_" + name, () => Definite(shape), x => Outcome.Note(linalg.cholesky(x))),
        One("qr_" + name, () => Inputs.Normal(shape), x => Outcome.NoteMagnitudes(linalg.qr(x).R)),
        Solve("solve_" + name, shape, shape[^1]),
        Solve("solve_vector_" + name, shape, 1),
        One("eigh_" + name, () => Symmetric(shape), x => Outcome.Note(linalg.eigh(x).Item1)),
        One("svd_" + name, () => Inputs.Normal(shape), x => Outcome.Note(linalg.svd(x, fullMatrices: false).S)),
    ];

    private static Tensor Symmetric(long[] shape)
    {
        var x = Inputs.Normal(shape);
        return x + x.mT;
    }

    private static Tensor Definite(long[] shape)
    {
        var x = Inputs.Normal(shape);
        return x.matmul(x.mT) + eye(shape[^1]) * shape[^1];
    }

    private static Case One(string name, Func<Tensor> input, Action<Tensor> function) => Scoped(name, () =>
    {
        var x = input();
        return () => function(x);
    });

    private static Case Solve(string name, long[] shape, long columns) => Scoped(name, () =>
    {
        Tensor a = Inputs.Normal(shape), b = Inputs.Normal([.. shape[..^1], columns]);
        return () => Outcome.Note(linalg.solve(a, b));
    });

    private static Case Scoped(string name, Func<Action> setup) => new("linalg_" + name, () =>
    {
        var action = setup();
        return () =>
        {
            using var scope = NewDisposeScope();
            action();
        };
    });
}
