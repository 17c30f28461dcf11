using DeepNet.Devices;

namespace DeepNet;

/// <summary>
/// Finds the first NaN or infinity. While it is on, every operator's result and every gradient is looked at, and the first bad
/// one throws an error that names the operator and the module that made it. Slow: a debug switch.
/// </summary>
public static class Anomaly
{
    private static int uses;

    /// <summary>True while detection is on.</summary>
    public static bool IsOn => uses > 0;

    /// <summary>Turns detection on until the result is disposed. Process-wide; may be nested.</summary>
    public static IDisposable Detect()
    {
        Interlocked.Increment(ref uses);
        return new Region();
    }

    internal static void CheckResult(string op, Tensor result, params ReadOnlySpan<Tensor?> inputs)
    {
        if (result.Node is { } node) node.ModulePath = ThreadContext.Current.ModulePath;
        if (!result.DType.IsFloating() || Count(result) is not { Bad: > 0 } found) return;
        string fromInput = "";
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i] is { } input && input.DType.IsFloating() && Count(input) is { Bad: > 0 } bad)
                fromInput += $" Input {i}, of shape {input.Shape}, already has {bad.Bad} such values.";
        throw new AnomalyException(op, ThreadContext.Current.ModulePath,
            $"[{op}]{In(ThreadContext.Current.ModulePath)} produced {found} in a result of shape {result.Shape}.{fromInput}");
    }

    internal static void CheckGradient(Node node, Tensor gradient)
    {
        if (Count(gradient) is not { Bad: > 0 } found) return;
        throw new AnomalyException(node.Name, node.ModulePath,
            $"[{node.Name}]{In(node.ModulePath)} received {found} in the gradient of its result, of shape {gradient.Shape}. The operators behind it made that from finite values: look for a division by zero, Log or Sqrt at 0, or an overflow.");
    }

    private static string In(string? path) => path is null ? "" : $" in {path}";

    private static (long Bad, long Total, long NaN) CountValues(Tensor tensor)
    {
        double[] values = tensor.Detach().To(DType.Float64).ToArray<double>();
        return (values.LongCount(v => !double.IsFinite(v)), values.LongLength, values.LongCount(double.IsNaN));
    }

    private static Found Count(Tensor tensor)
    {
        var (bad, total, nan) = CountValues(tensor);
        return new Found(bad, total, nan);
    }

    private readonly record struct Found(long Bad, long Total, long NaN)
    {
        public override string ToString() => $"{NaN} NaN and {Bad - NaN} infinite of {Total} values";
    }

    private sealed class Region : IDisposable
    {
        private int done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref done, 1) == 0) Interlocked.Decrement(ref uses);
        }
    }
}
