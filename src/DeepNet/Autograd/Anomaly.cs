namespace DeepNet;

/// <summary>
/// Finds the first NaN or infinity. While it is on, every operator's result and every gradient is looked at, and the first bad
/// one throws an error that names the operator and the module that made it. One more pass over memory per operator: a debug switch.
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
        Listener.TurnOn();
        return new Region();
    }

    /// <summary>Notes in the record of an operator which module it ran in and, with detection on, looks at what it computed.</summary>
    [MethodImpl(NoInlining)]
    internal static void CheckResult(string op, Tensor result, params ReadOnlySpan<Tensor?> inputs)
    {
        string? path = ThreadContext.Current.ModulePath;
        if (result.Node is { } node) node.ModulePath = path;
        if (!IsOn || FiniteScan.IsClean(result)) return;
        string fromInput = "";
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i] is { } input && !FiniteScan.IsClean(input))
                fromInput += $" Input {i}, of shape {input.Shape}, already has {FiniteScan.Describe(input)}.";
        throw new AnomalyException(
            op, path, $"[{op}]{In(path)} produced {FiniteScan.Describe(result)} in a result of shape {result.Shape}.{fromInput}");
    }

    /// <summary>Looks at the gradient that a node hands to one of its inputs; without a node, at the one a pass starts with.</summary>
    [MethodImpl(NoInlining)]
    internal static void CheckGradient(Node? from, Node to, Tensor gradient)
    {
        if (FiniteScan.IsClean(gradient)) return;
        string found = $"{FiniteScan.Describe(gradient)} in the gradient of shape {gradient.Shape} for {to.Name}";
        throw from is null
            ? new AnomalyException("backward", null, $"[backward] was started with {found}.")
            : new AnomalyException(from.Name, from.ModulePath,
                $"[{from.Name}]{In(from.ModulePath)} produced {found}, in its backward pass, from a finite gradient. Look for Sqrt, "
                + "Log or a division at 0, Norm of zeros, or an overflow.");
    }

    private static string In(string? path) => path is null ? "" : $" in {path}";

    private sealed class Region : IDisposable
    {
        private int done;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref done, 1) != 0) return;
            Listener.TurnOff();
            Interlocked.Decrement(ref uses);
        }
    }
}
