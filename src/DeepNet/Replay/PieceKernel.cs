namespace DeepNet.Replay;

/// <summary>
/// Formulas over the same number of elements that run in pieces, one after the other: what one writes the next reads from the cache, and
/// what nobody else needs is never written to memory.
/// </summary>
internal sealed unsafe class PieceKernel(List<TraceStep> steps)
    : Kernel($"{steps.Count} formulas in pieces", steps[0].Kernel!.Device, [], 0)
{
    // Below it, all of it stays in the cache without pieces.
    private const nint Least = 1 << 14;

    // Asked while the kernels have the operands that they were recorded with.
    private readonly nint count = CountOf(steps[0])!.Value;
    private readonly int size = DTypeOf(steps[0]).Size();
    private readonly (PieceCode, int)[] codes = [.. steps.Select(step => (((ElementKernel)step.Kernel!).Pieces()!, step.Operands.Length))];

    private HashSet<int> scratch = [];
    private PieceProgram program = null!;

    /// <inheritdoc/>
    public override long Bytes => steps.Sum(step => step.Kernel!.Bytes);

    /// <summary>Gets the number of steps from one on that can run together.</summary>
    public static int Length(List<TraceStep> steps, int from)
    {
        var first = steps[from];
        if (CountOf(first) is not { } count) return 0;
        var dtype = DTypeOf(first);
        var seen = new Dictionary<int, (nint Offset, bool IsWritten)>();
        int to = from;
        while (to < steps.Count && CountOf(steps[to]) == count && DTypeOf(steps[to]) == dtype
            && ReferenceEquals(steps[to].Kernel!.Device, first.Kernel!.Device) && StaysInPlace(steps[to], count, seen)) to++;
        return to - from;
    }

    /// <summary>Notes which values need no memory of their own, and returns them.</summary>
    /// <param name="isInner">True for a value that is made inside the function and used by this step alone.</param>
    public IEnumerable<int> TakeScratch(Func<int, bool> isInner)
        => scratch = [.. steps.SelectMany(step => step.Operands).Select(operand => operand.Value).Where(n => n >= 0 && isInner(n))];

    /// <summary>Makes the program, when each value has its memory.</summary>
    public void Prepare()
    {
        var slots = Slots(out int most);
        var operands = GC.AllocateArray<PieceOperand>(steps.Sum(step => step.Operands.Length), pinned: true);
        int next = 0;
        foreach (var step in steps)
            foreach (var operand in step.Operands)
                operands[next++] = new PieceOperand
                {
                    Slot = operand.Value >= 0 && slots.TryGetValue(operand.Value, out int slot) ? slot : -1,
                    IsScalar = operand.Value >= 0 && operand.Shape.Count != count,
                };
        program = new PieceProgram(codes, operands, most, count, size);
    }

    /// <inheritdoc/>
    public override void Run(Tensor?[] operands)
    {
        int next = 0;
        foreach (var step in steps)
            foreach (var tensor in step.Kernel!.Operands) program.Operands[next++].Address = tensor is null ? null : tensor.RawPointer;
        ((IPieceSource)Device).RunPieces(program);
        GC.KeepAlive(steps);
    }

    // A slot is free again after the last formula that uses what is in it.
    private Dictionary<int, int> Slots(out int most)
    {
        var last = new Dictionary<int, int>();
        for (int i = 0; i < steps.Count; i++)
            foreach (var operand in steps[i].Operands)
                if (scratch.Contains(operand.Value)) last[operand.Value] = i;
        var slots = new Dictionary<int, int>();
        var free = new Stack<int>();
        most = 0;
        for (int i = 0; i < steps.Count; i++)
        {
            foreach (var operand in steps[i].Operands)
                if (last.ContainsKey(operand.Value) && !slots.ContainsKey(operand.Value))
                    slots.Add(operand.Value, free.TryPop(out int known) ? known : most++);
            foreach (int ended in steps[i].Operands.Select(operand => operand.Value).Distinct())
                if (last.TryGetValue(ended, out int end) && end == i) free.Push(slots[ended]);
        }
        return slots;
    }

    private static DType DTypeOf(TraceStep step) => step.Kernel!.Operands.Last(tensor => tensor is not null)!.DType;

    // The number of elements of a formula whose operands all lie in the same dense order, or are single numbers; null for other steps.
    private static nint? CountOf(TraceStep step)
    {
        if (step.Kernel is not ElementKernel kernel) return null;
        var result = kernel.Operands.Last(tensor => tensor is not null)!;
        if (result.Count < Least || kernel.Pieces() is null) return null;
        for (int i = 0; i < kernel.Operands.Length; i++)
        {
            if (kernel.Operands[i] is not { } tensor) continue;
            if (tensor.DType != result.DType) return null;
            bool isFull = tensor.Count == result.Count && tensor.IsDenseLike(result) && (tensor.IsContiguous || result.IsChannelsLast);
            bool isNumber = tensor.Count == 1 && i < kernel.Reads && kernel.Name.StartsWith("zip ", StringComparison.Ordinal);
            if (!isFull && !isNumber) return null;
        }
        return result.Count;
    }

    // A piece may only read what was written in the same piece: no value that the group writes is seen at two places.
    private static bool StaysInPlace(TraceStep step, nint count, Dictionary<int, (nint Offset, bool IsWritten)> seen)
    {
        var next = new Dictionary<int, (nint Offset, bool IsWritten)>();
        for (int i = 0; i < step.Operands.Length; i++)
        {
            var operand = step.Operands[i];
            if (operand.Value < 0) continue;
            bool writes = i >= step.Kernel!.Reads;
            nint offset = operand.Shape.Count == count ? operand.Offset : -1 - operand.Offset;
            if (next.TryGetValue(operand.Value, out var before) || seen.TryGetValue(operand.Value, out before))
            {
                if (before.Offset != offset && (before.IsWritten || writes)) return false;
                writes |= before.IsWritten;
            }
            next[operand.Value] = (offset, writes);
        }
        foreach (var (value, state) in next) seen[value] = state;
        return true;
    }
}
