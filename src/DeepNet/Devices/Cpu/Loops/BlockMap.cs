namespace DeepNet.Devices.Cpu;

/// <summary>
/// The part of an epilogue behind the bias, which kernels apply in place to blocks of their result while these are in the cache; by default
/// nothing.
/// </summary>
internal readonly unsafe struct BlockMap(void* op, delegate*<void*, void*, void*, nint, void> map, bool isRelu, nint residual)
{
    /// <summary>Gets a value indicating whether all there is to do is ReLU, which the tiles of products compute in registers.</summary>
    public bool IsRelu { get; } = isRelu;

    /// <summary>The map of an epilogue on float32 or float64, for as long as its objects live.</summary>
    /// <param name="end">The epilogue. A residual is laid out as the result, and the blocks lie in that itself.</param>
    /// <param name="result">The result.</param>
    public static BlockMap Of(in Epilogue end, Tensor result)
    {
        var visitor = new Visitor
        {
            DType = result.DType, Residual = end.Residual is null ? 0 : (nint)(end.Residual.RawPointer - result.RawPointer),
        };
        Identity none = default;
        if (end.Activation is not null) end.Activation.Accept(ref visitor);
        else if (end.Residual is not null) visitor.Visit(in none);
        return visitor.Map;
    }

    /// <summary>Applies the map to rows of a matrix, <paramref name="step"/> elements apart.</summary>
    public void Apply<T>(T* block, nint step, nint rows, nint columns) where T : unmanaged
    {
        if (map == null) return;
        if (step == columns) (rows, columns) = (1, rows * columns);
        for (; rows > 0; rows--, block += step) map(op, block, (byte*)block + residual, columns);
    }

    private struct Visitor : IFormulaVisitor
    {
        public DType DType;
        public nint Residual;
        public BlockMap Map;

        public void Visit<TOp>(ref readonly TOp op) where TOp : unmanaged, IUnaryOp<TOp>
        {
            var choice = new Choice<TOp> { Adds = Residual != 0 };
            Simd.Run(DType, ref choice);
            Map = new(Unsafe.AsPointer(ref Unsafe.AsRef(in op)), choice.Map, typeof(TOp) == typeof(Relu) && !choice.Adds, Residual);
        }
    }

    private struct Choice<TOp> : ISimdBody where TOp : unmanaged, IUnaryOp<TOp>
    {
        public bool Adds;
        public delegate*<void*, void*, void*, nint, void> Map;

        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
            => Map = Adds ? &Add<V, T> : &Apply<V, T>;

        private static void Apply<V, T>(void* op, void* block, void* residual, nint count)
            where V : unmanaged, ISimd<V, T> where T : unmanaged
            => MapLoop.Forward<TOp, V, T, Cached>(*(TOp*)op, (T*)block, (T*)block, count);

        private static void Add<V, T>(void* op, void* block, void* residual, nint count)
            where V : unmanaged, ISimd<V, T> where T : unmanaged
            => ZipLoop.Forward<ZipThen<Add, TOp>, V, T>(
                new(default, *(TOp*)op), (T*)block, count, false, (T*)residual, count, false, (T*)block, count, 1, count);
    }
}
