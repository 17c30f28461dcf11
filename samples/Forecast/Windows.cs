using DeepNet.Data;

namespace DeepNet.Samples.Forecast;

/// <summary>Pieces of a series: what was before a step, and what came from there on.</summary>
/// <param name="Starts">The step from which on each is to be forecast.</param>
/// <param name="Past">(N, context).</param>
/// <param name="Future">(N, horizon).</param>
internal sealed record Windows(int[] Starts, Tensor Past, Tensor Future)
{
    public int Count => Starts.Length;

    /// <summary>Cuts windows whose futures lie within [from, to); pasts may reach before it.</summary>
    public static Windows Of(float[] values, int from, int to, int context, int horizon)
    {
        int first = Math.Max(0, from - context);
        var windows = new SeriesWindows(new TimeSeries(values.AsMemory(first, to - first)), context, horizon);
        var (past, future) = windows.All();
        return new([.. Enumerable.Range(0, windows.Count).Select(i => first + windows.Place(i).Start + context)],
            past.Reshape(-1, context), future.Reshape(-1, horizon));
    }
}
