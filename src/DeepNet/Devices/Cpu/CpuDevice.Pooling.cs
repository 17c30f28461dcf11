using DeepNet.Devices.Cpu;

namespace DeepNet;

public sealed unsafe partial class CpuDevice
{
    /// <inheritdoc/>
    protected internal override void PoolImages(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places)
    {
        if (y.Count == 0) return;
        using var wide = new Widening();
        (x, y) = (wide.Read(x), wide.Write(y));
        bool ofPixels = !y.IsContiguous || (x.IsChannelsLast && Tensor.IsEitherLayout(y.Shape));
        var dense = ofPixels ? x.InChannelsLast() : x.Contiguous();
        // Places are an input of the adjoint.
        if (kind == PoolKind.MaxAdjoint) places = ofPixels ? places!.InChannelsLast() : places!.Contiguous();
        var call = new PoolCall(kind, grid, dense, y, places, ofPixels);
        Simd.Run(y.DType, ref call);
        GiveBack(dense, x);
    }

    private readonly struct PoolCall(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places, bool ofPixels) : ISimdBody
    {
        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            if (ofPixels) PoolOfPixels<T>(kind, grid, x, y, places);
            else PoolOfPlanes<T>(kind, grid, x, y, places);
        }
    }

    private static void PoolOfPlanes<T>(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        nint xPlane = (nint)x.Shape[^2] * x.Shape[^1], yPlane = (nint)y.Shape[^2] * y.Shape[^1];
        nint planes = y.Count / yPlane, elements = Math.Max(xPlane, yPlane);
        int* to = Address<int>(places);
        if (kind == PoolKind.Max && typeof(T) == typeof(float) && MaxPoolPlanes.Takes(grid))
        {
            var rows = new MaxPoolPlanes
            {
                X = x.Pointer<float>(), Y = y.Pointer<float>(), Places = to, XPlane = xPlane, YPlane = yPlane,
            };
            RunPlanes(ref rows, grid, planes, elements);
        }
        else
        {
            var body = new PoolLoops<T>
            {
                Kind = kind, X = x.Pointer<T>(), Y = y.Pointer<T>(), Places = to, XPlane = xPlane, YPlane = yPlane,
            };
            RunPlanes(ref body, grid, planes, elements);
        }
    }

    private static void PoolOfPixels<T>(PoolKind kind, PoolGrid grid, Tensor x, Tensor y, Tensor? places)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        var body = new PoolPixels<T>
        {
            Kind = kind, X = x.Pointer<T>(), Y = y.Pointer<T>(), Places = Address<int>(places),
            Channels = y.Shape[1], XPlane = (nint)x.Shape[^2] * x.Shape[^1], YPlane = (nint)y.Shape[^2] * y.Shape[^1],
        };
        RunPlanes(ref body, grid, y.Shape[0], Math.Max(body.XPlane, body.YPlane) * body.Channels);
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
