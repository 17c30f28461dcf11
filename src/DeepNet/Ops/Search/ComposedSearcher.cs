namespace DeepNet.Ops;

/// <summary>The kernels of <see cref="ISearcher"/> composed of other operators, for devices that have none.</summary>
internal sealed class ComposedSearcher : ISearcher
{
    private static readonly ComposedSearcher Composed = new();

    public static ISearcher Of(Device device) => device is ISearcher searcher ? Listener.IsOn ? Recording.Of(device) : searcher : Composed;

    public void PlacesOfRanks(Tensor x, ReadOnlySpan<int> ranks, Tensor places)
    {
        var order = Tensor.Allocate(x.Shape, DType.Int64, x.Device);
        x.Kernels.Sort(x, order, isDescending: false);
        for (int i = 0; i < ranks.Length; i++) x.Kernels.Copy(order.Narrow(-1, ranks[i], 1), places.Narrow(-1, i, 1));
    }

    // In log n passes: each joins what is known of two runs that lie side by side.
    public void RunningExtreme(Tensor x, Tensor places, int axis, bool isLargest)
    {
        int n = x.Shape[axis];
        var counted = new long[n];
        for (int i = 0; i < n; i++) counted[i] = i;
        Span<int> along = stackalloc int[x.Rank];
        along.Fill(1);
        along[axis] = n;
        var best = Tensor.From<long>(counted, new Shape(along), x.Device).Expand(x.Shape).Contiguous();
        for (int step = 1; step < n; step *= 2)
        {
            Tensor earlier = best.Narrow(axis, 0, n - step), later = best.Narrow(axis, step, n - step);
            Tensor before = x.Gather(axis, earlier), own = x.Gather(axis, later);
            var wins = own.IsNaN() | (!before.IsNaN() & (isLargest ? own >= before : own <= before));
            best = Tensor.Cat([best.Narrow(axis, 0, step), Tensor.Where(wins, later, earlier)], axis);
            if (step > n / 2) break;
        }
        x.Kernels.Copy(best, places);
    }

    // Bisection of all values at once.
    public void SearchSorted(Tensor sorted, Tensor values, Tensor places, bool isRight)
    {
        int n = sorted.Shape[^1];
        var found = Tensor.Zeros(values.Shape, DType.Int64, values.Device);
        for (long step = n == 0 ? 0 : (long)BitOperations.RoundUpToPowerOf2((uint)n); step > 0; step /= 2)
        {
            Tensor next = found + step, probe = next.Clamp(1, n) - 1;
            var met = sorted.Rank == 1 ? sorted.Take(probe) : sorted.Gather(-1, probe);
            var isBehind = (next <= n) & !(isRight ? met > values : met >= values);
            found = Tensor.Where(isBehind, next, found);
        }
        values.Kernels.Copy(found, places);
    }
}
