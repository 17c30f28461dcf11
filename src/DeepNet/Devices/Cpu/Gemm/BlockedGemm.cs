namespace DeepNet.Devices.Cpu;

/// <summary>
/// Cuts a product into blocks that fit the caches and blocks into register tiles; packs an operand where that pays.
/// </summary>
/// <remarks>
/// Three levels: k is cut into depths of <see cref="Depth"/>, so that a panel of B (one tile wide) stays in the first-level
/// cache (the second-level one with 512-bit vectors); m into groups of <see cref="GroupRows"/> rows, so that a group of A stays in the
/// second; m and n into spans that bound the packed copies. Depths are the same on every machine and never depend on the number of threads,
/// and they alone decide how sums are rounded.
/// </remarks>
internal static unsafe class BlockedGemm<TLanes, TVector, T>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, INumberBase<T>
{
    private const int Depth = 512;
    private const int GroupRows = 96;
    private const int Span = 2048;

    /// <summary>Bytes of A that stay in the second-level cache while panels of B come and go.</summary>
    private const int NearBytes = 256 << 10;

    /// <summary>Panels of C after which a formula is applied to them.</summary>
    private const int NearPanels = 4;

    /// <summary>Elements of a transposed product that stay near until they are transposed back.</summary>
    private const int MostTurned = 1 << 18;

    /// <summary>Multiply-adds that are worth a second thread.</summary>
    private const long ParallelWork = 1 << 19;

    /// <summary>Elements to pack that are worth a second thread.</summary>
    private const int ParallelPacking = 1 << 15;

    private static int PanelWidth => 2 * TLanes.Count;

    public static void Run(in Problem<T> whole)
    {
        if (PaysToTurn(whole)) RunTurned(whole);
        else Run(whole, default);
    }

    /// <summary>
    /// Few rows times a matrix whose columns are contiguous, as of the weight of a linear layer. The transposed product reads that matrix
    /// as it lies and packs the few rows instead, on one thread; transposing the result costs less, the longer the sums are.
    /// </summary>
    private static bool PaysToTurn(in Problem<T> p)
    {
        int side = TransposeTile.Side(sizeof(T));
        return p.BRow == 1 && p.BCol != 1 && !p.Accumulate && side > 0 && p.M % Math.Max(side, TLanes.Count) == 0
            && (long)p.M * p.N <= MostTurned && p.M * ((long)p.K * Threads(p) + p.N) <= (long)p.N * p.K / 8 * 5;
    }

    /// <summary>Cᵀ = Bᵀ·Aᵀ, in blocks that are transposed into C while they are in the cache.</summary>
    private static void RunTurned(in Problem<T> p)
    {
        T* sums = (T*)Scratch.GetResult((nint)p.M * p.N * sizeof(T));
        if (p.Bias != null)
            for (int j = 0; j < p.N; j++) new Span<T>(sums + (nint)j * p.M, p.M).Fill(p.Bias[j]);
        var turned = new Problem<T>
        {
            A = p.B, ARow = p.BCol, ACol = p.BRow, B = p.A, BRow = p.ACol, BCol = p.ARow, C = sums, CRow = p.M, M = p.N, N = p.M, K = p.K,
            Accumulate = p.Bias != null, Map = p.Map,
        };
        Run(turned, new Target { C = p.C, CRow = p.CRow });
    }

    private static int Threads(in Problem<T> p) => p.Work >= ParallelWork ? WorkerPool.Threads : 1;

    private static void Run(in Problem<T> whole, Target target)
    {
        bool parallel = Threads(whole) > 1;
        bool packA = PaysToPackA(whole), packB = PaysToPackB(whole);
        int rows = Even(whole.M, TLanes.TileRows), columns = Even(whole.N, PanelWidth);
        for (int j = 0; j < whole.N; j += columns)
        {
            for (int p = 0; p < whole.K; p += Depth)
            {
                for (int i = 0; i < whole.M; i += rows)
                {
                    int m = Math.Min(rows, whole.M - i), n = Math.Min(columns, whole.N - j), k = Math.Min(Depth, whole.K - p);
                    var pass = new Pass { Problem = whole.Part(i, m, j, n, p, k), Target = target.Part(i, j, isLast: p + k == whole.K) };
                    RunPass(ref pass, packA, packB, parallel);
                }
            }
        }
    }

    /// <summary>The size of spans that are about equal, no longer than <see cref="Span"/> and multiples of a tile's side.</summary>
    private static int Even(int size, int side)
    {
        int spans = (size - 1) / Span + 1;
        return ((size - 1) / spans / side + 1) * side;
    }

    /// <summary>
    /// A copy of A costs as much as a dozen columns of C. Contiguous rows can be read as they are for long; the columns of a
    /// transposed A soon gain by it, the sooner if they all fall in the same cache sets.
    /// </summary>
    private static bool PaysToPackA(in Problem<T> p) => p.N >= (p.ACol == 1 ? 512 : IsBadStride(p.ACol) ? 64 : 128) && p.M > 1;

    /// <summary>The tile needs contiguous rows of B, and a row at least as long as the tile is wide.</summary>
    private static bool PaysToPackB(in Problem<T> p)
        => p.BCol != 1 || (p.N < PanelWidth && p.N != TLanes.Count) || p.M >= (IsBadStride(p.BRow) ? 4 * TLanes.TileRows : 160);

    private static bool IsBadStride(nint stride) => stride * sizeof(T) % 2048 == 0;

    private static void RunPass(ref Pass pass, bool packA, bool packB, bool parallel)
    {
        ref Problem<T> problem = ref pass.Problem;
        pass.Panels = (problem.N - 1) / PanelWidth + 1;
        pass.Tiles = (problem.M - 1) / TLanes.TileRows + 1;

        // Where A is near, a task takes all rows and packs each panel just before it reads it: it stays in the cache, and nobody waits.
        pass.PacksPanels = packB && (nint)problem.M * problem.K * sizeof(T) <= NearBytes
            && (!parallel || pass.Panels >= 2 * WorkerPool.Threads);
        nint sizeA = packA ? (nint)problem.M * problem.K : 0;
        nint sizeB = packB && !pass.PacksPanels ? (nint)pass.Panels * PanelWidth * problem.K : 0;
        if (sizeA + sizeB > 0)
        {
            T* scratch = (T*)Scratch.Get((sizeA + sizeB) * sizeof(T));
            pass.PackedB = sizeB > 0 ? scratch : null;
            pass.PackedA = packA ? scratch + sizeB : null;
            Pack(ref pass, parallel && sizeA + sizeB >= ParallelPacking);
        }

        pass.TilesPerTask = pass.PacksPanels ? pass.Tiles : Math.Min(pass.Tiles, GroupRows / TLanes.TileRows);
        int groups = (pass.Tiles - 1) / pass.TilesPerTask + 1;
        if (!parallel)
        {
            pass.PanelsPerTask = pass.PacksPanels ? Math.Min(pass.Panels, NearPanels) : pass.Panels;
            int tasks = groups * ((pass.Panels - 1) / pass.PanelsPerTask + 1);
            for (int task = 0; task < tasks; task++)
                pass.Compute(task);
            return;
        }

        // Some eight tasks a thread even out what other processes take from it. Where there are few panels, the groups of rows are smaller.
        int wanted = 8 * WorkerPool.Threads;
        pass.PanelsPerTask = (pass.Panels - 1) / Math.Max(1, wanted / groups) + 1;
        int runs = (pass.Panels - 1) / pass.PanelsPerTask + 1;
        if (!pass.PacksPanels && groups * runs < wanted / 2)
        {
            pass.TilesPerTask = Math.Max(1, pass.Tiles * runs / wanted);
            groups = (pass.Tiles - 1) / pass.TilesPerTask + 1;
        }
        fixed (Pass* pinned = &pass)
        {
            var body = new ComputeBody(pinned);
            WorkerPool.ForEach((nint)groups * runs, ref body);
        }
    }

    private static void Pack(ref Pass pass, bool parallel)
    {
        int count = (pass.PackedA is null ? 0 : pass.Tiles) + (pass.PackedB is null ? 0 : pass.Panels);
        fixed (Pass* pinned = &pass)
        {
            var body = new PackBody(pinned);
            if (parallel)
                WorkerPool.For(count, 8, ref body);
            else
                body.Run(0, count);
        }
    }

    private readonly struct PackBody(Pass* pass) : IParallelBody
    {
        public void Run(nint from, nint to)
        {
            int panels = pass->PackedB is null ? 0 : pass->Panels, first = (int)from;
            if (from < panels)
                pass->PackPanels(first, (int)Math.Min(to, panels), pass->PackedB + (nint)first * PanelWidth * pass->Problem.K);
            if (to > panels) pass->PackTiles((int)Math.Max(from, panels) - panels, (int)to - panels);
        }
    }

    private readonly struct ComputeBody(Pass* pass) : IParallelBody
    {
        public void Run(nint from, nint to)
        {
            for (int task = (int)from; task < to; task++)
                pass->Compute(task);
        }
    }

    /// <summary>Where a transposed product goes at last; by default nowhere.</summary>
    private struct Target
    {
        public T* C;
        public nint CRow;

        /// <summary>The target of the part from row i and column j of the transposed product; only the last depth has one.</summary>
        public readonly Target Part(int i, int j, bool isLast) => C == null || !isLast ? default : this with { C = C + j * CRow + i };

        /// <summary>Writes a block of the transposed product, as many columns as squares of <see cref="TransposeTile"/> have.</summary>
        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Write(T* block, nint blockRow, int rows, int columns, T* to)
        {
            int side = TransposeTile.Side(sizeof(T)), whole = rows / side * side;
            for (int j = 0; j < columns; j += side)
            {
                for (int i = 0; i < whole; i += side) TransposeTile.Run(block + i * blockRow + j, blockRow, to + j * CRow + i, CRow);
                for (int i = whole; i < rows; i++)
                    for (int column = j; column < j + side; column++) to[column * CRow + i] = block[i * blockRow + column];
            }
        }
    }

    /// <summary>One block of the product, what has been packed of it, and how it is cut into tasks.</summary>
    private struct Pass
    {
        public Problem<T> Problem;
        public Target Target;
        public T* PackedA, PackedB;

        /// <summary>Register tiles over m (of equal height, or one row less) and panels over n.</summary>
        public int Tiles, Panels;

        public int TilesPerTask, PanelsPerTask;

        /// <summary>True if a task packs the panels of B that it reads.</summary>
        public bool PacksPanels;

        /// <summary>m / Tiles rows a tile, and one more in the first few: a short last tile would leave the FMA units idle.</summary>
        private readonly int FirstRow(int tile) => tile * (Problem.M / Tiles) + Math.Min(tile, Problem.M % Tiles);

        public readonly void PackTiles(int from, int to)
        {
            // The first few tiles are one row higher than the rest.
            int high = Math.Clamp(Problem.M % Tiles, from, to);
            PackTiles(from, high, Problem.M / Tiles + 1);
            PackTiles(high, to, Problem.M / Tiles);
        }

        private readonly void PackTiles(int from, int to, int rows)
        {
            int row = FirstRow(from), k = Problem.K;
            Packing.Panels(Problem.A + row * Problem.ARow, Problem.ARow, Problem.ACol, rows, to - from, k, PackedA + (nint)row * k);
        }

        public readonly void PackPanels(int from, int to, T* target)
        {
            int column = from * PanelWidth, whole = Math.Min(to, Problem.N / PanelWidth), k = Problem.K;
            Packing.Panels(Problem.B + column * Problem.BCol, Problem.BCol, Problem.BRow, PanelWidth, whole - from, k, target);
            if (whole == to) return;
            target += (nint)(whole - from) * PanelWidth * k;
            column = whole * PanelWidth;
            int columns = Problem.N - column;
            Packing.Panel(Problem.B + column * Problem.BCol, Problem.BCol, Problem.BRow, columns, k, target, Width(columns));
        }

        private static int Width(int columns) => columns > TLanes.Count ? PanelWidth : TLanes.Count;

        /// <summary>A task is a group of tiles by a run of panels; tasks of one run are neighbours, so they share its panels.</summary>
        public readonly void Compute(int task)
        {
            int groups = (Tiles - 1) / TilesPerTask + 1;
            int firstTile = task % groups * TilesPerTask, endTile = Math.Min(firstTile + TilesPerTask, Tiles);
            int firstPanel = task / groups * PanelsPerTask, endPanel = Math.Min(firstPanel + PanelsPerTask, Panels);
            T* own = PacksPanels ? (T*)Scratch.GetPart((nint)PanelWidth * Problem.K * sizeof(T)) : null;
            for (int panel = firstPanel; panel < endPanel; panel++)
            {
                if (own != null) PackPanels(panel, panel + 1, own);
                T* packed = PackedB != null ? PackedB + (nint)panel * PanelWidth * Problem.K : own;
                ComputePanel(panel, packed, firstTile, endTile);
            }
            int row = FirstRow(firstTile), rows = FirstRow(endTile) - row;
            int column = firstPanel * PanelWidth, columns = Math.Min(endPanel * PanelWidth, Problem.N) - column;
            T* block = Problem.C + row * Problem.CRow + column;
            if (!Problem.Map.IsRelu) Problem.Map.Apply(block, Problem.CRow, rows, columns);
            if (Target.C != null) Target.Write(block, Problem.CRow, rows, columns, Target.C + column * Target.CRow + row);
        }

        /// <param name="panel">Which of the panels.</param>
        /// <param name="packed">Its copy; null if B is read as it lies.</param>
        /// <param name="firstTile">The first of some tiles, one below the other.</param>
        /// <param name="endTile">The end of them.</param>
        private readonly void ComputePanel(int panel, T* packed, int firstTile, int endTile)
        {
            int k = Problem.K, column = panel * PanelWidth, columns = Math.Min(PanelWidth, Problem.N - column), width = Width(columns);
            bool whole = columns == width;

            // The last panel of an unpacked B is moved left to end with the matrix; what it repeats is thrown away.
            int repeated = packed is null ? width - columns : 0;
            T* b = packed is null ? Problem.B + column - repeated : packed;
            nint bRow = packed is null ? Problem.BRow : width;

            int high = Problem.M / Tiles + 1, highTiles = Problem.M % Tiles;
            var highKernel = Kernel(highTiles > 0 ? high : high - 1, width);
            var kernel = Kernel(high - 1, width);

            var operands = new TileOperands<T>
            {
                ARow = PackedA is null ? Problem.ARow
                    : 1, B = b, BRow = bRow, BNext = TLanes.Count, CRow = Problem.CRow, K = k, Accumulate = Problem.Accumulate,
                Bias = Problem.Bias == null ? null : Problem.Bias + column, Rectify = Problem.Map.IsRelu,
            };
            for (int tile = firstTile; tile < endTile; tile++)
            {
                int row = FirstRow(tile), rows = tile < highTiles ? high : high - 1;
                operands.A = PackedA is null ? Problem.A + row * Problem.ARow : PackedA + (nint)row * k;
                operands.ACol = PackedA is null ? Problem.ACol : rows;
                operands.C = Problem.C + row * Problem.CRow + column;
                var run = tile < highTiles ? highKernel : kernel;
                if (whole)
                    run(&operands);
                else
                    RunPartial(run, operands, rows, columns, repeated);
            }
        }

        private readonly delegate*<TileOperands<T>*, void> Kernel(int rows, int width)
            => TileKernels<TLanes, TVector, T>.Select(
            rows, width > TLanes.Count, PackedA is null ? Problem.ARow : 1, PackedA is null ? Problem.ACol : rows);

        /// <summary>A tile that is wider than what is left of C goes through a buffer.</summary>
        [SkipLocalsInit]
        private readonly void RunPartial(
            delegate*<TileOperands<T>*, void> run, TileOperands<T> operands, int rows, int columns, int repeated)
        {
            // A vector more: what is read of the last row may begin behind what is repeated.
            T* tile = stackalloc T[TLanes.TileRows * PanelWidth + PanelWidth], c = operands.C;
            operands.C = tile;
            operands.CRow = PanelWidth;
            T* bias = operands.Bias;
            (operands.Accumulate, operands.Rectify) = (false, false);
            operands.Bias = null;
            run(&operands);
            tile += repeated;
            for (; rows > 0; rows--, tile += PanelWidth, c += Problem.CRow)
            {
                for (int j = 0; j < columns; j += TLanes.Count)
                {
                    int n = Math.Min(TLanes.Count, columns - j);
                    var sum = TLanes.Load(tile + j);
                    if (Problem.Accumulate) sum = TLanes.Add(TLanes.LoadPart(c + j, n), sum);
                    if (bias != null) sum = TLanes.Add(TLanes.LoadPart(bias + j, n), sum);
                    TLanes.StorePart(sum, c + j, n);
                }
                if (Problem.Map.IsRelu) Problem.Map.Apply(c, 0, 1, columns);
            }
        }
    }
}
