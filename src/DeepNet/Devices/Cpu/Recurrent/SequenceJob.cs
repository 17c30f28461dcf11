namespace DeepNet.Devices.Cpu;

/// <summary>
/// What both passes over sequences share. Sequences do not meet, so a block of them runs through all steps on one thread: nothing waits for
/// another thread between steps.
/// </summary>
internal unsafe struct SequenceJob<T>(CellSequence sequence) where T : unmanaged
{
    /// <summary>Sequences in a block: as many rows as keep a register tile busy. The same for any number of threads.</summary>
    public const int Rows = 16;

    public T* Gates = sequence.Gates.Pointer<T>(), Saved = sequence.Saved.Pointer<T>(), Y = sequence.Y.Pointer<T>();
    public T* Hidden = sequence.Hidden.Pointer<T>(), Memory = sequence.Memory is null ? null : sequence.Memory.Pointer<T>();
    public int Steps = sequence.Steps, Batch = sequence.Batch, Units = sequence.Units, Columns = sequence.Gates.Shape[2];
    public bool IsReverse = sequence.IsReverse;

    public readonly int Blocks => (Batch - 1) / Rows + 1;

    public readonly int RowsOf(nint block) => (int)Math.Min(Rows, Batch - block * Rows);

    /// <inheritdoc cref="CellSequence.Place"/>
    public readonly int Place(int step) => IsReverse ? Steps - 1 - step : step;

    /// <inheritdoc cref="CellSequence.HiddenBefore"/>
    public readonly T* HiddenBefore(int step, nint row) => (step == 0 ? Hidden : Y + (nint)Place(step - 1) * Batch * Units) + row * Units;

    /// <inheritdoc cref="CellSequence.Before"/>
    public readonly T* Before(int step, nint row)
        => Memory == null ? HiddenBefore(step, row) : (step == 0 ? Memory : Saved + (nint)Place(step - 1) * Batch * Units) + row * Units;

    /// <summary>The length of a row in a copy of weights, none of the powers of two that crowd a few cache sets.</summary>
    public static int Line(int columns) => ((columns + 15) & ~15) + 16;
}
