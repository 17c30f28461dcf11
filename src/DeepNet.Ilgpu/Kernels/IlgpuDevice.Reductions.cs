using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    // Elements that one thread combines one after the other. Fixed, so that the order of combination is a matter of shape and device alone.
    private const int RunLength = 64;

    internal override void Reduce<TMap, TRule>(TMap map, TRule rule, Tensor x, Tensor y)
    {
        if (x.Count == 0)
        {
            Fill(y, x.DType.IsFloating() ? TRule.Neutral<F64>().V : x.DType == DType.Bool ? TRule.Neutral<Whole<byte>>().V : TRule.Neutral<Whole<long>>().V);
            return;
        }
        switch (x.DType)
        {
            case DType.Float32: Reduce<TMap, TRule, GpuFloat, float>(map, x, y); break;
            case DType.Float64: Reduce<TMap, TRule, GpuDouble, double>(map, x, y); break;
            case DType.Int32: Reduce<TMap, TRule, GpuInt32, int>(map, x, y); break;
            case DType.Int64: Reduce<TMap, TRule, GpuInt64, long>(map, x, y); break;
            case DType.Bool: Reduce<TMap, TRule, GpuBool, byte>(map, x, y); break;
            default: throw Unsupported("reduce", x.DType);
        }
        GC.KeepAlive(x);
        GC.KeepAlive(y);
    }

    private void Reduce<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        var dense = x.Detach().Contiguous();
        ReduceDense<TMap, TRule, V, T>(map, dense, y, new ReducePlan(x.Shape, y.Shape));
        if (!ReferenceEquals(dense.Storage, x.Storage)) Done(dense);
    }

    // The innermost group of axes first, then what that gave, which is smaller by as much.
    private void ReduceDense<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y, ReducePlan plan)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        if (!plan.TryTakeLast(out nint outer, out nint length, out nint inner))
        {
            RunWide(new MapJob<TMap, V, T> { Op = map, X = View<T>(x), Y = View<T>(y) }, y.Count, IsAligned(x) && IsAligned(y));
        }
        else if (!plan.HasMore)
        {
            ReduceMiddle<TMap, TRule, V, T>(map, x, y, outer, length, inner);
        }
        else
        {
            var less = Temporary(y.DType, checked((int)(outer * inner)));
            ReduceMiddle<TMap, TRule, V, T>(map, x, less, outer, length, inner);
            ReduceDense<Identity, TRule, V, T>(default, less, y, plan);
            Done(less);
        }
    }

    private void ReduceMiddle<TMap, TRule, V, T>(TMap map, Tensor x, Tensor y, nint outer, nint length, nint inner)
        where TMap : unmanaged, IUnaryOp<TMap> where TRule : unmanaged, IReduceOp<TRule> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        _ = Accelerator;
        nint block = inner == 1 ? RunLength * GroupSize : RunLength, blocks = (length - 1) / block + 1;
        var target = blocks == 1 ? y : Temporary(y.DType, checked((int)(outer * blocks * inner)));
        if (inner == 1)
            RunRows(new ReduceRowsJob<TMap, TRule, V, T>
            {
                Map = map, X = View<T>(x), Y = View<T>(target), Length = length, Block = block, Blocks = blocks,
                IsWide = (length & 3) == 0 && IsAligned(x) && Kind != DeviceKind.OpenCL && Unsafe.SizeOf<T>() >= 4 ? 1 : 0,
            }, outer * blocks, Math.Min(length, block));
        else
            Run(new ReduceColumnsJob<TMap, TRule, V, T> { Map = map, X = View<T>(x), Y = View<T>(target), Length = length, Inner = inner, Block = block, Blocks = blocks }, outer * blocks * inner);
        if (blocks == 1) return;
        ReduceMiddle<Identity, TRule, V, T>(default, target, y, outer, blocks, inner);
        Done(target);
    }
}
