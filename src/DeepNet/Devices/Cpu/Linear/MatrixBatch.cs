namespace DeepNet.Devices.Cpu;

/// <summary>
/// Matrix products over broadcast leading axes, cut down to as few and as large products as the layout allows: axes merge
/// where all operands step evenly, an axis that is summed continues k, and an axis that b lacks continues the rows of a.
/// </summary>
internal readonly struct MatrixBatch
{
    public readonly nint ARow, ACol, BRow, BCol, CRow;
    public readonly int M, N, K;

    /// <summary>The leading axes that remain; operands a, b and c, where a summed axis has stride 0 in c.</summary>
    public readonly LoopNest Nest;

    /// <summary>True if there is no index at all along the leading axes.</summary>
    public readonly bool IsEmpty;

    public MatrixBatch(Tensor a, Tensor b, Tensor c, bool isTransposed = false)
    {
        Index row = isTransposed ? ^1 : ^2, column = isTransposed ? ^2 : ^1;
        (M, K, N) = (a.Shape[^2], a.Shape[^1], b.Shape[column]);
        (ARow, ACol) = (a.Strides[^2], a.Strides[^1]);
        (BRow, BCol) = (b.Strides[row], b.Strides[column]);
        CRow = c.Strides[^2];

        int axes = Math.Max(a.Rank, b.Rank) - 2;
        Span<int> lengths = stackalloc int[axes];
        Span<nint> stepsA = stackalloc nint[axes], stepsB = stackalloc nint[axes], stepsC = stackalloc nint[axes];
        for (int i = 0; i < axes; i++)
        {
            (int inA, stepsA[i]) = Leading(a, axes - i);
            (int inB, stepsB[i]) = Leading(b, axes - i);
            (_, stepsC[i]) = Leading(c, axes - i);
            lengths[i] = inA == 1 ? inB : inA;
            IsEmpty |= lengths[i] == 0;
        }
        int rank = DropFoldedAxes(lengths, stepsA, stepsB, stepsC, ref K);
        Nest = new LoopNest(new Shape(lengths[..rank]), stepsA, stepsB, stepsC);
    }

    /// <summary>Length and stride of the axis that lies <paramref name="back"/> before the matrix; an axis of length 1 repeats.</summary>
    private static (int Length, nint Stride) Leading(Tensor x, int back)
    {
        int axis = x.Rank - 2 - back;
        return axis < 0 || x.Shape[axis] == 1 ? (1, 0) : (x.Shape[axis], x.Strides[axis]);
    }

    /// <summary>Lets the last summed axes continue k, where both operands continue evenly.</summary>
    private int DropFoldedAxes(Span<int> lengths, Span<nint> stepsA, Span<nint> stepsB, Span<nint> stepsC, ref int k)
    {
        int rank = lengths.Length;
        for (; rank > 0; rank--)
        {
            int i = rank - 1;
            bool continues = stepsC[i] == 0 && stepsA[i] == k * ACol && stepsB[i] == k * BRow && (long)k * lengths[i] <= int.MaxValue;
            if (lengths[i] != 1 && !continues) break;
            k *= lengths[i];
        }
        return rank;
    }

    /// <summary>True if a run of products is written more than once, so that all but the first are added.</summary>
    public bool IsRepeated(nint row)
    {
        for (int axis = Nest.Rank - 2; axis >= 0; axis--)
        {
            nint length = LengthOf(axis);
            if (Nest.Stride(2, axis) == 0 && row % length != 0) return true;
            row /= length;
        }
        return false;
    }

    private unsafe nint LengthOf(int axis) => (nint)Nest.Lengths[axis];
}
