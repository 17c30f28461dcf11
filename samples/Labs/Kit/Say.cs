namespace DeepNet.Labs.Kit;

/// <summary>Numbers as people write them.</summary>
internal static class Say
{
    /// <summary>Two digits, with an exponent where the number is very large or small: 0.49, 1.7, 2.1e-16.</summary>
    public static string Short(double v)
        => v == 0 || (Math.Abs(v) >= 0.001 && Math.Abs(v) < 10_000) ? (Math.Abs(v) >= 10 ? $"{v:0}" : $"{v:G2}") : $"{v:0.0e+0}";
}
