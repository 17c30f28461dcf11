using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>The settings that the matrices of one adapter share.</summary>
internal readonly record struct LoraSettings(double Alpha, double Dropout, Generator? Generator);

/// <summary>Two thin matrices, whose product is added to a weight.</summary>
internal sealed class LoraAdapter : Module
{
    [StateName("a")]
    private readonly Parameter a;
    [StateName("b")]
    private readonly Parameter b;
    private readonly Dropout? dropout;

    public LoraAdapter(Tensor weight, int rank, LoraSettings settings)
    {
        var (rows, columns) = LoraWeight.MatrixOf(weight.Shape);
        var dtype = weight.DType == DType.Float64 ? DType.Float64 : DType.Float32;
        double bound = 1 / Math.Sqrt(columns);
        a = new Parameter(Init.Uniform(Tensor.Empty(new Shape(rank, columns), dtype), -bound, bound, settings.Generator).To(weight.Device));
        b = new Parameter(Tensor.Zeros(new Shape(rows, rank), dtype, weight.Device));
        (Alpha, DropoutShare) = (settings.Alpha, settings.Dropout);
        if (DropoutShare != 0) dropout = new Dropout(DropoutShare, settings.Generator);
    }

    public Parameter A => a;

    public Parameter B => b;

    public double Alpha { get; }

    public double DropoutShare { get; }

    /// <summary>Gets or sets how much of the product is added; 0 for an adapter that is not in use.</summary>
    public double Weight { get; set; }

    /// <summary>s·B·A times a factor.</summary>
    public Tensor Matrix(double factor) => Scaled(factor).MatMul(Forward(a.Value));

    /// <summary>Computes the product of rows and that matrix.</summary>
    public Tensor Apply(Tensor x, double factor) => x.Affine(Forward(a.Value), transposed: true).Affine(Scaled(factor), transposed: true);

    private Tensor Scaled(double factor) => b.Value * (factor * Alpha / a.Shape[0]);

    /// <summary>A, without the columns of the features that are dropped.</summary>
    public override Tensor Forward(Tensor x)
    {
        ArgumentNullException.ThrowIfNull(x);
        return dropout is null || !IsTraining ? x : x * dropout.Forward(Tensor.Ones(new Shape(1, x.Shape[1]), x.DType, x.Device));
    }

    public override string Description => $"LoraAdapter(rank: {a.Shape[0]}, alpha: {Alpha})";
}
