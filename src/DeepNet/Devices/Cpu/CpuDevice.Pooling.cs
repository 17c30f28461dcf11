using System.Numerics;
using DeepNet.Devices.Cpu;
using DeepNet.Ops;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void PoolImages(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places)
    {
        if (y.Count == 0) return;
        if (y.DType.IsHalf())
        {
            Tensor wide = Widened(x), result = ToRound(y);
            PoolImages(kind, grid, wide, result, places);
            EndWidened(wide, x);
            Round(result, y);
            return;
        }
        bool ofPixels = !y.IsContiguous || (x.IsChannelsLast && Tensor.IsEitherLayout(y.Shape));
        if (ofPixels && y.DType == DType.Float32) PoolOfPixels<float>(kind, grid, x, y, places);
        else if (ofPixels) PoolOfPixels<double>(kind, grid, x, y, places);
        else if (y.DType == DType.Float32) PoolOfPlanes<float>(kind, grid, x, y, places);
        else PoolOfPlanes<double>(kind, grid, x, y, places);
    }

    private static void PoolOfPlanes<T>(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Places are an input of the adjoint.
        if (places is { IsContiguous: false }) places = places.CopyDense();
        var dense = x.Contiguous();
        nint xPlane = (nint)x.Shape[^2] * x.Shape[^1], yPlane = (nint)y.Shape[^2] * y.Shape[^1];
        nint planes = y.Count / yPlane, elements = Math.Max(xPlane, yPlane);
        int* to = places is null ? null : places.Pointer<int>();
        if (kind == PoolKind.Max && typeof(T) == typeof(float) && MaxPoolPlanes.Takes(grid))
        {
            var rows = new MaxPoolPlanes
            {
                X = dense.Pointer<float>(), Y = y.Pointer<float>(), Places = to, XPlane = xPlane, YPlane = yPlane,
            };
            RunPlanes(ref rows, grid, planes, elements);
        }
        else
        {
            var body = new PoolLoops<T>
            {
                Kind = kind, X = dense.Pointer<T>(), Y = y.Pointer<T>(), Places = to, XPlane = xPlane, YPlane = yPlane,
            };
            RunPlanes(ref body, grid, planes, elements);
        }
        GC.KeepAlive(dense);
        GC.KeepAlive(y);
        GC.KeepAlive(places);
        GiveBack(dense, x);
    }

    private static void PoolOfPixels<T>(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var pixels = x.InChannelsLast();
        if (kind == PoolKind.MaxAdjoint) places = places!.InChannelsLast();
        var body = new PoolPixels<T>
        {
            Kind = kind, X = pixels.Pointer<T>(), Y = y.Pointer<T>(), Places = places is null ? null : places.Pointer<int>(),
            Channels = y.Shape[1], XPlane = (nint)x.Shape[^2] * x.Shape[^1], YPlane = (nint)y.Shape[^2] * y.Shape[^1],
        };
        RunPlanes(ref body, grid, y.Shape[0], Math.Max(body.XPlane, body.YPlane) * body.Channels);
        GC.KeepAlive(pixels);
        GC.KeepAlive(y);
        GC.KeepAlive(places);
        GiveBack(pixels, x);
    }

    /// <summary>Runs a task for each plane or image, the windows pinned.</summary>
    private static void RunPlanes<TBody>(ref TBody body, PoolGrid grid, nint tasks, nint elements) where TBody : unmanaged, IPoolBody
    {
        PoolAxis rows = grid.Rows, columns = grid.Columns;
        fixed (int* rowFrom = rows.From, rowEnd = rows.End, rowExtent = rows.Extent)
        fixed (int* columnFrom = columns.From, columnEnd = columns.End, columnExtent = columns.Extent)
        {
            body.Rows = Line(rows, rowFrom, rowEnd, rowExtent);
            body.Columns = Line(columns, columnFrom, columnEnd, columnExtent);
            WorkerPool.For(tasks, Grain / Math.Max(1, elements) + 1, ref body);
        }
    }

    private static PoolLine Line(PoolAxis axis, int* from, int* end, int* extent) => new()
    {
        Input = axis.Input, Output = axis.Output, Step = axis.Step, Stride = axis.Stride, Padding = axis.Padding, Reach = axis.Reach,
        From = from, End = end, Extent = extent,
    };
}
