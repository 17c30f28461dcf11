using System.Numerics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    internal override void MaxPool(PoolGrid grid, Tensor x, Tensor y, Tensor? places)
    {
        if (y.DType.IsHalf())
        {
            Tensor wide = Widened(x), result = ToRound(y);
            MaxPool(grid, wide, result, places);
            EndWidened(wide, x);
            Round(result, y);
        }
        else if (y.DType == DType.Float32) RunPool(PoolLoops<float>.Kind.Max, grid, x, y, places);
        else RunPool(PoolLoops<double>.Kind.Max, grid, x, y, places);
    }

    internal override void AveragePool(PoolGrid grid, Tensor x, Tensor y)
    {
        if (y.DType == DType.Float32) RunPool(PoolLoops<float>.Kind.Average, grid, x, y, null);
        else RunPool(PoolLoops<double>.Kind.Average, grid, x, y, null);
    }

    internal override void AveragePoolAdjoint(PoolGrid grid, Tensor x, Tensor y)
    {
        if (y.DType == DType.Float32) RunPool(PoolLoops<float>.Kind.AverageAdjoint, grid, x, y, null);
        else RunPool(PoolLoops<double>.Kind.AverageAdjoint, grid, x, y, null);
    }

    internal override void PoolGather(Tensor x, Tensor places, Tensor y)
    {
        if (y.DType.IsHalf())
        {
            Tensor wide = Widened(x), result = ToRound(y);
            PoolGather(wide, places, result);
            EndWidened(wide, x);
            Round(result, y);
        }
        else if (y.DType == DType.Float32) RunPool(PoolLoops<float>.Kind.Gather, null, x, y, places);
        else RunPool(PoolLoops<double>.Kind.Gather, null, x, y, places);
    }

    internal override void PoolScatter(PoolGrid grid, Tensor x, Tensor places, Tensor y)
    {
        if (y.DType.IsHalf())
        {
            Tensor wide = Widened(x), result = ToRound(y);
            PoolScatter(grid, wide, places, result);
            EndWidened(wide, x);
            Round(result, y);
        }
        else if (y.DType == DType.Float32) RunPool(PoolLoops<float>.Kind.Scatter, null, x, y, places);
        else RunPool(PoolLoops<double>.Kind.Scatter, null, x, y, places);
    }

    private static void RunPool<T>(PoolLoops<T>.Kind what, PoolGrid? grid, Tensor x, Tensor y, Tensor? places) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (y.Count == 0) return;
        var dense = x.Contiguous();
        var body = new PoolLoops<T>
        {
            What = what, X = dense.Pointer<T>(), Y = y.Pointer<T>(), Places = places is null ? null : places.Pointer<int>(),
            XPlane = (nint)x.Shape[^2] * x.Shape[^1], YPlane = (nint)y.Shape[^2] * y.Shape[^1],
        };
        nint planes = y.Count / body.YPlane, grain = Grain / Math.Max(1, Math.Max(body.XPlane, body.YPlane)) + 1;
        if (grid is null)
        {
            WorkerPool.For(planes, grain, ref body);
        }
        else
        {
            PoolAxis rows = grid.Rows, columns = grid.Columns;
            fixed (int* rowFrom = rows.From, rowEnd = rows.End, rowExtent = rows.Extent)
            fixed (int* columnFrom = columns.From, columnEnd = columns.End, columnExtent = columns.Extent)
            {
                body.Rows = new PoolLine { Input = rows.Input, Output = rows.Output, Step = rows.Step, From = rowFrom, End = rowEnd, Extent = rowExtent };
                body.Columns = new PoolLine { Input = columns.Input, Output = columns.Output, Step = columns.Step, From = columnFrom, End = columnEnd, Extent = columnExtent };
                WorkerPool.For(planes, grain, ref body);
            }
        }
        GC.KeepAlive(dense);
        GC.KeepAlive(y);
        GC.KeepAlive(places);
        GiveBack(dense, x);
    }
}
