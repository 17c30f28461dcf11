namespace DeepNet.Samples.Forecast;

/// <summary>Pieces of a series: what was before a step, and what came from there on.</summary>
/// <param name="Starts">The step from which on each is to be forecast.</param>
/// <param name="Past">(N, context).</param>
/// <param name="Future">(N, horizon).</param>
internal sealed record Windows(int[] Starts, Tensor Past, Tensor Future)
{
    public int Count => Starts.Length;

    /// <summary>Cuts windows whose futures lie within [from, to); pasts may reach before it.</summary>
    public static Windows Of(IReadOnlyList<double> values, int from, int to, int context, int horizon)
    {
        int[] starts = [.. Enumerable.Range(Math.Max(from, context), Math.Max(0, to - horizon - Math.Max(from, context) + 1))];
        var (past, future) = (new float[starts.Length, context], new float[starts.Length, horizon]);
        for (int i = 0; i < starts.Length; i++)
        {
            for (int k = 0; k < context; k++) past[i, k] = (float)values[starts[i] - context + k];
            for (int k = 0; k < horizon; k++) future[i, k] = (float)values[starts[i] + k];
        }
        return new(starts, Tensor.From(past), Tensor.From(future));
    }
}
