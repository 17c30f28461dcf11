namespace DeepNet.Devices.Cpu;

/// <summary>Turns the pairs of features of all heads, a step at a time.</summary>
internal unsafe struct RotateBody<V, T> : IParallelBody
    where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* X, Cos, Sin, Y;
    public nint BatchStride, StepStride, HeadStride, Steps, Heads, Half;
    public bool IsInterleaved;

    /// <summary>−1 to turn backwards, else 1.</summary>
    public T Sign;

    public readonly void Run(nint from, nint to)
    {
        for (nint i = from; i < to; i++)
        {
            nint batch = i / Steps, step = i % Steps;
            T* x = X + batch * BatchStride + step * StepStride, y = Y + i * Heads * 2 * Half;
            T* cos = Cos + step * Half, sin = Sin + step * Half;
            for (nint head = 0; head < Heads; head++, x += HeadStride, y += 2 * Half)
            {
                if (IsInterleaved) Neighbours(x, cos, sin, Sign, y, Half);
                else Halves(x, cos, sin, Sign, y, Half);
            }
        }
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Halves(T* x, T* cos, T* sin, T sign, T* y, nint n)
    {
        V direction = V.Broadcast(sign);
        nint i = 0;
        for (; i <= n - V.Lanes; i += V.Lanes)
        {
            V a = V.Load(x + i), b = V.Load(x + n + i), c = V.Load(cos + i), s = V.Load(sin + i) * direction;
            (a * c - b * s).Store(y + i);
            (b * c + a * s).Store(y + n + i);
        }
        for (; i < n; i++) Turn(x[i], x[n + i], cos[i], sin[i] * sign, y + i, y + n + i);
    }

    [MethodImpl(NoInlining | AggressiveOptimization)]
    private static void Neighbours(T* x, T* cos, T* sin, T sign, T* y, nint n)
    {
        for (nint i = 0; i < n; i++) Turn(x[2 * i], x[2 * i + 1], cos[i], sin[i] * sign, y + 2 * i, y + 2 * i + 1);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Turn(T a, T b, T cos, T sin, T* ya, T* yb) => (*ya, *yb) = (a * cos - b * sin, b * cos + a * sin);
}
