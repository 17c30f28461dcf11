namespace DeepNet.Nn;

/// <summary>
/// Computes a parameter of a layer from another one, its original, which is trained and saved in its place: <see cref="Module.Forward"/>
/// makes the parameter of the original. Given to a parameter by <see cref="Parameter.Parametrize"/>.
/// </summary>
/// <remarks>
/// It takes the place of the parameter among the parts of the layer: the names of a layer's weight become <c>weight.original</c> (see
/// <see cref="KeepsName"/>) and, of what it keeps in fields of its own, <c>weight.magnitude</c> or the like. It is computed again each time
/// the parameter is used.
/// </remarks>
/// <example><code>
/// sealed class NonNegative : Parametrization
/// {
///     protected override Tensor Inverse(Tensor value) => value.Clamp(min: 1e-6).Expm1().Log();
///     public override Tensor Forward(Tensor original) => original.Softplus();
/// }
/// layer.Weight.Parametrize(new NonNegative());       // before the optimizer is made
/// layer.Weight.RemoveParametrization();              // a plain weight again, of the same value
/// </code></example>
public abstract class Parametrization : Module
{
    private Parameter? original;

    /// <summary>Gets the parameter that is trained. It can be parametrized in its turn.</summary>
    public Parameter Original => original
        ?? throw new InvalidOperationException($"[parametrize] {Description} belongs to no parameter: call Parameter.Parametrize first.");

    /// <summary>Gets the shape of the parameter that is computed.</summary>
    internal Shape? Shape { get; private set; }

    /// <summary>
    /// Gets a value that is true if the original has the name of the parameter in files of weights, <c>weight</c> and not
    /// <c>weight.original</c>: right where it holds the same numbers, to which something is added or of which some are left out.
    /// </summary>
    protected internal virtual bool KeepsName => false;

    /// <summary>
    /// Computes an original for a value, from which the parameter follows again, exactly or as nearly as can be; and makes what else is
    /// kept.
    /// </summary>
    protected abstract Tensor Inverse(Tensor value);

    /// <summary>
    /// Computes x·Wᵀ + bias and an activation of it, where the parameter is a matrix W. Override it where that is less work without W, as
    /// for a product of thin matrices.
    /// </summary>
    /// <param name="x">Rows, with any leading axes.</param>
    /// <param name="bias">(out,), or none.</param>
    /// <param name="activation">The formula that is applied to the result, or none.</param>
    protected internal virtual Tensor Affine(Tensor x, Tensor? bias, Formula? activation)
        => Ops.Affine.Of(x, Compute(), bias, isTransposed: true, activation);

    /// <summary>Computes the parameter.</summary>
    internal Tensor Compute() => Forward(Original.Value);

    internal void Attach(Tensor value, bool requiresGrad)
    {
        if (original is not null)
            throw new InvalidOperationException(
                $"[parametrize] this {Description} belongs to another parameter already: make one for each.");
        using var off = GradSwitch.Off();
        original = new Parameter(Inverse(value.Clone()), requiresGrad);
        Shape = value.Shape;
        var computed = Compute().Shape;
        if (!computed.Equals(value.Shape))
            throw new InvalidOperationException($"[parametrize] {Description} makes {computed} of a parameter of shape {value.Shape}.");
        if (!requiresGrad) Freeze();
    }
}
