namespace DeepNet.Devices.Cpu;

/// <summary>
/// One pooling kernel over images whose channels lie side by side: windows are gone through once, with all channels of a pixel at
/// a time. A task is an image. Results are those of <see cref="PoolLoops{T}"/>, bit by bit.
/// </summary>
internal unsafe struct PoolPixels<T> : IPoolBody where T : unmanaged, IFloatingPointIeee754<T>
{
    public PoolKind Kind;
    public PoolLine Rows { readonly get; set; }
    public PoolLine Columns { readonly get; set; }
    public T* X, Y;
    public int* Places;
    public nint XPlane, YPlane;
    public int Channels;

    public readonly void Run(nint from, nint to)
    {
        for (nint image = from; image < to; image++)
        {
            T* x = X + image * XPlane * Channels, y = Y + image * YPlane * Channels;
            switch (Kind)
            {
                case PoolKind.Max: Max(x, y, Places == null ? null : Places + image * YPlane * Channels); break;
                case PoolKind.MaxAdjoint: MaxAdjoint(x, Places + image * XPlane * Channels, y); break;
                case PoolKind.Average: Average(x, y); break;
                default: AverageAdjoint(x, y); break;
            }
        }
    }

    private readonly void Max(T* x, T* y, int* places)
    {
        for (int row = 0; row < Rows.Output; row++)
        {
            for (int column = 0; column < Columns.Output; column++, y += Channels)
            {
                int channel = 0;
                if (typeof(T) == typeof(float)) channel = MaxOfVectors((float*)x, row, column, (float*)y, places);
                for (; channel < Channels; channel++)
                {
                    int place = MaxOfChannel(x + channel, row, column);
                    y[channel] = x[(nint)place * Channels + channel];
                    if (places != null) places[channel] = place;
                }
                if (places != null) places += Channels;
            }
        }
    }

    /// <summary>Whole vectors of channels; returns the first channel that is left.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly int MaxOfVectors(float* x, int row, int column, float* y, int* places)
    {
        int channels = Channels, width = Columns.Input, top = Rows.From[row], bottom = Rows.End[row], left = Columns.From[column],
            right = Columns.End[column], channel = 0;
        for (; channel + Vector<float>.Count <= channels; channel += Vector<float>.Count)
        {
            int first = top * width + left;
            Vector<float> best = Vector.Load(x + (nint)first * channels + channel);
            var place = new Vector<int>(first);
            for (int i = top; i < bottom; i += Rows.Step)
            {
                for (int j = left; j < right; j += Columns.Step)
                {
                    int here = i * width + j;
                    Vector<float> next = Vector.Load(x + (nint)here * channels + channel);
                    // The first of equal ones, and NaN before all.
                    Vector<int> isLarger = Vector.GreaterThan(next, best) | ~Vector.Equals(next, next);
                    best = Vector.ConditionalSelect(isLarger, next, best);
                    place = Vector.ConditionalSelect(isLarger, new Vector<int>(here), place);
                }
            }
            best.Store(y + channel);
            if (places != null) place.Store(places + channel);
        }
        return channel;
    }

    private readonly int MaxOfChannel(T* x, int row, int column)
    {
        int width = Columns.Input, place = Rows.From[row] * width + Columns.From[column];
        for (int i = Rows.From[row]; i < Rows.End[row]; i += Rows.Step)
        {
            for (int j = Columns.From[column]; j < Columns.End[column]; j += Columns.Step)
            {
                int here = i * width + j;
                T next = x[(nint)here * Channels];
                if (next > x[(nint)place * Channels] || T.IsNaN(next)) place = here;
            }
        }
        return place;
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Average(T* x, T* y)
    {
        for (int row = 0; row < Rows.Output; row++)
        {
            for (int column = 0; column < Columns.Output; column++, y += Channels)
            {
                new Span<T>(y, Channels).Clear();
                for (int i = Rows.From[row]; i < Rows.End[row]; i++)
                    for (int j = Columns.From[column]; j < Columns.End[column]; j++) Add(x + ((nint)i * Columns.Input + j) * Channels, y);
                T area = Area(row, column);
                for (int channel = 0; channel < Channels; channel++) y[channel] /= area;
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void AverageAdjoint(T* x, T* y)
    {
        T* share = stackalloc T[Vector<T>.Count];
        new Span<T>(y, checked((int)(YPlane * Channels))).Clear();
        for (int row = 0; row < Rows.Output; row++)
        {
            for (int column = 0; column < Columns.Output; column++, x += Channels)
            {
                T area = Area(row, column);
                int lanes = Vector<T>.Count;
                for (int channel = 0; channel < Channels; channel += lanes)
                {
                    int count = Math.Min(lanes, Channels - channel);
                    for (int k = 0; k < count; k++) share[k] = x[channel + k] / area;
                    for (int i = Rows.From[row]; i < Rows.End[row]; i++)
                    {
                        T* to = y + ((nint)i * Columns.Input + Columns.From[column]) * Channels + channel;
                        for (int j = Columns.From[column]; j < Columns.End[column]; j++, to += Channels)
                        {
                            if (count == lanes) (Vector.Load(to) + Vector.Load(share)).Store(to);
                            else
                                for (int k = 0; k < count; k++) to[k] += share[k];
                        }
                    }
                }
            }
        }
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Add(T* from, T* to)
    {
        int channel = 0, lanes = Vector<T>.Count;
        for (; channel + lanes <= Channels; channel += lanes) (Vector.Load(to + channel) + Vector.Load(from + channel)).Store(to + channel);
        for (; channel < Channels; channel++) to[channel] += from[channel];
    }

    private readonly T Area(int row, int column) => T.CreateTruncating(Rows.Extent[row] * Columns.Extent[column]);

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void MaxAdjoint(T* x, int* places, T* y)
    {
        new Span<T>(y, checked((int)(YPlane * Channels))).Clear();
        nint channels = Channels;
        for (nint pixel = 0; pixel < XPlane; pixel++, x += channels, places += channels)
            for (nint channel = 0; channel < channels; channel++) y[places[channel] * channels + channel] += x[channel];
    }
}
