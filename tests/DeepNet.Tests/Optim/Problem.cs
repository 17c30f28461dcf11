using System.Text.Json;
using DeepNet.Nn;

namespace DeepNet.Tests.Optim;

/// <summary>The made-up training of tests/golden/optim.py: two parameters whose gradients are formulas of index and step.</summary>
internal sealed class Problem
{
    public static readonly Shape[] Shapes = [new(3, 5), new(4)];

    private static readonly Lazy<JsonElement> File = new(() => Read("optim")), PapersFile = new(() => Read("optim_papers"));

    public static JsonElement Golden(string section) => File.Value.GetProperty(section);

    /// <summary>Reads the values that tests/golden/optim_papers.py computes from the formulas of papers.</summary>
    public static JsonElement Papers(string section) => PapersFile.Value.GetProperty(section);

    private static JsonElement Read(string name)
    {
        using var stream = typeof(Problem).Assembly.GetManifestResourceStream($"golden/{name}.json")!;
        return JsonDocument.Parse(stream).RootElement;
    }

    public Problem(DType dtype, params Shape[] shapes)
    {
        if (shapes.Length == 0) shapes = Shapes;
        Parameters = [.. shapes.Select((shape, k) => new Parameter(Make(shape, dtype, i => Math.Cos(1.1 * i + 0.5 * k) * (1 + 0.2 * i))))];
    }

    public Parameter[] Parameters { get; }

    /// <summary>All parameters one after another.</summary>
    public double[] Values => [.. Parameters.SelectMany(p => p.Value.ToArray<double>())];

    /// <summary>Sets the gradients of a step.</summary>
    public void Gradients(int t)
    {
        for (int k = 0; k < Parameters.Length; k++)
        {
            double[] p = Parameters[k].Value.ToArray<double>();
            int index = k;
            Parameters[k].Grad = Make(Parameters[k].Shape, Parameters[k].Value.DType, i => Gradient(index, i, p[i], t));
        }
    }

    public static double Gradient(int k, int i, double p, int t)
        => (0.5 + 0.1 * i) * (p - Math.Sin(0.9 * i + k)) + 0.3 * Math.Sin(0.7 * i + 1.3 * t + k);

    public static Tensor Make(Shape shape, DType dtype, Func<int, double> element)
    {
        double[] values = [.. Enumerable.Range(0, (int)shape.Count).Select(element)];
        return Tensor.From<double>(values, shape).To(dtype);
    }

    /// <summary>Asserts that numbers agree, relative to their own size or, for sums that cancel, to the scale of the problem.</summary>
    public static void AssertClose(double[] expected, double[] actual, double relative, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double scale = expected.Select(Math.Abs).DefaultIfEmpty(0).Average();
        for (int i = 0; i < expected.Length; i++)
        {
            double bound = relative * Math.Max(Math.Abs(expected[i]), scale * 0.1);
            Assert.True(Math.Abs(actual[i] - expected[i]) <= bound, $"{what}, element {i}: expected {expected[i]:R}, got {actual[i]:R}");
        }
    }
}
