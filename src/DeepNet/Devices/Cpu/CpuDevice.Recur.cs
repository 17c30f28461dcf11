using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void Recur(Tensor? a, Tensor? b, Tensor y, int axis, double initial, bool isReverse)
    {
        if (y.Count == 0) return;
        switch (y.DType)
        {
            case DType.Float32: Recur<float, double>(a, b, y, axis, initial, isReverse); break;
            case DType.Float64: Recur<double, double>(a, b, y, axis, initial, isReverse); break;
            case DType.Int64: Recur<long, long>(a, b, y, axis, (long)initial, isReverse); break;
            default: throw Unsupported("recurrence", y.DType);
        }
    }

    private static void Recur<T, TState>(Tensor? a, Tensor? b, Tensor y, int axis, TState initial, bool isReverse)
        where T : unmanaged, IBinaryNumber<T> where TState : unmanaged, IBinaryNumber<TState>
    {
        var split = AlongAxis.Of(y.Shape, axis);
        var body = new RecurBody<T, TState>
        {
            A = Address<T>(a), B = Address<T>(b), Y = y.Pointer<T>(),
            Split = split, Strips = (split.Inner - 1) / RecurLoop.Strip + 1, Initial = initial, IsReverse = isReverse,
        };
        nint each = split.Length * Math.Min(split.Inner, RecurLoop.Strip);
        WorkerPool.For(split.Outer * body.Strips, Math.Max(1, Grain / 4 / each), ref body, a, b, y);
    }

    private struct RecurBody<T, TState> : IParallelBody
        where T : unmanaged, IBinaryNumber<T> where TState : unmanaged, IBinaryNumber<TState>
    {
        public T* A, B, Y;
        public AlongAxis Split;
        public nint Strips;
        public TState Initial;
        public bool IsReverse;

        public readonly void Run(nint from, nint to)
        {
            for (nint i = from; i < to; i++)
            {
                nint column = i % Strips * RecurLoop.Strip, step = Split.Inner;
                nint at = i / Strips * Split.Length * Split.Inner + column;
                if (IsReverse)
                {
                    at += (Split.Length - 1) * step;
                    step = -step;
                }
                RecurLoop.Run(A == null ? null : A + at, B == null ? null : B + at, Y + at,
                    Split.Length, step, (int)Math.Min(RecurLoop.Strip, Split.Inner - column), Initial);
            }
        }
    }
}
