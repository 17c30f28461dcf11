namespace DeepNet.Devices;

/// <summary>The code of a formula over dense elements, with the formula's parameters.</summary>
/// <param name="run">
/// Takes the formula, the address of each operand (0 for one that is left out), whether it is one element that counts for all, and the
/// number of elements.
/// </param>
/// <param name="op">The formula, in a pinned array of one.</param>
/// <param name="address">Its address.</param>
internal sealed unsafe class PieceCode(delegate*<void*, byte**, bool*, nint, void> run, Array op, void* address)
{
    /// <summary>Gets what keeps the formula where it is.</summary>
    public Array Op { get; } = op;

    /// <summary>Gets the code and the formula for a program.</summary>
    public PieceStep Step(int first, int count) => new() { Run = run, Op = address, First = first, Count = count };
}

/// <summary>A formula of a program.</summary>
internal unsafe struct PieceStep
{
    /// <summary>The code.</summary>
    public delegate*<void*, byte**, bool*, nint, void> Run;

    /// <summary>The formula.</summary>
    public void* Op;

    /// <summary>Its first operand among those of the program, and how many it has.</summary>
    public int First, Count;
}

/// <summary>An operand of a program.</summary>
internal unsafe struct PieceOperand
{
    /// <summary>The address of the first element; null for one that is left out or has a slot.</summary>
    public byte* Address;

    /// <summary>The number of the slot, a piece of memory that only the program sees; −1 for none.</summary>
    public int Slot;

    /// <summary>True for one element that counts for all.</summary>
    public bool IsScalar;
}

/// <summary>Formulas of one element type over the same number of elements, to be run in pieces.</summary>
/// <param name="codes">The code of each, with the number of its operands.</param>
/// <param name="operands">Their operands, one after the other, pinned.</param>
/// <param name="slots">The number of slots.</param>
/// <param name="count">The number of elements.</param>
/// <param name="size">The bytes of an element.</param>
internal sealed class PieceProgram(
    IReadOnlyList<(PieceCode Code, int Operands)> codes, PieceOperand[] operands, int slots, nint count, int size)
{
    private readonly object[] alive = [.. codes.Select(code => code.Code)];

    /// <summary>Gets the formulas, pinned.</summary>
    public PieceStep[] Steps { get; } = Laid(codes);

    /// <summary>Gets the operands, pinned; their addresses are set before each run.</summary>
    public PieceOperand[] Operands { get; } = operands;

    /// <summary>Gets the number of slots.</summary>
    public int Slots => slots;

    /// <summary>Gets the number of elements.</summary>
    public nint Count => count;

    /// <summary>Gets the bytes of an element.</summary>
    public int Size => size;

    /// <summary>Keeps the formulas where they are up to here.</summary>
    public void KeepAlive() => GC.KeepAlive(alive);

    private static PieceStep[] Laid(IReadOnlyList<(PieceCode Code, int Operands)> codes)
    {
        var steps = GC.AllocateArray<PieceStep>(codes.Count, pinned: true);
        for (int i = 0, first = 0; i < steps.Length; first += codes[i++].Operands) steps[i] = codes[i].Code.Step(first, codes[i].Operands);
        return steps;
    }
}
