namespace DeepNet.Devices.Cpu;

/// <summary>
/// The backward pass, a head of keys at a time with the heads of queries that share it: the weights of each block are computed again,
/// and what it adds to the gradients is added in the order of the blocks.
/// </summary>
internal unsafe struct AttentionBackward<V, T> : IParallelBody
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Block = AttentionJob<V, T>.BlockKeys, Line = AttentionJob<V, T>.BlockLine, Queries = AttentionJob<V, T>.BlockQueries;

    public AttentionJob<V, T> Job;
    public HeadMatrices<T> Output, Gradient, Dq, Dk, Dv;
    public T* Sums;

    /// <summary>True to add to what the gradients hold, from the first block on.</summary>
    public bool Adds;

    public readonly void Run(nint from, nint to)
    {
        nint size = Queries * Line, line = Job.Line;
        T* weights = (T*)Scratch.GetOuter((2 * size + line * Job.ValueWidth + Job.Workspace) * sizeof(T)), gradients = weights + size;
        T* values = gradients + size;
        var pass = this;
        pass.Job.Prepare(values + line * Job.ValueWidth);
        for (nint keyHead = from; keyHead < to; keyHead++)
        {
            nint first = keyHead * Job.Group;
            pass.Job.TurnKeys(first);
            Packing.Panel(
                Job.Value.At(first, Job.Heads, Job.Group), Job.Value.Row, Job.Value.Column, Job.Keys, Job.ValueWidth, values, (int)line);
            // From the last queries on, which see all keys that are seen if there is no window: they write the gradients of keys, and the
            // others add.
            int last = (Job.Queries - 1) / Queries * Queries, end = Job.HasWindow ? 0 : Job.EndOfKeys(last, Job.Queries - last);
            if (!Adds)
            {
                Clear(Dk, first, end, Job.Keys, Job.Width);
                Clear(Dv, first, end, Job.Keys, Job.ValueWidth);
            }
            for (nint head = first; head < first + Job.Group; head++)
                for (int i = last; i >= 0; i -= Queries)
                    pass.RunBlocks(
                        head, i, Math.Min(Queries, Job.Queries - i), Adds || Job.HasWindow || head > first || i < last, values, weights,
                        gradients);
        }
    }

    private readonly void Clear(in HeadMatrices<T> to, nint head, int from, int rows, int columns)
    {
        T* start = to.At(head, Job.Heads, Job.Group);
        for (int row = from; row < rows && start != null; row++) new Span<T>(start + row * to.Row, columns).Clear();
    }

    private readonly void RunBlocks(nint head, int i, int m, bool adds, T* values, T* weights, T* gradients)
    {
        T* query = Job.Query.At(head, Job.Heads), key = Job.Key.At(head, Job.Heads, Job.Group), dq = Dq.At(head, Job.Heads),
            dk = Dk.At(head, Job.Heads, Job.Group), dv = Dv.At(head, Job.Heads, Job.Group);
        T* g = Gradient.At(head, Job.Heads) + i * Gradient.Row;
        int begin = Job.FirstKey(i), end = Job.EndOfKeys(i, m);
        for (int j = begin; j < end; j += Block)
        {
            int n = Math.Min(Block, end - j);
            Job.Scores(head, i, m, j, n, weights);
            Gemm.Run(g, Gradient.Row, 1, values + j, Job.Line, 1, gradients, Line, m, n, Job.ValueWidth, false);
            Gradients(head, i, m, j, n, weights, gradients);
            if (dv != null) Gemm.Run(weights, 1, Line, g, Gradient.Row, 1, dv + j * Dv.Row, Dv.Row, n, Job.ValueWidth, m, adds);
            if (dq != null) Gemm.Run(
                gradients, Line, 1, key + j * Job.Key.Row, Job.Key.Row, Job.Key.Column, dq + i * Dq.Row, Dq.Row, m, Job.Width, n,
                Adds || j > begin);
            if (dk != null) Gemm.Run(
                gradients, 1, Line, query + i * Job.Query.Row, Job.Query.Row, Job.Query.Column, dk + j * Dk.Row, Dk.Row, n, Job.Width, m,
                adds);
        }
    }

    // Scores become weights, and the gradients of the weights those of the scores: w · (g − Σ w·g), where the sum is that of y with its
    // gradient.
    private readonly void Gradients(nint head, int i, int m, int j, int n, T* weights, T* gradients)
    {
        T* y = Output.At(head, Job.Heads) + i * Output.Row, g = Gradient.At(head, Job.Heads) + i * Gradient.Row,
            sums = Sums + 2 * (head * Job.Queries + i);
        for (int row = 0; row < m; row++, weights += Line, gradients += Line, y += Output.Row, g += Gradient.Row, sums += 2)
        {
            int visible = Job.Visible(i + row, j, n);
            if (visible > 0)
            {
                T dot = RowLoop.Fold<DotFold, C2, V, T>(default, new() { X = y, G = g }, default, Job.ValueWidth).A;
                AttentionLoop.Gradients<V, T>(weights, gradients, sums[0], sums[1], dot, Job.Scale, visible);
            }
            new Span<T>(weights + visible, n - visible).Clear();
            new Span<T>(gradients + visible, n - visible).Clear();
        }
    }
}
