namespace DeepNet.Nn;

/// <summary>Adds sines and cosines of falling frequencies, which tell a step its place, to (…, steps, dimension).</summary>
public sealed class PositionalEncoding : Layer
{
    private readonly int dimension;
    private readonly Dropout dropout;

    // Made again for longer sequences and other types; not part of the state, since it is not learned.
    private Tensor? table;

    /// <summary>Makes the layer.</summary>
    /// <param name="dimension">The length of the vectors.</param>
    /// <param name="dropout">The probability of 0 afterwards, while training.</param>
    /// <param name="generator">The source of dropout.</param>
    public PositionalEncoding(int dimension, double dropout = 0, Generator? generator = null)
    {
        Check.Positive("positional_encoding", nameof(dimension), dimension);
        (this.dimension, this.dropout) = (dimension, new Dropout(dropout, generator));
    }

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank < 2 || x.Shape[^1] != dimension)
            throw new ArgumentException($"[positional_encoding] expects (..., steps, {dimension}), got {x.Shape}.");
        int steps = x.Shape[^2];
        if (table is null || table.Shape[0] < steps || table.DType != x.DType || table.Device != x.Device)
            table = Memory.Keep(Table(steps, dimension).To(x.DType).To(x.Device));
        return dropout.Forward(x + table.Narrow(0, 0, steps));
    }

    /// <summary>sin(t/10000^(i/d)) at even places i, cos at the odd ones behind them.</summary>
    private static Tensor Table(int steps, int dimension)
    {
        double[] values = new double[steps * dimension];
        for (int t = 0; t < steps; t++)
            for (int i = 0; i < dimension; i++)
            {
                double angle = t * Math.Pow(10000, -(i - i % 2) / (double)dimension);
                values[t * dimension + i] = i % 2 == 0 ? Math.Sin(angle) : Math.Cos(angle);
            }
        return Tensor.From<double>(values, new Shape(steps, dimension));
    }
}

/// <summary>Adds a learned vector for each place to (…, steps, dimension).</summary>
public sealed class LearnedPositionalEncoding : Layer
{
    private readonly Parameter weight;

    /// <summary>Makes the layer; the vectors begin as normal numbers of standard deviation 0.02.</summary>
    public LearnedPositionalEncoding(int maxSteps, int dimension, Generator? generator = null)
    {
        Check.Positive("positional_encoding", nameof(maxSteps), maxSteps);
        Check.Positive("positional_encoding", nameof(dimension), dimension);
        weight = new Parameter(Init.Normal(Tensor.Empty(new Shape(maxSteps, dimension)), 0, 0.02, generator));
    }

    /// <summary>The vectors, (places, dimension).</summary>
    public Parameter Weight => weight;

    /// <inheritdoc/>
    protected override Tensor Compute(Tensor x)
    {
        if (x.Rank < 2 || x.Shape[^1] != weight.Shape[1] || x.Shape[^2] > weight.Shape[0])
            throw new ArgumentException(
                $"[positional_encoding] expects (..., up to {weight.Shape[0]} steps, {weight.Shape[1]}), got {x.Shape}.");
        return x + weight.Value.Narrow(0, 0, x.Shape[^2]);
    }
}
