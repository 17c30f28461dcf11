namespace DeepNet.Devices.Cpu;

/// <summary>The strides between the matrices of a batch; a stride of 0 uses one matrix for the whole batch.</summary>
internal readonly record struct Batch(int Count, nint A, nint B, nint C)
{
    /// <summary>A single product.</summary>
    public static Batch One => new(1, 0, 0, 0);
}

/// <summary>Chooses the algorithm for one product or a batch of them, for one vector width.</summary>
internal static unsafe class Product<TLanes, TVector, T>
    where TLanes : ILanes<TVector, T>
    where TVector : unmanaged
    where T : unmanaged, INumberBase<T>
{
    /// <summary>Multiply-adds for which it does not matter that a product is not shared among threads.</summary>
    private const long Grain = 1 << 17;

    public static void Run(in Problem<T> problem, in Batch batch)
    {
        if (batch.Count <= 0 || problem.M <= 0 || problem.N <= 0)
            return;
        if (batch.Count == 1)
            Run(problem);
        else
            RunBatch(problem, batch);
    }

    private static void RunBatch(in Problem<T> problem, in Batch batch)
    {
        Problem<T> one = problem;
        if (TryStack(ref one, batch))
            Run(one);
        else
            RunEach(problem, batch);
    }

    /// <summary>A batch that shares B and whose rows follow each other is one tall product.</summary>
    private static bool TryStack(ref Problem<T> p, in Batch batch)
    {
        bool stacks = batch.B == 0 && (p.M == 1 || (batch.A == p.M * p.ARow && batch.C == p.M * p.CRow));
        if (!stacks || (long)p.M * batch.Count > int.MaxValue)
            return false;
        if (p.M == 1)
            (p.ARow, p.CRow) = (batch.A, batch.C);
        p.M *= batch.Count;
        return true;
    }

    private static void RunEach(in Problem<T> problem, in Batch batch)
    {
        var body = new Body { Problem = problem, Batch = batch };
        // Large products share the threads one after the other, small ones are dealt out whole.
        bool large = problem.Work >= 16 * Grain && batch.Count < 4 * WorkerPool.Threads;
        if (large)
            body.Run(0, batch.Count);
        else
            WorkerPool.For(batch.Count, (nint)Math.Min(batch.Count, Grain / Math.Max(problem.Work, 1) + 1), ref body);
    }

    private struct Body : IParallelBody
    {
        public Problem<T> Problem;
        public Batch Batch;

        public readonly void Run(nint from, nint to)
        {
            Problem<T> one = Problem;
            for (nint i = from; i < to; i++)
            {
                one.A = Problem.A + i * Batch.A;
                one.B = Problem.B + i * Batch.B;
                one.C = Problem.C + i * Batch.C;
                Product<TLanes, TVector, T>.Run(one);
            }
        }
    }

    private static void Run(in Problem<T> problem)
    {
        if (problem.K > 0 && problem.M > 1 && problem.N > 1)
        {
            BlockedGemm<TLanes, TVector, T>.Run(problem);
            return;
        }
        RunWithVector(problem);
        problem.Map.Apply(problem.C, problem.CRow, problem.M, problem.N);
    }

    /// <summary>The result is few numbers: where the product does not add the bias, it is there before.</summary>
    private static void RunWithVector(Problem<T> problem)
    {
        problem.Map = default;
        if (problem.Bias != null && (problem.K <= 0 || !Gemv<TLanes, TVector, T>.AddsBias(problem)))
        {
            for (int i = 0; i < problem.M; i++)
                new Span<T>(problem.Bias, problem.N).CopyTo(new Span<T>(problem.C + i * problem.CRow, problem.N));
            problem.Accumulate = true;
            problem.Bias = null;
        }
        if (problem.K <= 0)
            Clear(problem);
        else if (!Gemv<TLanes, TVector, T>.TryRun(problem))
            BlockedGemm<TLanes, TVector, T>.Run(problem);
    }

    private static void Clear(in Problem<T> problem)
    {
        for (int i = 0; i < problem.M && !problem.Accumulate; i++)
            new Span<T>(problem.C + i * problem.CRow, problem.N).Clear();
    }
}
