namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    /// <summary>The device's multiprocessors: what a product's tiles should fill.</summary>
    public int Processors { get; set; }

    /// <summary>A product by the library's own kernels.</summary>
    private void Tiled<V, T>(Tensor a, Tensor b, Tensor c, in Product p) where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        _ = Accelerator;
        if (GroupSize < LargeTileJob<V, T>.Threads)
        {
            if (GroupSize >= SquareTile.Threads) Small<SquareTile, V, T>(a, b, c, p);
            else Small<PairTile, V, T>(a, b, c, p);
            return;
        }
        int size = Unsafe.SizeOf<T>();
        var plan = TilePlan.Of(p.M, p.N, p.K, p.Count, size, Processors);
        var at = new ProductPlace
        {
            StepA = p.StepA, StepB = p.StepB, ARow = p.ARow, ACol = p.ACol, BRow = p.BRow, BCol = p.BCol,
            M = p.M, N = p.N, K = p.K, TilesM = plan.TilesM, TilesN = plan.TilesN, Count = p.Count, Each = plan.Each,
            IsWideA = IsWide(p.AtA, p.ACol == 1 ? p.ARow : p.ARow == 1 ? p.ACol : 1, p.StepA, size),
            IsWideB = IsWide(p.AtB, p.BCol == 1 ? p.BRow : p.BRow == 1 ? p.BCol : 1, p.StepB, size),
        };
        if (plan.Splits == 1)
        {
            Launch<V, T>(plan, at with
            {
                StepC = p.StepC, CRow = p.CRow, Accumulate = p.Accumulate ? 1 : 0, IsWideC = IsWide(p.AtC, p.CRow, p.StepC, size),
            }, View<T>(a, p.AtA), View<T>(b, p.AtB), View<T>(c, p.AtC), p.Count);
            return;
        }
        long matrix = (long)p.M * p.N;
        var parts = Temporary(c.DType, plan.Splits, checked((int)(matrix * p.Count)));
        Launch<V, T>(plan, at with
        {
            StepC = (nint)matrix, CRow = p.N, StepSplit = matrix * p.Count, IsWideC = IsWide(0, p.N, (nint)matrix, size),
        }, View<T>(a, p.AtA), View<T>(b, p.AtB), View<T>(parts), (long)p.Count * plan.Splits);
        Run(new AddSplitsJob<V, T>
        {
            Parts = View<T>(parts), C = View<T>(c, p.AtC), M = p.M, N = p.N, StepC = p.StepC, CRow = p.CRow, StepSplit = matrix * p.Count, Splits = plan.Splits,
            Accumulate = p.Accumulate ? 1 : 0,
        }, matrix * p.Count);
        Done(parts);
    }

    private void Launch<V, T>(TilePlan plan, in ProductPlace at, ArrayView<T> a, ArrayView<T> b, ArrayView<T> c, long matrices)
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        long groups = matrices * plan.TilesM * plan.TilesN;
        if (plan.IsLarge)
            GroupLauncher<LargeTileJob<V, T>>.Run(this, new LargeTileJob<V, T> { A = a, B = b, C = c, At = at }, groups, LargeTileJob<V, T>.Threads);
        else
            GroupLauncher<MediumTileJob<V, T>>.Run(this, new MediumTileJob<V, T> { A = a, B = b, C = c, At = at }, groups, MediumTileJob<V, T>.Threads);
    }

    /// <summary>1 if every line of a matrix starts where four elements can be moved at once; a step of 1 stands for a matrix without lines.</summary>
    private static int IsWide(nint at, nint line, nint step, int size) => size <= 8 && ((at | line | step) & 3) == 0 ? 1 : 0;

    /// <summary>Devices whose groups are small: emulated ones.</summary>
    private void Small<TTile, V, T>(Tensor a, Tensor b, Tensor c, in Product p)
        where TTile : unmanaged, ITile where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        int tilesM = (p.M - 1) / (4 * TTile.Rows) + 1, tilesN = (p.N - 1) / (4 * TTile.Columns) + 1;
        var job = new MatMulJob<TTile, V, T>
        {
            A = View<T>(a, p.AtA), B = View<T>(b, p.AtB), C = View<T>(c, p.AtC), StepA = p.StepA, StepB = p.StepB, StepC = p.StepC,
            ARow = p.ARow, ACol = p.ACol, BRow = p.BRow, BCol = p.BCol, CRow = p.CRow, M = p.M, N = p.N, K = p.K,
            TilesM = tilesM, TilesN = tilesN, Accumulate = p.Accumulate ? 1 : 0,
        };
        GroupLauncher<MatMulJob<TTile, V, T>>.Run(this, job, (long)tilesM * tilesN * p.Count, TTile.Rows * TTile.Columns);
    }
}
