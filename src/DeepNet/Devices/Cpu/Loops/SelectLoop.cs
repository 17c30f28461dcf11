namespace DeepNet.Devices.Cpu;

/// <summary>Chooses elements by a condition.</summary>
internal static unsafe class SelectLoop
{
    private const nint Grain = 1 << 15;

    public static void Run<T>(Tensor condition, Tensor a, Tensor b, Tensor y) where T : unmanaged
    {
        // A number on either side stays one number; everything else is made dense.
        bool aIsOne = IsRepeated(a), bIsOne = IsRepeated(b);
        Tensor c = condition.Detach().Contiguous(), denseA = aIsOne ? a : a.Detach().Contiguous(), denseB = bIsOne ? b
            : b.Detach().Contiguous();
        var body = new Body<T>
        {
            C = c.Pointer<byte>(), A = denseA.Pointer<T>(), B = denseB.Pointer<T>(), Y = y.Pointer<T>(), AStep = aIsOne ? 0
                : 1, BStep = bIsOne ? 0 : 1,
        };
        WorkerPool.For(y.Count, Grain, ref body);
        GC.KeepAlive(c);
        GC.KeepAlive(denseA);
        GC.KeepAlive(denseB);
        GC.KeepAlive(y);
    }

    private static bool IsRepeated(Tensor x)
    {
        foreach (nint stride in x.Strides)
            if (stride != 0) return false;
        return true;
    }

    private struct Body<T> : IParallelBody where T : unmanaged
    {
        public byte* C;
        public T* A, B, Y;
        public int AStep, BStep;

        [MethodImpl(NoInlining | AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            byte* c = C;
            T* a = A, b = B, y = Y;
            if (AStep == 1 && BStep == 1)
                for (nint i = from; i < to; i++) y[i] = c[i] != 0 ? a[i] : b[i];
            else
                for (nint i = from; i < to; i++) y[i] = c[i] != 0 ? a[i * AStep] : b[i * BStep];
        }
    }
}
