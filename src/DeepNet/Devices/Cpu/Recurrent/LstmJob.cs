namespace DeepNet.Devices.Cpu;

/// <summary>
/// What both passes of an LSTM share. Sequences do not meet, so a block of them runs through all steps on one thread: nothing waits
/// for another thread between steps.
/// </summary>
internal unsafe struct LstmJob<T> where T : unmanaged
{
    /// <summary>Sequences in a block: as many rows as keep a register tile busy. The same for any number of threads.</summary>
    public const int Rows = 16;

    public T* Gates, Cells, Cell;
    public int Steps, Batch, Units;
    public bool IsReverse;

    public LstmJob(Tensor gates, Tensor cells, Tensor cell, bool isReverse)
    {
        Gates = gates.Pointer<T>();
        Cells = cells.Pointer<T>();
        Cell = cell.Pointer<T>();
        (Steps, Batch, Units, IsReverse) = (cells.Shape[0], cells.Shape[1], cells.Shape[2], isReverse);
    }

    public readonly int Blocks => (Batch - 1) / Rows + 1;

    public readonly int RowsOf(int block) => Math.Min(Rows, Batch - block * Rows);

    /// <summary>Where in memory the i-th step that is taken lies.</summary>
    public readonly int Place(int step) => IsReverse ? Steps - 1 - step : step;

    /// <summary>The cells of a block before the i-th step that is taken.</summary>
    public readonly T* CellsBefore(int step, nint row) => (step == 0 ? Cell : Cells + (nint)Place(step - 1) * Batch * Units) + row * Units;

    /// <summary>The length of a row in a copy of weights, none of the powers of two that crowd a few cache sets.</summary>
    public static int Line(int columns) => ((columns + 15) & ~15) + 16;
}
