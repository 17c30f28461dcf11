using DeepNet.Devices.Cpu;

namespace DeepNet.Ilgpu;

/// <summary>
/// Where element number i of a shape lies in up to three operands of any layout: axes that all of them step through evenly are one. A
/// kernel holds it in registers, and counts in 32 bits: what has more elements is done in parts.
/// </summary>
internal struct Nest
{
    /// <summary>Merged axes; more of them would be a layout that nobody has, and is made dense axis by axis.</summary>
    public const int MaxRank = 6;

    public int Rank;

    /// <summary>
    /// 1 if fours of neighbours of the shape are four neighbours, or one element, in each operand, and those begin where four can be moved
    /// at once.
    /// </summary>
    public int IsWide;

    private Divisor l0, l1, l2, l3, l4;
    private Steps a, b, c;

    private struct Steps
    {
        public long Start, S0, S1, S2, S3, S4, S5;
    }

    /// <summary>The places of one element.</summary>
    public struct Spot
    {
        public long A, B, C;
    }

    /// <summary>False if even merged there are too many axes.</summary>
    public static bool TryMake(Shape shape, Tensor a, Tensor? b, Tensor? c, out Nest nest)
    {
        var loops = new LoopNest(shape, a.Strides, b is null ? default : b.Strides, c is null ? default : c.Strides);
        nest = new Nest { Rank = loops.Rank };
        if (loops.Rank > MaxRank) return false;
        // The innermost axis is number 0 here.
        (nest.l0, nest.l1, nest.l2, nest.l3, nest.l4) =
            (Length(loops, 0), Length(loops, 1), Length(loops, 2), Length(loops, 3), Length(loops, 4));
        nest.a = StepsOf(loops, 0, a);
        nest.b = StepsOf(loops, 1, b);
        nest.c = StepsOf(loops, 2, c);
        nest.IsWide = (nest.l0 & 3) == 0 && IsEven(nest.a) && IsEven(nest.b) && IsEven(nest.c) ? 1 : 0;
        return true;
    }

    private static bool IsEven(in Steps steps)
        => steps.S0 == 0 || (steps.S0 == 1 && ((steps.Start | steps.S1 | steps.S2 | steps.S3 | steps.S4 | steps.S5) & 3) == 0);

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

    /// <summary>True if the first operand's neighbours lie side by side; else, where the nest is wide, they are one element.</summary>
    public readonly bool IsRowInA => a.S0 != 0;

    /// <inheritdoc cref="IsRowInA"/>
    public readonly bool IsRowInB => b.S0 != 0;

    /// <inheritdoc cref="IsRowInA"/>
    public readonly bool IsRowInC => c.S0 != 0;

    /// <summary>The places of an element in all operands; those that are not asked for cost nothing.</summary>
    [MethodImpl(AggressiveInlining)]
    public readonly Spot At(long i)
    {
        uint rest = (uint)i;
        var at = new Spot { A = a.Start, B = b.Start, C = c.Start };
        if (Rank > 1)
        {
            rest = Take(rest, l0, a.S0, b.S0, c.S0, ref at);
            if (Rank > 2)
            {
                rest = Take(rest, l1, a.S1, b.S1, c.S1, ref at);
                if (Rank > 3)
                {
                    rest = Take(rest, l2, a.S2, b.S2, c.S2, ref at);
                    if (Rank > 4)
                    {
                        rest = Take(rest, l3, a.S3, b.S3, c.S3, ref at);
                        if (Rank > 5)
                        {
                            rest = Take(rest, l4, a.S4, b.S4, c.S4, ref at);
                            Step(rest, a.S5, b.S5, c.S5, ref at);
                        }
                        else
                        {
                            Step(rest, a.S4, b.S4, c.S4, ref at);
                        }
                    }
                    else
                    {
                        Step(rest, a.S3, b.S3, c.S3, ref at);
                    }
                }
                else
                {
                    Step(rest, a.S2, b.S2, c.S2, ref at);
                }
            }
            else
            {
                Step(rest, a.S1, b.S1, c.S1, ref at);
            }
        }
        else
        {
            Step(rest, a.S0, b.S0, c.S0, ref at);
        }
        return at;
    }

    [MethodImpl(AggressiveInlining)]
    private static uint Take(uint rest, in Divisor length, long a, long b, long c, ref Spot at)
    {
        uint next = length.Of(rest);
        Step(rest - next * (uint)length.Value, a, b, c, ref at);
        return next;
    }

    [MethodImpl(AggressiveInlining)]
    private static void Step(uint place, long a, long b, long c, ref Spot at)
    {
        at.A += place * a;
        at.B += place * b;
        at.C += place * c;
    }
}
