namespace DeepNet.Bench.Cases;

/// <summary>Factorisations of one large matrix and of many small ones.</summary>
internal static class LinearAlgebra
{
    public static IEnumerable<Case> Cases =>
    [
        .. Of("512", 512, 512),
        .. Of("1000x16", 1000, 16, 16),
    ];

    private static IEnumerable<Case> Of(string name, params int[] shape) =>
    [
        One("cholesky_" + name, () => Definite(shape), x => Outcome.Note(Linalg.Cholesky(x)), 1.5),
        One("qr_" + name, () => Normal(shape), x => Outcome.NoteMagnitudes(Linalg.Qr(x).R), 1.5),
        Solve("solve_" + name, shape, shape[^1]),
        Solve("solve_vector_" + name, shape, 1),
        One("eigh_" + name, () => Symmetric(shape), x => Outcome.Note(Linalg.Eigh(x).Values), 3),
        One("svd_" + name, () => Normal(shape), x => Outcome.Note(Linalg.Svd(x).S), 3),
    ];

    private static Tensor Normal(params int[] shape) => Inputs.Normal(new Shape(shape));

    private static Tensor Symmetric(int[] shape)
    {
        var x = Normal(shape);
        return x + x.T;
    }

    private static Tensor Definite(int[] shape)
    {
        var x = Normal(shape);
        return x.MatMul(x.T) + Tensor.Eye(shape[^1]) * shape[^1];
    }

    private static Case One(string name, Func<Tensor> input, Action<Tensor> function, double slower) => Timed(name, slower, () =>
    {
        var x = input();
        return () => function(x);
    });

    private static Case Solve(string name, int[] shape, int columns) => Timed(name, 1.5, () =>
    {
        Tensor a = Normal(shape), b = Normal([.. shape[..^1], columns]);
        return () => Outcome.Note(Linalg.Solve(a, b));
    }) with
    {
        Tolerance = shape.Length > 2 ? 0.05 : 1e-3,   // among a thousand matrices is one that is nearly singular, and its solution is large
    };

    /// <summary>A case that may take so many times as long as PyTorch's.</summary>
    private static Case Timed(string name, double slower, Func<Action> setup) => new("linalg_" + name, () =>
    {
        var action = setup();
        return () =>
        {
            using var step = Memory.Scope();
            action();
        };
    })
    {
        Mark = (1 / slower, 1 / slower),
    };
}
