namespace DeepNet.Labs.Kit;

/// <summary>
/// Drawn digits, made small: 14 × 14 pixels in a row, about 0 on average. Some labels may be wrong, so that there is noise to learn.
/// </summary>
internal sealed record SmallDigits(Tensor X, Tensor Y)
{
    public const int Pixels = 14 * 14;

    // Drawing takes longer than many a training here, and labs use the same sets.
    private static readonly Dictionary<(int, ulong, double), SmallDigits> Made = [];

    public static SmallDigits Make(int count, ulong seed, double wrong = 0)
    {
        if (!Made.TryGetValue((count, seed, wrong), out var digits)) Made[(count, seed, wrong)] = digits = Draw(count, seed, wrong);
        return digits;
    }

    private static SmallDigits Draw(int count, ulong seed, double wrong)
    {
        using var quiet = Autograd.NoGrad();
        var (x, y) = SyntheticData.Digits(count, seed).All();
        var small = x.AvgPool2d(2).Flatten(1) * 2 - 0.3;
        if (wrong == 0) return new(Memory.Keep(small), Memory.Keep(y));
        var generator = new Generator(seed + 77);
        var isWrong = Tensor.Bernoulli(y.Shape, wrong, DType.Bool, generator: generator);
        return new(Memory.Keep(small), Memory.Keep(Tensor.Where(isWrong, Tensor.RandInt(0, 10, y.Shape, generator: generator), y)));
    }

    public int Count => X.Shape[0];

    /// <summary>The examples in a new order, cut into batches; the last one may be smaller.</summary>
    public IEnumerable<SmallDigits> Batches(int size, Generator generator)
    {
        var order = Tensor.RandPerm(Count, generator: generator);
        for (int start = 0; start < Count; start += size)
        {
            var chosen = order.Narrow(0, start, Math.Min(size, Count - start));
            yield return new(X.IndexSelect(0, chosen), Y.IndexSelect(0, chosen));
        }
    }

    /// <summary>The mean cross-entropy over all examples.</summary>
    public double LossOf(Module model)
    {
        using var scope = Memory.Scope();
        using var quiet = Autograd.NoGrad();
        return Loss.CrossEntropy(model.Forward(X), Y).Item();
    }

    public double AccuracyOf(Module model) => Networks.Accuracy(model, X, Y);
}
