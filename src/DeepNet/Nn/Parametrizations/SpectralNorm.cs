namespace DeepNet.Nn;

/// <summary>
/// Spectral normalisation: a weight divided by its largest singular value as a matrix, so that the layer stretches nothing. The value is
/// estimated by power iteration from singular vectors that are kept and, while training, improved by a step each time the weight is used.
/// </summary>
public sealed class SpectralNorm : Parametrization
{
    private const int StepsAtFirst = 15;

    private readonly int axis, steps;
    private readonly double epsilon;
    private readonly Generator? generator;
    private StateBuffer? u, v;

    /// <summary>Makes the parametrization.</summary>
    /// <param name="axis">The axis that is the rows of the matrix; all others are its columns.</param>
    /// <param name="steps">The number of steps of power iteration at each use.</param>
    /// <param name="epsilon">The smallest norm that vectors are divided by.</param>
    /// <param name="generator">The source of the vectors that the iteration begins with.</param>
    /// <example><code>
    /// var layer = new Conv2d(64, 128, 3);
    /// layer.Weight.Parametrize(new SpectralNorm());
    /// </code></example>
    public SpectralNorm(int axis = 0, int steps = 1, double epsilon = 1e-12, Generator? generator = null)
    {
        Check.Positive("spectral_norm", nameof(steps), steps);
        (this.axis, this.steps, this.epsilon, this.generator) = (axis, steps, epsilon, generator);
    }

    /// <inheritdoc/>
    protected override Tensor Inverse(Tensor value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Rank < 2)
            throw new ArgumentException($"[spectral_norm] a parameter of shape {value.Shape} is no matrix: it must have two axes or more.");
        var matrix = Matrix(value);
        Tensor Draw(int n) => Unit(Tensor.Randn(new Shape(n), matrix.DType, generator: generator).To(matrix.Device));
        (u, v) = (new StateBuffer(Draw(matrix.Shape[0])), new StateBuffer(Draw(matrix.Shape[1])));
        Improve(matrix, StepsAtFirst);
        return value;
    }

    /// <summary>Computes the weight from its original.</summary>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var matrix = Matrix(x);
        if (IsTraining) Improve(matrix.Detach(), steps);
        return x / u!.Value.Dot(matrix.MatMul(v!.Value));
    }

    // New tensors each time: earlier ones may still be needed by a backward pass.
    private void Improve(Tensor matrix, int count)
    {
        using var off = GradSwitch.Off();
        for (int i = 0; i < count; i++)
        {
            u!.Replace(Unit(matrix.MatMul(v!.Value)));
            v.Replace(Unit(matrix.T.MatMul(u.Value)));
        }
    }

    private Tensor Matrix(Tensor x)
    {
        int rows = Axis.Normalize("spectral_norm", axis, x.Shape);
        return x.MoveAxis(rows, 0).Flatten(1);
    }

    private Tensor Unit(Tensor x) => x / x.Norm().Clamp(min: epsilon);

    /// <inheritdoc/>
    public override string Description => $"SpectralNorm({(axis == 0 ? "" : $"axis: {axis}")})";
}
