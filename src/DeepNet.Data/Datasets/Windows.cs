namespace DeepNet.Data;

/// <summary>The places of the windows of a data set.</summary>
internal readonly record struct Windows
{
    private readonly int stride;

    public Windows(int examples, int length, int stride)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(stride);
        (Length, this.stride) = (length, stride);
        Count = examples < length ? 0 : (examples - length) / stride + 1;
    }

    public int Length { get; }

    public int Count { get; }

    public int Start(int index) => index * stride;
}

/// <summary>Runs of consecutive examples of a data set.</summary>
internal sealed class WindowDataset<T>(IDataset<T> source, Windows windows) : IDataset<IReadOnlyList<T>>
{
    public int Count => windows.Count;

    public IReadOnlyList<T> this[int index]
    {
        get
        {
            Places.Check(this, index);
            var window = new T[windows.Length];
            for (int i = 0; i < window.Length; i++) window[i] = source[windows.Start(index) + i];
            return window;
        }
    }

    public override string ToString() => $"windows of {windows.Length} of {source}";
}

/// <summary>Runs of consecutive inputs and targets, each stacked along a new first axis.</summary>
internal sealed class WindowDataset(IDataset source, Windows windows) : IDataset
{
    public int Count => windows.Count;

    public Sample this[int index]
    {
        get
        {
            var (x, y) = GetBatch([index]);
            return new Sample(x[0], ReferenceEquals(x, y) ? x[0] : y[0]);
        }
    }

    public Batch GetBatch(ReadOnlySpan<int> indices, CancellationToken cancellation = default)
    {
        Places.Check(this, indices);
        var places = new int[checked(indices.Length * windows.Length)];
        for (int i = 0; i < places.Length; i++) places[i] = windows.Start(indices[i / windows.Length]) + i % windows.Length;
        var (x, y) = source.GetBatch(places, cancellation);
        var cut = Cut(x, indices.Length);
        return new Batch(cut, ReferenceEquals(x, y) ? cut : Cut(y, indices.Length));
    }

    private Tensor Cut(Tensor t, int count)
    {
        int[] lengths = [count, windows.Length, .. Enumerable.Range(1, t.Rank - 1).Select(a => t.Shape[a])];
        return t.Reshape(lengths);
    }

    public override string ToString() => $"windows of {windows.Length} of {source}";
}
