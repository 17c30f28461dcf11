namespace DeepNet.Devices.Cpu;

/// <summary>One pooling kernel's operands; a task is one image.</summary>
internal unsafe struct PoolLoops<T> : IPoolBody where T : unmanaged, IFloatingPointIeee754<T>
{
    public PoolKind Kind;
    public PoolLine Rows { readonly get; set; }
    public PoolLine Columns { readonly get; set; }
    public T* X, Y;
    public int* Places;
    public nint XPlane, YPlane;

    public readonly void Run(nint from, nint to)
    {
        for (nint plane = from; plane < to; plane++)
        {
            T* x = X + plane * XPlane, y = Y + plane * YPlane;
            switch (Kind)
            {
                case PoolKind.Max: Max(x, y, Places == null ? null : Places + plane * YPlane); break;
                case PoolKind.MaxAdjoint: MaxAdjoint(x, Places + plane * XPlane, y); break;
                case PoolKind.Average: Average(x, y); break;
                default: AverageAdjoint(x, y); break;
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Max(T* x, T* y, int* places)
    {
        int width = Columns.Input;
        for (int row = 0; row < Rows.Output; row++)
        {
            int top = Rows.From[row], bottom = Rows.End[row];
            for (int column = 0; column < Columns.Output; column++)
            {
                int left = Columns.From[column], right = Columns.End[column];
                int place = top * width + left;
                for (int i = top; i < bottom; i += Rows.Step)
                {
                    for (int j = left; j < right; j += Columns.Step)
                    {
                        // Whether the next one is larger is a toss-up: a branch would be mispredicted every other time.
                        int here = i * width + j;
                        bool isLarger = (x[here] > x[place]) | T.IsNaN(x[here]);
                        place += (here - place) & -Unsafe.BitCast<bool, byte>(isLarger);
                    }
                }
                *y++ = x[place];
                if (places != null) *places++ = place;
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void Average(T* x, T* y)
    {
        for (int row = 0; row < Rows.Output; row++)
        {
            for (int column = 0; column < Columns.Output; column++)
            {
                int left = Columns.From[column], right = Columns.End[column];
                T sum = T.Zero;
                for (int i = Rows.From[row]; i < Rows.End[row]; i++)
                {
                    T* line = x + i * Columns.Input;
                    for (int j = left; j < right; j++) sum += line[j];
                }
                *y++ = sum / Area(row, column);
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void AverageAdjoint(T* x, T* y)
    {
        new Span<T>(y, (int)YPlane).Clear();
        for (int row = 0; row < Rows.Output; row++)
        {
            for (int column = 0; column < Columns.Output; column++)
            {
                int left = Columns.From[column], right = Columns.End[column];
                T share = *x++ / Area(row, column);
                for (int i = Rows.From[row]; i < Rows.End[row]; i++)
                {
                    T* line = y + i * Columns.Input;
                    for (int j = left; j < right; j++) line[j] += share;
                }
            }
        }
    }

    [MethodImpl(AggressiveInlining)]
    private readonly T Area(int row, int column) => T.CreateTruncating(Rows.Extent[row] * Columns.Extent[column]);

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private readonly void MaxAdjoint(T* x, int* places, T* y)
    {
        new Span<T>(y, (int)YPlane).Clear();
        for (nint i = 0; i < XPlane; i++) y[places[i]] += x[i];
    }
}

/// <summary>A pooling kernel, to be told its windows when they are pinned.</summary>
internal interface IPoolBody : IParallelBody
{
    PoolLine Rows { get; set; }
    PoolLine Columns { get; set; }
}

/// <summary>A <see cref="PoolAxis"/> whose arrays are pinned.</summary>
internal unsafe struct PoolLine
{
    public int Input, Output, Step, Stride, Padding, Reach;
    public int* From, End, Extent;
}
