namespace DeepNet.Ilgpu;

internal sealed partial class IlgpuDevice
{
    protected internal override void Map<TOp>(TOp op, Tensor x, Tensor y)
    {
        var dense = x.Contiguous();
        switch (x.DType)
        {
            case DType.Float32: Map<TOp, GpuFloat, float>(op, dense, y); break;
            case DType.Float64: Map<TOp, GpuDouble, double>(op, dense, y); break;
            case DType.Int32: Map<TOp, GpuInt32, int>(op, dense, y); break;
            case DType.Int64: Map<TOp, GpuInt64, long>(op, dense, y); break;
            case DType.Bool or DType.UInt8: Map<TOp, GpuUInt8, byte>(op, dense, y); break;
            case DType.Int8: Map<TOp, GpuInt8, byte>(op, dense, y); break;
            case DType.BFloat16: Map<TOp, GpuFloat, BrainBits>(op, dense, y); break;
            case DType.Float16: Map<TOp, GpuFloat, HalfBits>(op, dense, y); break;
            default: throw Unsupported(TOp.Name, x.DType);
        }
        if (!ReferenceEquals(dense, x)) Done(dense);
        Tensor.KeepAlive(x, y);
    }

    private void Map<TOp, V, T>(TOp op, Tensor x, Tensor y) where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
    {
        if (TOp.IsPredicate) Run(new TestJob<TOp, V, T> { Op = op, X = View<T>(x), Y = View<byte>(y) }, y.Count);
        else RunWide(new MapJob<TOp, V, T> { Op = op, X = View<T>(x), Y = View<T>(y) }, y.Count, IsAligned(x) && IsAligned(y));
    }

    protected internal override void MapBackward<TOp>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx)
    {
        switch (g.DType)
        {
            case DType.Float32: MapBackward<TOp, GpuFloat, float>(op, x, y, g, dx); break;
            case DType.BFloat16: MapBackward<TOp, GpuFloat, BrainBits>(op, x, y, g, dx); break;
            case DType.Float16: MapBackward<TOp, GpuFloat, HalfBits>(op, x, y, g, dx); break;
            default: MapBackward<TOp, GpuDouble, double>(op, x, y, g, dx); break;
        }
        Tensor.KeepAlive(x, y, g, dx);
    }

    private void MapBackward<TOp, V, T>(TOp op, Tensor x, Tensor y, Tensor g, Tensor dx)
        where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
        => RunWide(new MapBackwardJob<TOp, V, T> { Op = op, X = View<T>(x), Y = View<T>(y), G = View<T>(g), Dx = View<T>(dx) }, g.Count,
            IsAligned(x) && IsAligned(y) && IsAligned(g) && IsAligned(dx));

    protected internal override void Zip<TOp>(TOp op, Tensor a, Tensor b, Tensor y)
    {
        switch (a.DType)
        {
            case DType.Float32: Zip<TOp, GpuFloat, float>(op, a, b, y); break;
            case DType.Float64: Zip<TOp, GpuDouble, double>(op, a, b, y); break;
            case DType.Int32: Zip<TOp, GpuInt32, int>(op, a, b, y); break;
            case DType.Int64: Zip<TOp, GpuInt64, long>(op, a, b, y); break;
            case DType.Bool or DType.UInt8: Zip<TOp, GpuUInt8, byte>(op, a, b, y); break;
            case DType.Int8: Zip<TOp, GpuInt8, byte>(op, a, b, y); break;
            case DType.BFloat16: Zip<TOp, GpuFloat, BrainBits>(op, a, b, y); break;
            case DType.Float16: Zip<TOp, GpuFloat, HalfBits>(op, a, b, y); break;
            default: throw Unsupported(TOp.Name, a.DType);
        }
        Tensor.KeepAlive(a, b, y);
    }

    private void Zip<TOp, V, T>(TOp op, Tensor a, Tensor b, Tensor y) where TOp : unmanaged, IBinaryOp<TOp>
        where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        if (y.Count == 0) return;
        if (!TOp.IsPredicate && Repeats(a, y.Shape) && Repeats(b, y.Shape))
        {
            Cycle inA = new(a.Count, y.Count), inB = new(b.Count, y.Count);
            RunWide(new ZipJob<TOp, V, T> { Op = op, A = View<T>(a), B = View<T>(b), Y = View<T>(y), InA = inA, InB = inB }, y.Count,
                inA.IsWide && inB.IsWide && IsAligned(a) && IsAligned(b) && IsAligned(y));
            return;
        }
        Tensor wideA = a.Detach().Expand(y.Shape), wideB = b.Detach().Expand(y.Shape);
        if (IsTooLarge(y.Shape, out int axis))
        {
            foreach (var (start, length) in Halves(y.Shape[axis]))
                Zip<TOp, V, T>(op, wideA.Narrow(axis, start, length), wideB.Narrow(axis, start, length), y.Detach()
                    .Narrow(axis, start, length));
            return;
        }
        Tensor? denseA = null, denseB = null;
        if (!Nest.TryMake(y.Shape, wideA, wideB, null, out var nest))
        {
            (denseA, denseB) = (wideA.CopyDense(), wideB.CopyDense());
            _ = Nest.TryMake(y.Shape, wideA = denseA, wideB = denseB, null, out nest);
        }
        bool isWide = nest.IsWide != 0 && IsAligned(y);
        if (TOp.IsPredicate) RunWide(
            new ZipNestJob<TOp, AsTruth<V, T>, V, T, byte>
            {
                Op = op, A = Whole<T>(wideA), B = Whole<T>(wideB), Y = View<byte>(y),
                Nest = nest
            }, y.Count, isWide);
        else RunWide(new ZipNestJob<TOp, AsElement<V, T>, V, T, T>
        {
            Op = op, A = Whole<T>(wideA), B = Whole<T>(wideB), Y = View<T>(y),
            Nest = nest
        }, y.Count, isWide);
        Done(denseA);
        Done(denseB);
    }

    /// <summary>
    /// True if a dense tensor, read again and again, fills the shape: the shape itself, one number, or the last axes of it.
    /// </summary>
    private static bool Repeats(Tensor x, Shape shape)
    {
        if (!x.IsContiguous) return false;
        if (x.Count == 1 || x.Count == shape.Count) return true;
        var axes = x.Shape.Axes;
        while (axes.Length > 0 && axes[0] == 1) axes = axes[1..];
        return axes.Length <= shape.Rank && shape.Axes[^axes.Length..].SequenceEqual(axes);
    }

    protected internal override void ZipBackward<TOp>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db, bool isRow)
    {
        if (isRow)
        {
            ZipBackwardRow(op, a, b, y, g, da, db);
            return;
        }
        var all = new Cycle(g.Count, g.Count);
        switch (g.DType)
        {
            case DType.Float32: ZipBackward<TOp, GpuFloat, float>(op, a, b, y, g, da, db, all); break;
            case DType.BFloat16: ZipBackward<TOp, GpuFloat, BrainBits>(op, a, b, y, g, da, db, all); break;
            case DType.Float16: ZipBackward<TOp, GpuFloat, HalfBits>(op, a, b, y, g, da, db, all); break;
            default: ZipBackward<TOp, GpuDouble, double>(op, a, b, y, g, da, db, all); break;
        }
    }

    private void ZipBackwardRow<TOp>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db)
        where TOp : unmanaged, IBinaryOp<TOp>
    {
        if (g.Count == 0)
        {
            if (db is not null) Fill(db, 0);
            return;
        }
        // An operand that the formula does not read is g itself, which is no row.
        var cycle = new Cycle(b.Count, g.Count);
        var all = db is null ? null : Temporary(g.DType, (int)(g.Count / db.Count), (int)db.Count);
        if (g.DType == DType.Float32) ZipBackward<TOp, GpuFloat, float>(op, a, b, y, g, da, all, cycle);
        else ZipBackward<TOp, GpuDouble, double>(op, a, b, y, g, da, all, cycle);
        if (all is null) return;
        Reduce(new Identity(), new AddUp(), all, db!.Detach().Reshape(1, (int)db.Count));
        Done(all);
    }

    private void ZipBackward<TOp, V, T>(TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db, Cycle inB)
        where TOp : unmanaged, IBinaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
    {
        var gradient = View<T>(g);
        RunWide(new ZipBackwardJob<TOp, V, T>
        {
            Op = op, A = View<T>(a), B = View<T>(b), Y = View<T>(y), G = gradient, InB = inB,
            Da = da is null ? gradient : View<T>(da), Db = db is null ? gradient : View<T>(db), WantsA = da is null ? 0
                : 1, WantsB = db is null ? 0 : 1,
        }, g.Count, inB.IsWide && IsAligned(a) && IsAligned(b) && IsAligned(y) && IsAligned(g) && IsAligned(da) && IsAligned(db));
        Tensor.KeepAlive(a, b, y, g, da, db);
    }

    protected internal override void Select(Tensor condition, Tensor a, Tensor b, Tensor y)
    {
        switch (y.DType.Size())
        {
            case 1: Select<byte>(condition, a, b, y); break;
            case 2: Select<ushort>(condition, a, b, y); break;
            case 4: Select<int>(condition, a, b, y); break;
            default: Select<long>(condition, a, b, y); break;
        }
    }

    private void Select<T>(Tensor condition, Tensor a, Tensor b, Tensor y) where T : unmanaged
    {
        if (y.Count == 0) return;
        if (IsTooLarge(y.Shape, out int axis))
        {
            foreach (var (start, length) in Halves(y.Shape[axis]))
                Select<T>(condition.Detach().Narrow(axis, start, length), a.Detach().Narrow(axis, start, length), b.Detach()
                    .Narrow(axis, start, length), y.Detach().Narrow(axis, start, length));
            return;
        }
        Tensor? dense0 = null, dense1 = null, dense2 = null;
        if (!Nest.TryMake(y.Shape, condition, a, b, out var nest))
        {
            (condition, a, b) = (dense0, dense1, dense2) = (condition.CopyDense(), a.CopyDense(), b.CopyDense());
            _ = Nest.TryMake(y.Shape, condition, a, b, out nest);
        }
        RunWide(new SelectJob<T> { Condition = Whole<byte>(condition), A = Whole<T>(a), B = Whole<T>(b), Y = View<T>(y), Nest = nest },
            y.Count, nest.IsWide != 0 && IsAligned(y));
        Done(dense0);
        Done(dense1);
        Done(dense2);
        Tensor.KeepAlive(condition, a, b, y);
    }
}
