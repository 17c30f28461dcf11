namespace DeepNet;

/// <summary>
/// Mixed precision: regions in which matrix products, linear layers, convolutions, attention and the input products of recurrent layers
/// take their operands in a 16-bit type, with sums in float32.
/// </summary>
/// <remarks>
/// A region does nothing but cast the operands of products. What else runs in which type follows from the operands alone: activations and
/// arithmetic (<see cref="Ops.IUnaryOp{TSelf}.OnHalves"/>) keep a half type, everything that sums, normalises or grows (softmax, losses,
/// norms, sums, exp, log, powers) gives float32. Parameters stay what they are; each is cast once in a region, and its gradient arrives in
/// its own type, summed in float32. Tensors of float64 and integers are left alone. Backward passes run in the types of the forward pass,
/// inside a region and outside, so call <see cref="Tensor.Backward"/> wherever it reads best. Float16 needs a
/// <see cref="Optim.LossScaler"/>.
/// </remarks>
/// <example><code>
/// using (Autocast.To(DType.BFloat16)) loss = Loss.CrossEntropy(model.Forward(x), y);
/// loss.Backward();
/// optimizer.Step();
/// </code></example>
public static class Autocast
{
    /// <summary>The type that products are cast to on this thread; null outside of regions.</summary>
    public static DType? Type => Casts.Current?.Type;

    /// <summary>
    /// Until the result is disposed, products on this thread run in the given type: <see cref="DType.BFloat16"/>,
    /// <see cref="DType.Float16"/>, or <see cref="DType.Float32"/> for no casts. Regions nest, and the inner one counts.
    /// </summary>
    public static AutocastRegion To(DType type)
    {
        if (type == DType.Float32) return Off();
        if (!type.IsHalf())
            throw new ArgumentException(
                $"[autocast] products cannot be cast to {type.Name()}: give bfloat16, float16, or float32 for no casts.", nameof(type));
        return new(new Casts(type, Casts.Current));
    }

    /// <summary>Until the result is disposed, nothing is cast on this thread: for a part of a model that needs float32.</summary>
    public static AutocastRegion Off() => new(null);

    /// <summary>The region that a function ran in, for running it again.</summary>
    internal static AutocastRegion Again(DType? type) => type is { } half ? To(half) : Off();

    /// <summary>
    /// The two operands of a product as the region wants them: both of its type if both are float32 or a half type, else as they are.
    /// </summary>
    internal static (Tensor A, Tensor B) Meet(Tensor a, Tensor b)
        => Casts.Current is { } casts && IsEligible(a) && IsEligible(b) ? (casts.Of(a), casts.Of(b)) : (a, b);

    /// <summary>The type that a float32 product inside a larger operator takes its operands in; null for their own.</summary>
    internal static DType? TypeFor(Tensor x) => x.DType == DType.Float32 && Casts.Current is { } casts ? casts.TypeOn(x.Device) : null;

    private static bool IsEligible(Tensor x) => x.DType == DType.Float32 || x.DType.IsHalf();
}
