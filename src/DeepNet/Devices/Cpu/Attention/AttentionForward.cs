namespace DeepNet.Devices.Cpu;

/// <summary>
/// The forward pass, a head at a time. Softmax runs online: where a later block of keys holds a larger score, what has been summed
/// up is scaled down to it.
/// </summary>
internal unsafe struct AttentionForward<V, T> : IParallelBody
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public AttentionJob<V, T> Job;
    public HeadMatrices<T> Output;
    public T* Sums;

    public readonly void Run(nint from, nint to)
    {
        const int size = AttentionJob<V, T>.BlockQueries * AttentionJob<V, T>.BlockLine;
        T* scores = (T*)Scratch.GetOuter((size + Job.Workspace) * sizeof(T));
        var pass = this;
        pass.Job.Prepare(scores + size);
        for (nint head = from; head < to; head++)
        {
            if (head == from || head % Job.Group == 0) pass.Job.TurnKeys(head);
            for (int i = 0; i < Job.Queries; i += AttentionJob<V, T>.BlockQueries)
                pass.RunBlock(head, i, Math.Min(AttentionJob<V, T>.BlockQueries, Job.Queries - i), scores);
        }
    }

    private readonly void RunBlock(nint head, int i, int m, T* scores)
    {
        T* value = Job.Value.At(head, Job.Heads, Job.Group), sums = Sums + 2 * (head * Job.Queries + i);
        T* y = Output.At(head, Job.Heads) + i * Output.Row;
        int begin = Job.FirstKey(i), end = Job.EndOfKeys(i, m);
        for (int j = begin; j < end; j += AttentionJob<V, T>.BlockKeys)
        {
            int n = Math.Min(AttentionJob<V, T>.BlockKeys, end - j);
            Job.Scores(head, i, m, j, n, scores);
            for (int row = 0; row < m; row++)
                Exponentiate(scores + row * AttentionJob<V, T>.BlockLine, Job.Visible(i + row, j, n), n, j == begin, sums + 2 * row,
                    y + row * Output.Row);
            Gemm.Run(
                scores, AttentionJob<V, T>.BlockLine, 1, value + j * Job.Value.Row, Job.Value.Row, Job.Value.Column, y, Output.Row, m,
                Job.ValueWidth, n, j > begin);
        }
        for (int row = 0; row < m; row++) Finish(sums + 2 * row, y + row * Output.Row);
    }

    private readonly void Finish(T* sums, T* y)
    {
        if (sums[1] == T.Zero)
        {
            // The query saw nothing. With sums of 0, the backward pass finds weights of 0, too.
            sums[0] = T.Zero;
            new Span<T>(y, Job.ValueWidth).Clear();
            return;
        }
        RowMath<V, T>.Scale(y, T.One / sums[1], y, Job.ValueWidth);
        sums[1] = T.Log(sums[1]);
    }

    // Scores become e^(s − max); sums holds the largest score and the sum of the row so far.
    private readonly void Exponentiate(T* scores, int visible, int n, bool isFirst, T* sums, T* y)
    {
        if (isFirst) (sums[0], sums[1]) = (T.NegativeInfinity, T.Zero);
        T max = visible == 0 ? sums[0] : T.Max(sums[0], RowLoop.Max<V, T>(scores, visible));
        if (max == T.NegativeInfinity)
        {
            // Everything is hidden, or not a number, which the largest element passes over.
            for (int i = 0; i < visible; i++)
                if (T.IsNaN(scores[i])) sums[1] = T.NaN;
            visible = 0;
        }
        else if (!isFirst && max > sums[0])
        {
            T less = T.Exp(sums[0] - max);
            sums[1] *= less;
            RowMath<V, T>.Scale(y, less, y, Job.ValueWidth);
        }
        sums[0] = max;
        if (visible > 0) sums[1] += AttentionLoop.Exponentiate<V, T>(scores, max, visible);
        new Span<T>(scores + visible, n - visible).Clear();
    }
}
