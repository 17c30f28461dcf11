namespace DeepNet.Devices.Cpu;

/// <summary>
/// What both passes of a GRU share. As with an LSTM, a block of sequences runs through all steps on one thread.
/// </summary>
internal unsafe struct GruJob<T> where T : unmanaged
{
    /// <inheritdoc cref="LstmJob{T}.Rows"/>
    public const int Rows = LstmJob<T>.Rows;

    public T* Gates, Shares, Y, Hidden;
    public int Steps, Batch, Units;
    public bool IsReverse;

    public GruJob(Tensor gates, Tensor shares, Tensor y, Tensor hidden, bool isReverse)
    {
        Gates = gates.Pointer<T>();
        Shares = shares.Pointer<T>();
        Y = y.Pointer<T>();
        Hidden = hidden.Pointer<T>();
        (Steps, Batch, Units, IsReverse) = (y.Shape[0], y.Shape[1], y.Shape[2], isReverse);
    }

    public readonly int Blocks => (Batch - 1) / Rows + 1;

    public readonly int RowsOf(int block) => Math.Min(Rows, Batch - block * Rows);

    /// <summary>Where in memory the i-th step that is taken lies.</summary>
    public readonly int Place(int step) => IsReverse ? Steps - 1 - step : step;

    /// <summary>The hidden states of a block before the i-th step that is taken.</summary>
    public readonly T* Before(int step, nint row) => (step == 0 ? Hidden : Y + (nint)Place(step - 1) * Batch * Units) + row * Units;
}
