using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override void Pick(Tensor x, Tensor places, Tensor y, int axis)
    {
        if (y.Count == 0) return;
        switch (x.DType.Size())
        {
            case 1: Move<byte>(x, x, places, y, axis, isPlacing: false); break;
            case 4: Move<uint>(x, x, places, y, axis, isPlacing: false); break;
            default: Move<ulong>(x, x, places, y, axis, isPlacing: false); break;
        }
    }

    internal override void Place(Tensor g, Tensor places, Tensor y, int axis)
    {
        if (g.Count == 0) return;
        switch (g.DType.Size())
        {
            case 1: Move<byte>(y, g, places, y, axis, isPlacing: true); break;
            case 4: Move<uint>(y, g, places, y, axis, isPlacing: true); break;
            default: Move<ulong>(y, g, places, y, axis, isPlacing: true); break;
        }
    }

    private static void Move<T>(Tensor whole, Tensor x, Tensor places, Tensor y, int axis, bool isPlacing) where T : unmanaged
    {
        var split = new AxisSplit(places.Shape, axis);
        var body = new MoveBody<T> { X = x.Pointer<T>(), Places = places.Pointer<long>(), Y = y.Pointer<T>(), Split = split, Length = whole.Shape[axis], IsPlacing = isPlacing };
        WorkerPool.For(split.Outer, Math.Max(1, Grain / 4 / (split.Length * split.Inner)), ref body);
        GC.KeepAlive(x);
        GC.KeepAlive(places);
        GC.KeepAlive(y);
    }

    private struct MoveBody<T> : IParallelBody where T : unmanaged
    {
        public T* X, Y;
        public long* Places;
        public AxisSplit Split;
        public nint Length;
        public bool IsPlacing;

        [MethodImpl(AggressiveOptimization)]
        public readonly void Run(nint from, nint to)
        {
            for (nint outer = from; outer < to; outer++)
                for (nint i = 0; i < Split.Length; i++)
                    for (nint k = 0; k < Split.Inner; k++)
                    {
                        nint small = (outer * Split.Length + i) * Split.Inner + k;
                        nint large = (outer * Length + (nint)Places[small]) * Split.Inner + k;
                        if (IsPlacing) Y[large] = X[small];
                        else Y[small] = X[large];
                    }
        }
    }
}
