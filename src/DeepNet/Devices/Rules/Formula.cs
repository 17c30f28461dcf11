namespace DeepNet;

/// <summary>An elementwise formula as an object, such as the activation that a product or a convolution applies to its result.</summary>
/// <example><code>var y = x.Affine(weight, bias, activation: Formula.Of(new SquaredRelu()));</code></example>
public abstract partial class Formula
{
    private protected Formula() { }

    /// <summary>Gets the name in error messages and traces.</summary>
    public abstract string Name { get; }

    /// <summary>Applies the formula to every element of a tensor.</summary>
    public abstract Tensor Apply(Tensor x);

    /// <summary>
    /// Gets a value indicating whether an operator may apply the formula to its result before anybody sees that: not where the derivative
    /// needs what lies between, where a half type is rounded there and the result would depend on whether it is recorded, and not where
    /// anomaly detection names the operator.
    /// </summary>
    /// <param name="dtype">The element type of the operands.</param>
    /// <param name="isRecorded">True if the operator is recorded.</param>
    internal abstract bool CanFuse(DType dtype, bool isRecorded);

    /// <summary>y = formula(x) on the tensors' device, without a record.</summary>
    internal abstract void Map(Tensor x, Tensor y);

    /// <summary>
    /// The gradient of the argument, from the result and its gradient, for formulas whose derivative reads no more than these.
    /// </summary>
    internal abstract Tensor Backward(Tensor y, Tensor gradient, bool isRecording);

    /// <summary>Calls a visitor with the formula, its type known.</summary>
    public abstract void Accept<TVisitor>(ref TVisitor visitor) where TVisitor : IFormulaVisitor, allows ref struct;
}

/// <summary>Represents code of a device that is compiled for each formula.</summary>
public interface IFormulaVisitor
{
    /// <summary>Runs with a formula, which does not move in memory while its <see cref="Formula"/> lives.</summary>
    void Visit<TOp>(ref readonly TOp op) where TOp : unmanaged, IUnaryOp<TOp>;
}
