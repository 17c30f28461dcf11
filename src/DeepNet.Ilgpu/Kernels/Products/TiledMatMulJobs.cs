namespace DeepNet.Ilgpu;

/// <summary>
/// c = a·b or c += a·b in tiles of 128 × 128 for 256 threads with 64 sums each, for products that fill the device. While a panel is
/// multiplied the next one is on its way to registers, and goes into the other half of shared memory: one barrier a step. A thread's rows
/// and columns are two fours, 64 apart, so that a warp reads shared memory 16 bytes at a time without conflicts. The sums are fields by
/// name because ILGPU neither unrolls loops nor keeps arrays in registers.
/// </summary>
/// <remarks>Operands of a half type are widened on their way to shared memory, and results rounded on their way out.</remarks>
internal struct LargeTileJob<V, T, TWide, TResult> : IGroupJob
    where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide>, IGpuNumber<V, TResult> where T : unmanaged where TWide : unmanaged
    where TResult : unmanaged
{
    private const int Side = TilePlan.Large, Depth = TilePlan.LargeDepth, Line = TilePlan.LargeLine, Panel = Depth * Line / 4;

    public ArrayView<T> A, B;
    public ArrayView<TResult> C;
    public ProductPlace At;

    public static string Name => "matmul";

    // Two groups in flight hide each other's waiting; left to itself the assembler takes registers for one.
    public static KernelSpecialization Fit => new(TilePlan.Threads, 2);

    public void Run(long group)
    {
        var panelsA = SharedMemory.Allocate<Four<TWide>>(2 * Panel).AsAligned(Fours.Alignment);
        var panelsB = SharedMemory.Allocate<Four<TWide>>(2 * Panel).AsAligned(Fours.Alignment);
        var share = new ProductPlace.Share(At, group, Side);
        int ty = Group.IdxX / 16, tx = Group.IdxX % 16, now = 0;
        Eight<V> r0 = Eight<V>.Zero, r1 = r0, r2 = r0, r3 = r0, r4 = r0, r5 = r0, r6 = r0, r7 = r0;
        var a = At.ReadA<V, T, TWide>(A, share, share.From, Side, Depth);
        var b = At.ReadB<V, T, TWide>(B, share, share.From, Side, Depth);
        ProductPlace.Store(panelsA, a, At.ACol, Side, Depth, Line);
        ProductPlace.Store(panelsB, b, At.BRow, Side, Depth, Line);
        Group.Barrier();
        for (int k = share.From; k < share.To; k += Depth)
        {
            bool hasMore = k + Depth < share.To;
            if (hasMore)
            {
                a = At.ReadA<V, T, TWide>(A, share, k + Depth, Side, Depth);
                b = At.ReadB<V, T, TWide>(B, share, k + Depth, Side, Depth);
            }
            int inA = now * Panel + ty, inB = now * Panel + tx;
            for (int i = 0; i < Depth; i++)
            {
                Four<TWide> a0 = panelsA[inA], a1 = panelsA[inA + 16], b0 = panelsB[inB], b1 = panelsB[inB + 16];
                inA += Line / 4;
                inB += Line / 4;
                V c0 = Element<V, TWide>.From(b0.A), c1 = Element<V, TWide>.From(b0.B), c2 = Element<V, TWide>.From(b0.C),
                    c3 = Element<V, TWide>.From(b0.D), c4 = Element<V, TWide>.From(b1.A), c5 = Element<V, TWide>.From(b1.B),
                    c6 = Element<V, TWide>.From(b1.C), c7 = Element<V, TWide>.From(b1.D);
                r0 = r0.Plus(Element<V, TWide>.From(a0.A), c0, c1, c2, c3, c4, c5, c6, c7);
                r1 = r1.Plus(Element<V, TWide>.From(a0.B), c0, c1, c2, c3, c4, c5, c6, c7);
                r2 = r2.Plus(Element<V, TWide>.From(a0.C), c0, c1, c2, c3, c4, c5, c6, c7);
                r3 = r3.Plus(Element<V, TWide>.From(a0.D), c0, c1, c2, c3, c4, c5, c6, c7);
                r4 = r4.Plus(Element<V, TWide>.From(a1.A), c0, c1, c2, c3, c4, c5, c6, c7);
                r5 = r5.Plus(Element<V, TWide>.From(a1.B), c0, c1, c2, c3, c4, c5, c6, c7);
                r6 = r6.Plus(Element<V, TWide>.From(a1.C), c0, c1, c2, c3, c4, c5, c6, c7);
                r7 = r7.Plus(Element<V, TWide>.From(a1.D), c0, c1, c2, c3, c4, c5, c6, c7);
            }
            now ^= 1;
            if (hasMore)
            {
                ProductPlace.Store(panelsA.SubView(now * Panel, Panel).AsAligned(Fours.Alignment), a, At.ACol, Side, Depth, Line);
                ProductPlace.Store(panelsB.SubView(now * Panel, Panel).AsAligned(Fours.Alignment), b, At.BRow, Side, Depth, Line);
            }
            Group.Barrier();
        }
        int row = share.Row + 4 * ty, column = share.Column + 4 * tx;
        Put(share, row, column, r0);
        Put(share, row + 1, column, r1);
        Put(share, row + 2, column, r2);
        Put(share, row + 3, column, r3);
        Put(share, row + 64, column, r4);
        Put(share, row + 65, column, r5);
        Put(share, row + 66, column, r6);
        Put(share, row + 67, column, r7);
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Put(in ProductPlace.Share share, int row, int column, Eight<V> sums)
    {
        At.Put<V, TResult>(C, share, row, column,
            new(Element<V, TResult>.To(sums.S0), Element<V, TResult>.To(sums.S1), Element<V, TResult>.To(sums.S2),
            Element<V, TResult>.To(sums.S3)));
        At.Put<V, TResult>(C, share, row, column + 64,
            new(Element<V, TResult>.To(sums.S4), Element<V, TResult>.To(sums.S5), Element<V, TResult>.To(sums.S6),
            Element<V, TResult>.To(sums.S7)));
    }
}

/// <summary>
/// The same in tiles of 64 × 64 for 256 threads with 16 sums each: for smaller products, which need more groups to fill the device.
/// </summary>
internal struct MediumTileJob<V, T, TWide, TResult> : IGroupJob
    where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide>, IGpuNumber<V, TResult> where T : unmanaged where TWide : unmanaged
    where TResult : unmanaged
{
    private const int Side = TilePlan.Medium, Depth = TilePlan.MediumDepth, Line = TilePlan.MediumLine, Panel = Depth * Line / 4;

    public ArrayView<T> A, B;
    public ArrayView<TResult> C;
    public ProductPlace At;

    public static string Name => "matmul";

    public void Run(long group)
    {
        var panelsA = SharedMemory.Allocate<Four<TWide>>(2 * Panel).AsAligned(Fours.Alignment);
        var panelsB = SharedMemory.Allocate<Four<TWide>>(2 * Panel).AsAligned(Fours.Alignment);
        var share = new ProductPlace.Share(At, group, Side);
        int ty = Group.IdxX / 16, tx = Group.IdxX % 16, now = 0;
        V zero = V.Constant(0);
        Four<V> r0 = Fours.Same(zero), r1 = r0, r2 = r0, r3 = r0;
        var a = At.ReadA<V, T, TWide>(A, share, share.From, Side, Depth);
        var b = At.ReadB<V, T, TWide>(B, share, share.From, Side, Depth);
        ProductPlace.Store(panelsA, a, At.ACol, Side, Depth, Line);
        ProductPlace.Store(panelsB, b, At.BRow, Side, Depth, Line);
        Group.Barrier();
        for (int k = share.From; k < share.To; k += Depth)
        {
            bool hasMore = k + Depth < share.To;
            if (hasMore)
            {
                a = At.ReadA<V, T, TWide>(A, share, k + Depth, Side, Depth);
                b = At.ReadB<V, T, TWide>(B, share, k + Depth, Side, Depth);
            }
            int inA = now * Panel + ty, inB = now * Panel + tx;
            for (int i = 0; i < Depth; i++)
            {
                Four<TWide> left = panelsA[inA], right = panelsB[inB];
                inA += Line / 4;
                inB += Line / 4;
                r0 = Plus(r0, left.A, right);
                r1 = Plus(r1, left.B, right);
                r2 = Plus(r2, left.C, right);
                r3 = Plus(r3, left.D, right);
            }
            now ^= 1;
            if (hasMore)
            {
                ProductPlace.Store(panelsA.SubView(now * Panel, Panel).AsAligned(Fours.Alignment), a, At.ACol, Side, Depth, Line);
                ProductPlace.Store(panelsB.SubView(now * Panel, Panel).AsAligned(Fours.Alignment), b, At.BRow, Side, Depth, Line);
            }
            Group.Barrier();
        }
        int row = share.Row + 4 * ty, column = share.Column + 4 * tx;
        Put(share, row, column, r0);
        Put(share, row + 1, column, r1);
        Put(share, row + 2, column, r2);
        Put(share, row + 3, column, r3);
    }

    [MethodImpl(AggressiveInlining)]
    private static Four<V> Plus(Four<V> sums, TWide left, Four<TWide> right)
    {
        V a = Element<V, TWide>.From(left);
        return new(V.Fma(a, Element<V, TWide>.From(right.A), sums.A), V.Fma(a, Element<V, TWide>.From(right.B), sums.B),
            V.Fma(a, Element<V, TWide>.From(right.C), sums.C), V.Fma(a, Element<V, TWide>.From(right.D), sums.D));
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Put(in ProductPlace.Share share, int row, int column, Four<V> sums)
        => At.Put<V, TResult>(C, share, row, column,
        new(Element<V, TResult>.To(sums.A), Element<V, TResult>.To(sums.B), Element<V, TResult>.To(sums.C),
        Element<V, TResult>.To(sums.D)));
}

/// <summary>Eight sums of one row of a tile.</summary>
internal readonly struct Eight<V>(V s0, V s1, V s2, V s3, V s4, V s5, V s6, V s7) where V : INumber<V>
{
    public readonly V S0 = s0, S1 = s1, S2 = s2, S3 = s3, S4 = s4, S5 = s5, S6 = s6, S7 = s7;

    public static Eight<V> Zero
    {
        [MethodImpl(AggressiveInlining)]
        get
        {
            V zero = V.Constant(0);
            return new(zero, zero, zero, zero, zero, zero, zero, zero);
        }
    }

    [MethodImpl(AggressiveInlining)]
    public Eight<V> Plus(V a, V b0, V b1, V b2, V b3, V b4, V b5, V b6, V b7) => new(
        V.Fma(a, b0, S0), V.Fma(a, b1, S1), V.Fma(a, b2, S2), V.Fma(a, b3, S3), V.Fma(a, b4, S4), V.Fma(a, b5, S5), V.Fma(a, b6, S6),
        V.Fma(a, b7, S7));
}

/// <summary>Adds the parts of sums that were split over groups, in their order.</summary>
internal struct AddSplitsJob<V, TWide, TResult> : IJob
    where V : unmanaged, IGpuNumber<V, TWide>, IGpuNumber<V, TResult> where TWide : unmanaged where TResult : unmanaged
{
    public ArrayView<TWide> Parts;
    public ArrayView<TResult> C;
    public Divisor M, N;
    public long StepC, CRow, StepSplit;
    public int Splits, Accumulate;

    public static string Name => "matmul";

    public void Run(long i)
    {
        long line = N.Of(i), batch = M.Of(line), at = batch * StepC + (line - batch * M) * CRow + i - line * N;
        V sum = Accumulate != 0 ? Element<V, TResult>.From(C[at]) : V.Constant(0);
        for (int split = 0; split < Splits; split++) sum += Element<V, TWide>.From(Parts[split * StepSplit + i]);
        C[at] = Element<V, TResult>.To(sum);
    }
}
