namespace DeepNet.Ilgpu;

/// <summary>
/// c = a·b or c += a·b in tiles of 128 × 128 for 256 threads with 64 sums each, for products that fill the device. While a panel is multiplied the
/// next one is on its way to registers, and goes into the other half of shared memory: one barrier a step. A thread's rows and columns are two
/// fours, 64 apart, so that a warp reads shared memory 16 bytes at a time without conflicts. The sums are fields by name because ILGPU
/// neither unrolls loops nor keeps arrays in registers.
/// </summary>
internal struct LargeTileJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public const int Side = 128, Threads = 256;
    private const int Depth = 8, Line = Side + 4, Panel = Depth * Line / 4; // four more than a tile's side: transposed writes meet no bank twice

    public ArrayView<T> A, B, C;
    public ProductPlace At;

    public static string Name => "matmul";

    // Two groups in flight hide each other's waiting; left to itself the assembler takes registers for one.
    public static KernelSpecialization Fit => new(Threads, 2);

    public void Run(long group)
    {
        var panelsA = SharedMemory.Allocate<Four<T>>(2 * Panel).AsAligned(Fours.Alignment);
        var panelsB = SharedMemory.Allocate<Four<T>>(2 * Panel).AsAligned(Fours.Alignment);
        var share = new ProductPlace.Share(At, group, Side);
        int ty = Group.IdxX / 16, tx = Group.IdxX % 16, now = 0;
        Eight<V> r0 = Eight<V>.Zero, r1 = r0, r2 = r0, r3 = r0, r4 = r0, r5 = r0, r6 = r0, r7 = r0;
        Four<T> a = ReadA(share, share.From), b = ReadB(share, share.From);
        ProductPlace.Store(panelsA, a, At.ACol, Side, Depth, Line);
        ProductPlace.Store(panelsB, b, At.BRow, Side, Depth, Line);
        Group.Barrier();
        for (int k = share.From; k < share.To; k += Depth)
        {
            bool hasMore = k + Depth < share.To;
            if (hasMore)
            {
                a = ReadA(share, k + Depth);
                b = ReadB(share, k + Depth);
            }
            int inA = now * Panel + ty, inB = now * Panel + tx;
            for (int i = 0; i < Depth; i++)
            {
                Four<T> a0 = panelsA[inA], a1 = panelsA[inA + 16], b0 = panelsB[inB], b1 = panelsB[inB + 16];
                inA += Line / 4;
                inB += Line / 4;
                V c0 = V.From(b0.A), c1 = V.From(b0.B), c2 = V.From(b0.C), c3 = V.From(b0.D), c4 = V.From(b1.A), c5 = V.From(b1.B), c6 = V.From(b1.C), c7 = V.From(b1.D);
                r0 = r0.Plus(V.From(a0.A), c0, c1, c2, c3, c4, c5, c6, c7);
                r1 = r1.Plus(V.From(a0.B), c0, c1, c2, c3, c4, c5, c6, c7);
                r2 = r2.Plus(V.From(a0.C), c0, c1, c2, c3, c4, c5, c6, c7);
                r3 = r3.Plus(V.From(a0.D), c0, c1, c2, c3, c4, c5, c6, c7);
                r4 = r4.Plus(V.From(a1.A), c0, c1, c2, c3, c4, c5, c6, c7);
                r5 = r5.Plus(V.From(a1.B), c0, c1, c2, c3, c4, c5, c6, c7);
                r6 = r6.Plus(V.From(a1.C), c0, c1, c2, c3, c4, c5, c6, c7);
                r7 = r7.Plus(V.From(a1.D), c0, c1, c2, c3, c4, c5, c6, c7);
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
    private readonly Four<T> ReadA(in ProductPlace.Share share, int k)
        => ProductPlace.Read(A, share.Batch * At.StepA, At.ARow, At.ACol, At.IsWideA, share.Row, At.M, k, share.To, Side, Depth);

    [MethodImpl(AggressiveInlining)]
    private readonly Four<T> ReadB(in ProductPlace.Share share, int k)
        => ProductPlace.Read(B, share.Batch * At.StepB, At.BCol, At.BRow, At.IsWideB, share.Column, At.N, k, share.To, Side, Depth);

    [MethodImpl(AggressiveInlining)]
    private readonly void Put(in ProductPlace.Share share, int row, int column, Eight<V> sums)
    {
        At.Put<V, T>(C, share, row, column, new(V.To(sums.S0), V.To(sums.S1), V.To(sums.S2), V.To(sums.S3)));
        At.Put<V, T>(C, share, row, column + 64, new(V.To(sums.S4), V.To(sums.S5), V.To(sums.S6), V.To(sums.S7)));
    }
}

/// <summary>The same in tiles of 64 × 64 for 256 threads with 16 sums each: for smaller products, which need more groups to fill the device.</summary>
internal struct MediumTileJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public const int Side = 64, Threads = 256;
    private const int Depth = 16, Line = Side + 4, Panel = Depth * Line / 4;

    public ArrayView<T> A, B, C;
    public ProductPlace At;

    public static string Name => "matmul";

    public void Run(long group)
    {
        var panelsA = SharedMemory.Allocate<Four<T>>(2 * Panel).AsAligned(Fours.Alignment);
        var panelsB = SharedMemory.Allocate<Four<T>>(2 * Panel).AsAligned(Fours.Alignment);
        var share = new ProductPlace.Share(At, group, Side);
        int ty = Group.IdxX / 16, tx = Group.IdxX % 16, now = 0;
        V zero = V.Constant(0);
        Four<V> r0 = Fours.Same(zero), r1 = r0, r2 = r0, r3 = r0;
        Four<T> a = ReadA(share, share.From), b = ReadB(share, share.From);
        ProductPlace.Store(panelsA, a, At.ACol, Side, Depth, Line);
        ProductPlace.Store(panelsB, b, At.BRow, Side, Depth, Line);
        Group.Barrier();
        for (int k = share.From; k < share.To; k += Depth)
        {
            bool hasMore = k + Depth < share.To;
            if (hasMore)
            {
                a = ReadA(share, k + Depth);
                b = ReadB(share, k + Depth);
            }
            int inA = now * Panel + ty, inB = now * Panel + tx;
            for (int i = 0; i < Depth; i++)
            {
                Four<T> left = panelsA[inA], right = panelsB[inB];
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
    private static Four<V> Plus(Four<V> sums, T left, Four<T> right)
    {
        V a = V.From(left);
        return new(V.Fma(a, V.From(right.A), sums.A), V.Fma(a, V.From(right.B), sums.B), V.Fma(a, V.From(right.C), sums.C), V.Fma(a, V.From(right.D), sums.D));
    }

    [MethodImpl(AggressiveInlining)]
    private readonly Four<T> ReadA(in ProductPlace.Share share, int k)
        => ProductPlace.Read(A, share.Batch * At.StepA, At.ARow, At.ACol, At.IsWideA, share.Row, At.M, k, share.To, Side, Depth);

    [MethodImpl(AggressiveInlining)]
    private readonly Four<T> ReadB(in ProductPlace.Share share, int k)
        => ProductPlace.Read(B, share.Batch * At.StepB, At.BCol, At.BRow, At.IsWideB, share.Column, At.N, k, share.To, Side, Depth);

    [MethodImpl(AggressiveInlining)]
    private readonly void Put(in ProductPlace.Share share, int row, int column, Four<V> sums)
        => At.Put<V, T>(C, share, row, column, new(V.To(sums.A), V.To(sums.B), V.To(sums.C), V.To(sums.D)));
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
        V.Fma(a, b0, S0), V.Fma(a, b1, S1), V.Fma(a, b2, S2), V.Fma(a, b3, S3), V.Fma(a, b4, S4), V.Fma(a, b5, S5), V.Fma(a, b6, S6), V.Fma(a, b7, S7));
}

/// <summary>Adds the parts of sums that were split over groups, in their order.</summary>
internal struct AddSplitsJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Parts, C;
    public long M, N, StepC, CRow, StepSplit;
    public int Splits, Accumulate;

    public static string Name => "matmul";

    public void Run(long i)
    {
        long line = Nest.Divide(i, N), batch = Nest.Divide(line, M), at = batch * StepC + (line - batch * M) * CRow + i - line * N;
        V sum = Accumulate != 0 ? V.From(C[at]) : V.Constant(0);
        for (int split = 0; split < Splits; split++) sum += V.From(Parts[split * StepSplit + i]);
        C[at] = V.To(sum);
    }
}
