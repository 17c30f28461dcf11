namespace DeepNet.Data;

/// <summary>Numbers that data wants from a generator one at a time.</summary>
internal static class Drawing
{
    /// <summary>An integer in [0, count). The bias of the product method is below count·2⁻⁶⁴.</summary>
    public static int Below(this Generator generator, int count) => (int)Math.BigMul(generator.NextUInt64(), (ulong)count, out _);

    public static double Uniform(this Generator generator, double low, double high) => low + (high - low) * generator.NextDouble();

    public static double Normal(this Generator generator)
        => Math.Sqrt(-2 * Math.Log(1 - generator.NextDouble())) * Math.Cos(2 * Math.PI * generator.NextDouble());

    /// <summary>A gamma variate of any positive shape and scale 1, by Marsaglia and Tsang.</summary>
    public static double Gamma(this Generator generator, double shape)
    {
        if (shape < 1) return generator.Gamma(shape + 1) * Math.Pow(1 - generator.NextDouble(), 1 / shape);
        double d = shape - 1.0 / 3, c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double x = generator.Normal(), v = 1 + c * x;
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - generator.NextDouble()) < 0.5 * x * x + d - d * v + d * Math.Log(v)) return d * v;
        }
    }

    /// <summary>0 … count − 1 in random order, by Fisher and Yates.</summary>
    public static int[] Permutation(this Generator generator, int count)
    {
        var order = new int[count];
        for (int i = 0; i < count; i++) order[i] = i;
        generator.Shuffle(order);
        return order;
    }

    public static void Shuffle(this Generator generator, Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = generator.Below(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
