namespace DeepNet.Ops;

/// <summary>An operator that says on what it can be tried: tests and gradient checks run these cases, on every device.</summary>
internal interface ISampled
{
    static abstract IEnumerable<Sample> Samples { get; }
}

/// <summary>One case: a function of float64 inputs whose derivative is checked by finite differences.</summary>
/// <param name="Name">What is special about the case.</param>
/// <param name="Apply">The function; it is differentiable in all inputs.</param>
/// <param name="Inputs">The point at which it is checked.</param>
internal sealed record Sample(string Name, Func<Tensor[], Tensor> Apply, params Tensor[] Inputs)
{
    /// <summary>
    /// A float64 tensor of distinct values in (−2, 2), irregularly ordered and none near another or near zero, so that finite
    /// differences meet no kink or tie.
    /// </summary>
    public static Tensor Values(params int[] shape)
    {
        var target = new Shape(shape);
        var values = new double[target.Count];
        for (int i = 0; i < values.Length; i++)
        {
            // Multiples of the golden ratio modulo 1 are as evenly spread as can be, and never equal.
            double spread = (i + 1) * 0.6180339887498949 % 1;
            values[i] = spread * 4 - 2;
            if (Math.Abs(values[i]) < 1e-3) values[i] += 0.01;
        }
        return Tensor.From<double>(values, target);
    }

    /// <summary>The same, all positive: in (0.2, 2.2).</summary>
    public static Tensor Positive(params int[] shape) => Values(shape) * 0.5 + 1.2;
}
