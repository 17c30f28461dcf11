using DeepNet.Nn;

namespace DeepNet.Analysis.Tests;

/// <summary>Losses and matrices whose curvature is known.</summary>
internal static class Problems
{
    /// <summary>½ wᵀAw with its minimum at 0.</summary>
    public static Objective Quadratic(double[,] a, double[]? at = null, DType dtype = DType.Float64)
    {
        int n = a.GetLength(0);
        var w = Tensor.From<double>(at ?? new double[n]).To(dtype).WithGrad();
        var matrix = Tensor.From(a).To(dtype);
        return new Objective(() => 0.5 * w.Dot(matrix.MatMul(w)), w);
    }

    public static double[,] Diagonal(params double[] values)
    {
        var a = new double[values.Length, values.Length];
        for (int i = 0; i < values.Length; i++) a[i, i] = values[i];
        return a;
    }

    /// <summary>A symmetric matrix with normal elements.</summary>
    public static double[,] Random(int n, ulong seed)
    {
        var a = Tensor.Randn(new Shape(n, n), DType.Float64, generator: new Generator(seed));
        return ((a + a.T) / 2).ToMatrix<double>();
    }

    /// <summary>y = w₂w₁x at x = 1 with target 1: (1 − w₁w₂)². At the origin its Hessian is [0 −2; −2 0].</summary>
    public static Objective Product(double w1, double w2, out Tensor[] weights)
    {
        Tensor a = Tensor.From(w1).WithGrad(), b = Tensor.From(w2).WithGrad();
        weights = [a, b];
        return new Objective(() => (1 - a * b).Square(), a, b);
    }

    /// <summary>A classifier of two-dimensional points with tanh layers, and its loss on 64 of them.</summary>
    public static (Sequential Model, Objective Objective) Network(int hidden, DType dtype = DType.Float32, int layers = 2, ulong seed = 3)
    {
        var generator = new Generator(seed);
        var model = new Sequential(new Linear(2, hidden, generator: generator), new Tanh());
        for (int i = 1; i < layers; i++)
        {
            model.Add(new Linear(hidden, hidden, generator: generator));
            model.Add(new Tanh());
        }
        model.Add(new Linear(hidden, 3, generator: generator));
        model.To(dtype);
        var x = Tensor.Randn(new Shape(64, 2), DType.Float64, generator: generator).To(dtype);
        var y = Tensor.RandInt(0, 3, new Shape(64), generator: generator);
        return (model, new Objective(() => Loss.CrossEntropy(model.Forward(x), y), model));
    }

    /// <summary>A network 1-4-1 with weight decay and the curve sin 2x, from normal weights.</summary>
    public static Objective Regression(ulong seed)
    {
        var generator = new Generator(seed);
        var model = new Sequential(new Linear(1, 4, generator: generator), new Tanh(), new Linear(4, 1, generator: generator));
        model.To(DType.Float64);
        foreach (var p in model.Parameters()) Init.Normal(p.Value, 0, 1, generator);
        var x = Tensor.Linspace(-2, 2, 20, DType.Float64).Reshape(20, 1);
        var y = (x * 2).Sin();
        return new Objective(
            () => model.Parameters().Aggregate(Loss.Mse(model.Forward(x), y), (sum, p) => sum + 0.01 * p.Value.Square().Sum()), model);
    }

    public static double[] Product(double[,] a, IReadOnlyList<double> v)
        => [.. Enumerable.Range(0, a.GetLength(0)).Select(i => Enumerable.Range(0, v.Count).Sum(j => a[i, j] * v[j]))];
}
