using System.Numerics;
using System.Runtime.Intrinsics;
using DeepNet.Devices.Cpu;

namespace DeepNet;

// Kernels that see a whole row at a time.
public sealed unsafe partial class CpuDevice
{
    internal override void Softmax(Tensor x, Tensor y, bool isLog)
    {
        if (isLog) Rows(new LogSoftmaxRow(), x, x, y, x.Shape[^1]);
        else Rows(new SoftmaxRow(), x, x, y, x.Shape[^1]);
    }

    internal override void SoftmaxBackward(Tensor y, Tensor g, Tensor dx, bool isLog)
    {
        if (isLog) Rows(new LogSoftmaxBackwardRow(), y, g, dx, y.Shape[^1]);
        else Rows(new SoftmaxBackwardRow(), y, g, dx, y.Shape[^1]);
    }

    internal override void LogSumExp(Tensor x, nint n, Tensor y) => Rows(new LogSumExpRow(), x, x, y, n);

    internal override void Variance(Tensor x, nint n, double divisor, Tensor y) => Rows(new VarianceRow(divisor), x, x, y, n);

    private static void Rows<TKernel>(TKernel kernel, Tensor x, Tensor g, Tensor y, nint n) where TKernel : unmanaged, IRowKernel
    {
        if (y.Count == 0) return;
        if (x.DType == DType.Float32)
        {
            if (Vector512.IsHardwareAccelerated) Rows<TKernel, W512, float>(kernel, x, g, y, n);
            else if (Vector256.IsHardwareAccelerated) Rows<TKernel, W256, float>(kernel, x, g, y, n);
            else Rows<TKernel, W128, float>(kernel, x, g, y, n);
        }
        else if (Vector256.IsHardwareAccelerated) Rows<TKernel, D256, double>(kernel, x, g, y, n);
        else Rows<TKernel, F64, double>(kernel, x, g, y, n);
    }

    private static void Rows<TKernel, V, T>(TKernel kernel, Tensor x, Tensor g, Tensor y, nint n)
        where TKernel : unmanaged, IRowKernel where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        nint rows = x.Count / n;
        var body = new RowsBody<TKernel, V, T> { Kernel = kernel, X = x.Pointer<T>(), G = g.Pointer<T>(), Y = y.Pointer<T>(), N = n, Step = y.Count == x.Count ? n : 1 };
        // Rows with exponentials are dear, so fewer elements than elsewhere are worth a thread.
        WorkerPool.For(rows, Math.Max(1, Grain / 4 / n), ref body);
        GC.KeepAlive(x);
        GC.KeepAlive(g);
        GC.KeepAlive(y);
    }

    private struct RowsBody<TKernel, V, T> : IParallelBody
        where TKernel : unmanaged, IRowKernel where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public TKernel Kernel;
        public T* X, G, Y;
        public nint N, Step;

        [MethodImpl(AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            for (nint row = from; row < to; row++)
                Kernel.Run<V, T>(X + row * N, G + row * N, Y + row * Step, N);
        }
    }
}
