namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    /// <summary>The device's multiprocessors: what a product's tiles should fill.</summary>
    public int Processors { get; set; }

    /// <summary>Gets or sets the limits of its groups.</summary>
    public TileLimits Limits { get; set; }

    /// <summary>A product by the library's own kernels.</summary>
    private void Tiled<V, T, TWide, TResult>(Tensor a, Tensor b, Tensor c, in Product p)
        where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide>, IGpuNumber<V, TResult> where T : unmanaged where TWide : unmanaged
        where TResult : unmanaged
    {
        _ = Accelerator;
        int wide = Unsafe.SizeOf<TWide>();
        bool takesLarge = Limits.TakesLarge(wide), takesMedium = Limits.TakesMedium(wide);
        var plan = TilePlan.Of(p.M, p.N, p.K, p.Count, takesLarge, Processors);
        if (plan.IsLarge && !Holds<V, T, TWide, TResult>(plan)) plan = TilePlan.Of(p.M, p.N, p.K, p.Count, mayBeLarge: false, Processors);
        if (!plan.IsLarge && !(takesMedium && Holds<V, T, TWide, TResult>(plan)))
        {
            if (Limits.TakesSquare && Holds<MatMulJob<SquareTile, V, T, TWide, TResult>>(SquareTile.Threads))
                Small<SquareTile, V, T, TWide, TResult>(a, b, c, p);
            else Small<PairTile, V, T, TWide, TResult>(a, b, c, p);
            return;
        }
        int size = Unsafe.SizeOf<T>(), sizeC = Unsafe.SizeOf<TResult>();
        var at = new ProductPlace
        {
            StepA = p.StepA, StepB = p.StepB, ARow = p.ARow, ACol = p.ACol, BRow = p.BRow, BCol = p.BCol,
            M = p.M, N = p.N, K = p.K, TilesM = plan.TilesM, TilesN = plan.TilesN, Count = p.Count, Each = plan.Each,
            IsWideA = IsWide(p.AtA, p.ACol == 1 ? p.ARow : p.ARow == 1 ? p.ACol : 1, p.StepA, size),
            IsWideB = IsWide(p.AtB, p.BCol == 1 ? p.BRow : p.BRow == 1 ? p.BCol : 1, p.StepB, size),
        };
        if (plan.Splits == 1)
        {
            Launch<V, T, TWide, TResult>(plan, at with
            {
                StepC = p.StepC,
                CRow = p.CRow,
                Accumulate = p.Accumulate ? 1 : 0,
                IsWideC = IsWide(p.AtC, p.CRow, p.StepC, sizeC),
            }, View<T>(a, p.AtA), View<T>(b, p.AtB), View<TResult>(c, p.AtC), p.Count);
            return;
        }
        long matrix = (long)p.M * p.N;
        var parts = Temporary(DTypes.Compute(c.DType), plan.Splits, checked((int)(matrix * p.Count)));
        Launch<V, T, TWide, TWide>(plan, at with
        {
            StepC = (nint)matrix,
            CRow = p.N,
            StepSplit = matrix * p.Count,
            IsWideC = IsWide(0, p.N, (nint)matrix, Unsafe.SizeOf<TWide>()),
        }, View<T>(a, p.AtA), View<T>(b, p.AtB), View<TWide>(parts), (long)p.Count * plan.Splits);
        Run(new AddSplitsJob<V, TWide, TResult>
        {
            Parts = View<TWide>(parts), C = View<TResult>(c, p.AtC), M = p.M, N = p.N, StepC = p.StepC, CRow = p.CRow,
            StepSplit = matrix * p.Count, Splits = plan.Splits,
            Accumulate = p.Accumulate ? 1 : 0,
        }, matrix * p.Count);
        Done(parts);
    }

    private void Launch<V, T, TWide, TResult>(
        TilePlan plan, in ProductPlace at, ArrayView<T> a, ArrayView<T> b, ArrayView<TResult> c, long matrices)
        where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide>, IGpuNumber<V, TResult> where T : unmanaged where TWide : unmanaged
        where TResult : unmanaged
    {
        long groups = matrices * plan.TilesM * plan.TilesN;
        if (plan.IsLarge)
            GroupLauncher<LargeTileJob<V, T, TWide, TResult>>.Run(
                this, new LargeTileJob<V, T, TWide, TResult> { A = a, B = b, C = c, At = at }, groups, TilePlan.Threads);
        else
            GroupLauncher<MediumTileJob<V, T, TWide, TResult>>.Run(
                this, new MediumTileJob<V, T, TWide, TResult> { A = a, B = b, C = c, At = at }, groups, TilePlan.Threads);
    }

    // OpenCL's drivers tell of each kernel how many threads its groups may have, once it is compiled; a tile needs all of its own.
    private bool Holds<TJob>(int threads) where TJob : struct, IGroupJob
        => Kind != DeviceKind.OpenCL || GroupLauncher<TJob>.MostThreads(this) >= threads;

    private bool Holds<V, T, TWide, TResult>(TilePlan plan)
        where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide>, IGpuNumber<V, TResult> where T : unmanaged where TWide : unmanaged
        where TResult : unmanaged
        => (plan.IsLarge, plan.Splits > 1) switch
        {
            (true, true) => Holds<LargeTileJob<V, T, TWide, TWide>>(TilePlan.Threads),
            (true, false) => Holds<LargeTileJob<V, T, TWide, TResult>>(TilePlan.Threads),
            (false, true) => Holds<MediumTileJob<V, T, TWide, TWide>>(TilePlan.Threads),
            (false, false) => Holds<MediumTileJob<V, T, TWide, TResult>>(TilePlan.Threads),
        };

    /// <summary>
    /// 1 if every line of a matrix starts where four elements can be moved at once; a step of 1 stands for a matrix without lines.
    /// </summary>
    private static int IsWide(nint at, nint line, nint step, int size)
        => ((at * size & (Fours.Alignment - 1)) | ((at | line | step) & 3)) == 0 ? 1 : 0;

    /// <summary>Devices whose groups are small, or have little memory: emulated ones, and OpenCL's with 32 KB for float64.</summary>
    private void Small<TTile, V, T, TWide, TResult>(Tensor a, Tensor b, Tensor c, in Product p)
        where TTile : unmanaged, ITile where V : unmanaged, IGpuNumber<V, T>, IGpuNumber<V, TWide>, IGpuNumber<V, TResult>
        where T : unmanaged where TWide : unmanaged where TResult : unmanaged
    {
        int tilesM = (p.M - 1) / (4 * TTile.Rows) + 1, tilesN = (p.N - 1) / (4 * TTile.Columns) + 1;
        var job = new MatMulJob<TTile, V, T, TWide, TResult>
        {
            A = View<T>(a, p.AtA), B = View<T>(b, p.AtB), C = View<TResult>(c, p.AtC), StepA = p.StepA, StepB = p.StepB, StepC = p.StepC,
            ARow = p.ARow, ACol = p.ACol, BRow = p.BRow, BCol = p.BCol, CRow = p.CRow, M = p.M, N = p.N, K = p.K,
            TilesM = tilesM, TilesN = tilesN, Accumulate = p.Accumulate ? 1 : 0,
        };
        GroupLauncher<MatMulJob<TTile, V, T, TWide, TResult>>.Run(this, job, (long)tilesM * tilesN * p.Count, TTile.Rows * TTile.Columns);
    }
}
