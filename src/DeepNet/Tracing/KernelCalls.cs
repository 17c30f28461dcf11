namespace DeepNet.Tracing;

/// <summary>A kernel that is run by a delegate.</summary>
internal sealed class KernelCall(
    string name, Device device, Tensor?[] operands, int reads, object? settings, double flops, Action<Tensor?[]> run)
    : Kernel(name, device, operands, reads)
{
    /// <inheritdoc/>
    public override object? Settings => settings;

    /// <inheritdoc/>
    public override double Flops => flops;

    /// <inheritdoc/>
    public override void Run(Tensor?[] t) => run(t);
}

/// <summary>A kernel that draws random numbers: each time it runs, those of <see cref="Stream"/>.</summary>
internal abstract class DrawCall(string name, Device device, Tensor?[] operands, int reads, RandomSource stream)
    : Kernel(name, device, operands, reads)
{
    /// <summary>Gets or sets where the numbers begin.</summary>
    public RandomSource Stream { get; set; } = stream;
}

/// <inheritdoc cref="DrawCall"/>
internal sealed class DrawCall<TDistribution>(Device device, TDistribution distribution, RandomSource stream, Tensor y, Tensor? factor)
    : DrawCall("fill_random", device, [factor, y], 1, stream)
    where TDistribution : unmanaged, IDistribution
{
    /// <inheritdoc/>
    public override object? Settings => distribution;

    /// <inheritdoc/>
    public override void Run(Tensor?[] t) => Device.FillRandom(distribution, Stream, t[1]!, t[0]);
}

/// <summary>A formula that runs element by element, so that several of them can run over one piece of memory after the other.</summary>
internal abstract class ElementKernel(string name, Device device, Tensor?[] operands, int reads) : Kernel(name, device, operands, reads)
{
    /// <summary>Gets the code for pieces of dense operands; null where the device has none.</summary>
    public abstract PieceCode? Pieces();
}

/// <summary><see cref="Device.Map"/>.</summary>
internal sealed class MapCall<TOp>(Device device, TOp op, Tensor x, Tensor y) : ElementKernel($"map {TOp.Name}", device, [x, y], 1)
    where TOp : unmanaged, IUnaryOp<TOp>
{
    /// <inheritdoc/>
    public override object? Settings => op;

    /// <inheritdoc/>
    public override void Run(Tensor?[] t) => Device.Map(op, t[0]!, t[1]!);

    /// <inheritdoc/>
    public override PieceCode? Pieces() => TOp.IsPredicate ? null : (Device as IPieceSource)?.MapPieces(op, Operands[0]!.DType);
}

/// <summary><see cref="Device.MapBackward"/>.</summary>
internal sealed class MapBackwardCall<TOp>(Device device, TOp op, Tensor x, Tensor y, Tensor g, Tensor dx)
    : ElementKernel($"map_backward {TOp.Name}", device, [x, y, g, dx], 3)
    where TOp : unmanaged, IUnaryOp<TOp>
{
    /// <inheritdoc/>
    public override object? Settings => op;

    /// <inheritdoc/>
    public override void Run(Tensor?[] t) => Device.MapBackward(op, t[0]!, t[1]!, t[2]!, t[3]!);

    /// <inheritdoc/>
    public override PieceCode? Pieces() => (Device as IPieceSource)?.MapBackwardPieces(op, Operands[2]!.DType);
}

/// <summary><see cref="Device.Zip"/>.</summary>
internal sealed class ZipCall<TOp>(Device device, TOp op, Tensor a, Tensor b, Tensor y)
    : ElementKernel($"zip {TOp.Name}", device, [a, b, y], 2)
    where TOp : unmanaged, IBinaryOp<TOp>
{
    /// <inheritdoc/>
    public override object? Settings => op;

    /// <inheritdoc/>
    public override void Run(Tensor?[] t) => Device.Zip(op, t[0]!, t[1]!, t[2]!);

    /// <inheritdoc/>
    public override PieceCode? Pieces() => TOp.IsPredicate ? null : (Device as IPieceSource)?.ZipPieces(op, Operands[0]!.DType);
}

/// <summary><see cref="Device.ZipBackward"/>.</summary>
internal sealed class ZipBackwardCall<TOp>(
    Device device, TOp op, Tensor a, Tensor b, Tensor y, Tensor g, Tensor? da, Tensor? db, bool isRow)
    : ElementKernel($"zip_backward {TOp.Name}", device, [a, b, y, g, da, db], 4)
    where TOp : unmanaged, IBinaryOp<TOp>
{
    /// <inheritdoc/>
    public override object? Settings => (op, isRow);

    /// <inheritdoc/>
    public override void Run(Tensor?[] t) => Device.ZipBackward(op, t[0]!, t[1]!, t[2]!, t[3]!, t[4], t[5], isRow);

    /// <inheritdoc/>
    public override PieceCode? Pieces() => isRow ? null : (Device as IPieceSource)?.ZipBackwardPieces(op, Operands[3]!.DType);
}
