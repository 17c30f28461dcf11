using DeepNet.Devices.Cpu;

namespace DeepNet.Ilgpu;

/// <summary>
/// Where element number i of a shape lies in up to three operands of any layout: axes that all of them step through evenly are one. A kernel
/// holds it in registers.
/// </summary>
internal struct Nest
{
    /// <summary>Merged axes; more of them would be a layout that nobody has, and is made dense axis by axis.</summary>
    public const int MaxRank = 6;

    public int Rank;
    private long l0, l1, l2, l3, l4, l5;
    private Steps a, b, c;

    private struct Steps
    {
        public long Start, S0, S1, S2, S3, S4, S5;
    }

    /// <summary>False if even merged there are too many axes.</summary>
    public static bool TryMake(Shape shape, Tensor a, Tensor? b, Tensor? c, out Nest nest)
    {
        var loops = new LoopNest(shape, a.Strides, b is null ? default : b.Strides, c is null ? default : c.Strides);
        nest = new Nest { Rank = loops.Rank };
        if (loops.Rank > MaxRank) return false;
        // The innermost axis is number 0 here.
        (nest.l0, nest.l1, nest.l2, nest.l3, nest.l4, nest.l5) = (Length(loops, 0), Length(loops, 1), Length(loops, 2), Length(loops, 3), Length(loops, 4), Length(loops, 5));
        nest.a = StepsOf(loops, 0, a);
        nest.b = StepsOf(loops, 1, b);
        nest.c = StepsOf(loops, 2, c);
        return true;
    }

    private static unsafe long Length(in LoopNest loops, int i)
    {
        if (i >= loops.Rank) return 1;
        fixed (long* lengths = loops.Lengths) return lengths[loops.Rank - 1 - i];
    }

    private static Steps StepsOf(in LoopNest loops, int operand, Tensor? tensor)
    {
        if (tensor is null) return default;
        return new Steps
        {
            Start = tensor.Offset, S0 = Step(loops, operand, 0), S1 = Step(loops, operand, 1), S2 = Step(loops, operand, 2),
            S3 = Step(loops, operand, 3), S4 = Step(loops, operand, 4), S5 = Step(loops, operand, 5),
        };
    }

    private static long Step(in LoopNest loops, int operand, int i) => i >= loops.Rank ? 0 : loops.Stride(operand, loops.Rank - 1 - i);

    /// <summary>The place of an element in the first operand.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly long InA(long i) => At(a, i);

    /// <summary>The place of an element in the second operand.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly long InB(long i) => At(b, i);

    /// <summary>The place of an element in the third operand.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly long InC(long i) => At(c, i);

    [MethodImpl(AggressiveInlining)]
    private readonly long At(Steps steps, long i)
    {
        long at = steps.Start, rest = i;
        if (Rank > 1) rest = Take(rest, l0, steps.S0, ref at);
        else return at + rest * steps.S0;
        if (Rank > 2) rest = Take(rest, l1, steps.S1, ref at);
        else return at + rest * steps.S1;
        if (Rank > 3) rest = Take(rest, l2, steps.S2, ref at);
        else return at + rest * steps.S2;
        if (Rank > 4) rest = Take(rest, l3, steps.S3, ref at);
        else return at + rest * steps.S3;
        if (Rank > 5) rest = Take(rest, l4, steps.S4, ref at);
        else return at + rest * steps.S4;
        return at + rest * steps.S5;
    }

    [MethodImpl(AggressiveInlining)]
    private static long Take(long rest, long length, long step, ref long at)
    {
        long next = Divide(rest, length);
        at += (rest - next * length) * step;
        return next;
    }

    /// <summary>Division of what is not negative; in 32 bits where that is enough, because in 64 it takes a GPU a hundred instructions.</summary>
    [MethodImpl(AggressiveInlining)]
    public static long Divide(long a, long b) => a <= uint.MaxValue && b <= uint.MaxValue ? (uint)a / (uint)b : a / b;
}
