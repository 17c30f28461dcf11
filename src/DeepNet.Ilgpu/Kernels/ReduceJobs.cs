using DeepNet.Ops;

namespace DeepNet.Ilgpu;

/// <summary>Reduces the middle one of three axes: a thread takes a block of it, for one outer and one inner index.</summary>
internal struct ReduceColumnsJob<TMap, TRule, V, T> : IJob
    where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TMap Map;
    public ArrayView<T> X, Y;
    public Divisor Inner, Blocks;
    public long Length, Block;

    public static string Name => "reduce";

    public void Run(long i)
    {
        long row = Inner.Of(i), column = i - row * Inner, outer = Blocks.Of(row), from = (row - outer * Blocks) * Block;
        long n = Block < Length - from ? Block : Length - from, at = (outer * Length + from) * Inner + column;
        V sum = TRule.Neutral<V>();
        for (long k = 0; k < n; k++, at += Inner) sum = TRule.Combine(sum, Map.Forward(V.From(X[at])));
        Y[i] = V.To(sum);
    }
}

/// <summary>Reduces pieces of rows: a group takes a piece, its threads elements side by side.</summary>
internal struct ReduceRowsJob<TMap, TRule, V, T> : IGroupJob
    where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TMap Map;
    public ArrayView<T> X, Y;
    public Divisor Blocks;
    public long Length, Block;
    public int IsWide;

    public static string Name => "reduce";

    public void Run(long group)
    {
        long row = Blocks.Of(group), from = (group - row * Blocks) * Block;
        long end = Block < Length - from ? from + Block : Length;
        V sum = TRule.Neutral<V>();
        if (IsWide != 0)
        {
            // Four sums side by side, of neighbours: wider accesses, and none waits for the one before it.
            V a = sum, b = sum, c = sum, d = sum;
            var fours = X.SubView(row * Length + from, end - from).AsAligned(Fours.Alignment).Cast<Four<T>>();
            int n = (int)((end - from) >> 2);
            for (int k = Group.IdxX; k < n; k += Group.DimX)
            {
                var x = fours[k];
                a = TRule.Combine(a, Map.Forward(V.From(x.A)));
                b = TRule.Combine(b, Map.Forward(V.From(x.B)));
                c = TRule.Combine(c, Map.Forward(V.From(x.C)));
                d = TRule.Combine(d, Map.Forward(V.From(x.D)));
            }
            sum = TRule.Combine(TRule.Combine(a, b), TRule.Combine(c, d));
        }
        else
        {
            for (long k = from + Group.IdxX; k < end; k += Group.DimX) sum = TRule.Combine(sum, Map.Forward(V.From(X[row * Length + k])));
        }
        sum = Folding.Fold<TRule, V, T>(sum);
        if (Group.IdxX == 0) Y[group] = V.To(sum);
    }
}
