namespace DeepNet.Devices.Cpu;

/// <summary>A formula that kernels apply in place to blocks of their result while these are in the cache; by default none.</summary>
internal readonly unsafe struct BlockMap(void* op, delegate*<void*, void*, nint, void> map, bool isRelu)
{
    /// <summary>Gets a value indicating whether the formula is ReLU, which the tiles of products compute in registers.</summary>
    public bool IsRelu { get; } = isRelu;

    /// <summary>The map of a formula on float32 or float64, for as long as the object lives.</summary>
    public static BlockMap Of(Formula? formula, DType dtype)
    {
        var visitor = new Visitor { DType = dtype };
        formula?.Accept(ref visitor);
        return visitor.Map;
    }

    /// <summary>Applies the formula to rows of a matrix, <paramref name="step"/> elements apart.</summary>
    public void Apply<T>(T* block, nint step, nint rows, nint columns) where T : unmanaged
    {
        if (map == null) return;
        if (step == columns) (rows, columns) = (1, rows * columns);
        for (; rows > 0; rows--, block += step) map(op, block, columns);
    }

    private struct Visitor : IFormulaVisitor
    {
        public DType DType;
        public BlockMap Map;

        public void Visit<TOp>(ref readonly TOp op) where TOp : unmanaged, IUnaryOp<TOp>
        {
            var choice = new Choice<TOp>();
            Simd.Run(DType, ref choice);
            Map = new(Unsafe.AsPointer(ref Unsafe.AsRef(in op)), choice.Map, typeof(TOp) == typeof(Relu));
        }
    }

    private struct Choice<TOp> : ISimdBody where TOp : unmanaged, IUnaryOp<TOp>
    {
        public delegate*<void*, void*, nint, void> Map;

        public void Run<V, T>() where V : unmanaged, ISimd<V, T> where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map = &Apply<V, T>;

        private static void Apply<V, T>(void* op, void* block, nint count) where V : unmanaged, ISimd<V, T> where T : unmanaged
            => MapLoop.Forward<TOp, V, T, Cached>(*(TOp*)op, (T*)block, (T*)block, count);
    }
}
