using System.Runtime.InteropServices;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// The loops of a resampling. Along the last axis (Inner is 1) the elements of a block of places are gathered or scattered one by one, and
/// multiplied as vectors; along others each tap moves a row of vectors. Every element is summed by one task, in one order.
/// </summary>
internal unsafe struct ResampleBody<V, T> : IParallelBody
    where V : unmanaged, ISimd<V, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Block = 256;

    public ResampleRole Role;
    public Resampling Sizes;
    public T* X, Y, Weight;
    public int* Index;

    /// <summary>The number of tasks, and about how many products each has.</summary>
    public readonly (nint Count, nint Each) Tasks
    {
        get
        {
            var (batch, outer, _, inner, count, taps) = Sizes;
            return Role switch
            {
                ResampleRole.Weight => (batch * Blocks, outer * inner * taps * Block),
                ResampleRole.Source => (batch * outer, count * inner * taps),
                _ when inner > 1 => (batch * outer * count, inner * taps),
                _ => (batch * outer * Blocks, Math.Min(count, Block) * taps),
            };
        }
    }

    private readonly nint Blocks => (Sizes.Count - 1) / Block + 1;

    public readonly void Run(nint from, nint to)
    {
        if (Role == ResampleRole.Result && Sizes.Inner > 1)
        {
            Rows(from, to);
            return;
        }
        for (nint task = from; task < to; task++)
            switch (Role)
            {
                case ResampleRole.Weight: Weights(task / Blocks, task % Blocks * Block); break;
                case ResampleRole.Source: Source(task); break;
                default: Numbers(task / Blocks, task % Blocks * Block); break;
            }
    }

    /// <summary>The place of the first tap of a plane, or of one of a batch.</summary>
    private readonly nint Taps(nint plane) => plane / Sizes.Outer * Sizes.Taps * Sizes.Count;

    private readonly T* SourcePlane(nint plane) => X + plane * Sizes.Length * Sizes.Inner;

    private readonly T* ResultPlane(nint plane) => Y + plane * Sizes.Count * Sizes.Inner;

    private readonly void Numbers(nint plane, nint start)
    {
        T* gathered = stackalloc T[Block];
        T* x = SourcePlane(plane), y = ResultPlane(plane) + start;
        nint n = Math.Min(Block, Sizes.Count - start), tap = Taps(plane) + start;
        Clear(y, n);
        for (nint t = 0; t < Sizes.Taps; t++, tap += Sizes.Count)
        {
            Gather(x, Index + tap, gathered, n);
            AddProducts(Weight + tap, gathered, y, n);
        }
    }

    private readonly void Rows(nint from, nint to)
    {
        nint inner = Sizes.Inner, count = Sizes.Count, plane = from / count, place = from % count;
        T* y = Y + from * inner;
        for (nint task = from; task < to; task++, y += inner)
        {
            nint tap = Taps(plane) + place;
            Sum(SourcePlane(plane), Index + tap, Weight + tap, count, Sizes.Taps, inner, y);
            if (++place == count) (plane, place) = (plane + 1, 0);
        }
    }

    /// <summary>Sums the rows of one place, <paramref name="step"/> apart in the list of taps, a vector of all of them at a time.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Sum(T* x, int* index, T* weight, nint step, nint taps, nint inner, T* y)
    {
        for (nint at = 0; at < inner; at += V.Lanes)
        {
            var part = new SomeLanes(inner - at);
            V sum = V.Constant(0);
            bool isFirst = true;
            for (nint t = 0; t < taps; t++)
            {
                T factor = weight[t * step];
                if (factor == T.Zero) continue;
                V row = part.Load<V, T>(x + index[t * step] * inner + at);
                sum = isFirst ? V.Broadcast(factor) * row : V.Fma(V.Broadcast(factor), row, sum);
                isFirst = false;
            }
            part.Store(sum, y + at);
        }
    }

    private readonly void Source(nint plane)
    {
        nint inner = Sizes.Inner, count = Sizes.Count;
        T* x = SourcePlane(plane), y = ResultPlane(plane), products = stackalloc T[Block];
        Clear(x, Sizes.Length * inner);
        nint tap = Taps(plane), end = tap + Sizes.Taps * count;
        for (nint i = 0; inner > 1 && i < count; i++, y += inner)
            for (nint t = tap + i; t < end; t += count)
                if (Weight[t] != T.Zero) RowMath<V, T>.AddScaled(x + Index[t] * inner, Weight[t], y, (int)inner);
        for (nint start = 0; inner == 1 && start < count; start += Block)
            for (nint t = tap + start; t < end; t += count)
            {
                nint n = Math.Min(Block, count - start);
                Clear(products, n);
                AddProducts(Weight + t, y + start, products, n);
                Scatter(products, Index + t, x, n);
            }
    }

    private readonly void Weights(nint b, nint start)
    {
        T* gathered = stackalloc T[Block];
        nint n = Math.Min(Block, Sizes.Count - start), inner = Sizes.Inner;
        for (nint t = 0; t < Sizes.Taps; t++)
        {
            nint tap = (b * Sizes.Taps + t) * Sizes.Count + start;
            Clear(Weight + tap, n);
            for (nint plane = b * Sizes.Outer; plane < (b + 1) * Sizes.Outer; plane++)
            {
                T* x = SourcePlane(plane), y = ResultPlane(plane) + start * inner;
                if (inner > 1)
                {
                    for (nint i = 0; i < n; i++)
                        Weight[tap + i] += RowMath<V, T>.Dot(x + Index[tap + i] * inner, y + i * inner, (int)inner);
                    continue;
                }
                Gather(x, Index + tap, gathered, n);
                AddProducts(gathered, y, Weight + tap, n);
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Gather(T* x, int* index, T* y, nint n)
    {
        for (nint i = 0; i < n; i++) y[i] = x[index[i]];
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Scatter(T* x, int* index, T* y, nint n)
    {
        for (nint i = 0; i < n; i++) y[index[i]] += x[i];
    }

    /// <summary>y += w · x where w is not 0.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void AddProducts(T* w, T* x, T* y, nint n)
    {
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes) AddProducts(V.Load(w + i), V.Load(x + i), V.Load(y + i)).Store(y + i);
        if (i == n) return;
        int rest = (int)(n - i);
        AddProducts(V.LoadPart(w + i, rest), V.LoadPart(x + i, rest), V.LoadPart(y + i, rest)).StorePart(y + i, rest);
    }

    [MethodImpl(AggressiveInlining)]
    private static V AddProducts(V w, V x, V y) => V.IfEqual(w, V.Constant(0), y, V.Fma(w, x, y));

    private static void Clear(T* p, nint n) => NativeMemory.Clear(p, (nuint)(n * sizeof(T)));
}
