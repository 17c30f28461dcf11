namespace DeepNet.Devices.Cpu;

/// <summary>
/// The loops over up to three operands of one shape: axes of length 1 dropped, neighbours merged wherever every operand steps
/// through both evenly. A dense tensor becomes one long loop, whatever its rank.
/// </summary>
internal unsafe struct LoopNest
{
    public const int MaxOperands = 3;

    public int Rank;
    public fixed long Lengths[Shape.MaxRank];
    private fixed long strides[MaxOperands * Shape.MaxRank];

    public LoopNest(Shape shape, ReadOnlySpan<nint> a, ReadOnlySpan<nint> b = default, ReadOnlySpan<nint> c = default)
    {
        Rank = 0;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            int length = shape[axis];
            if (length == 1) continue;
            nint sa = a[axis], sb = b.IsEmpty ? 0 : b[axis], sc = c.IsEmpty ? 0 : c[axis];
            int last = Rank - 1;
            bool merges = Rank > 0 && Stride(0, last) == sa * length && Stride(1, last) == sb * length && Stride(2, last) == sc * length;
            if (!merges)
            {
                last = Rank++;
                Lengths[last] = 1;
            }
            Lengths[last] *= length;
            SetStrides(last, sa, sb, sc);
        }
        if (Rank == 0)
        {
            Rank = 1;
            Lengths[0] = 1;
            SetStrides(0, 1, 1, 1);
        }
    }

    public readonly nint Stride(int operand, int axis) => (nint)strides[operand * Shape.MaxRank + axis];

    private void SetStrides(int axis, nint a, nint b, nint c)
    {
        strides[axis] = a;
        strides[Shape.MaxRank + axis] = b;
        strides[2 * Shape.MaxRank + axis] = c;
    }

    /// <summary>The length of the innermost loop.</summary>
    public readonly nint Inner => (nint)Lengths[Rank - 1];

    /// <summary>The length of the loop around it; 1 if there is none.</summary>
    public readonly nint Rows => Rank > 1 ? (nint)Lengths[Rank - 2] : 1;

    /// <summary>Gets the number of runs of the innermost loop.</summary>
    public readonly nint TotalRows
    {
        get
        {
            nint total = 1;
            for (int i = 0; i < Rank - 1; i++) total *= (nint)Lengths[i];
            return total;
        }
    }

    /// <summary>The step from one row to the next within a block of <see cref="Rows"/>.</summary>
    public readonly nint RowStride(int operand) => Rank > 1 ? Stride(operand, Rank - 2) : 0;

    /// <summary>The step within a row.</summary>
    public readonly nint InnerStride(int operand) => Stride(operand, Rank - 1);

    public readonly nint RowOffset(int operand, nint row)
    {
        nint offset = 0;
        for (int i = Rank - 2; i >= 0; i--)
        {
            nint length = (nint)Lengths[i];
            offset += row % length * Stride(operand, i);
            row /= length;
        }
        return offset;
    }
}
