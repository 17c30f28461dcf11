namespace DeepNet.Analysis;

/// <summary>A direction in the space of a model's parameters, to look at the loss along.</summary>
public sealed class Direction
{
    private readonly double[] elements;

    /// <summary>A direction with these components, in the order of the parameters' elements.</summary>
    public Direction(IReadOnlyList<double> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        this.elements = [.. elements];
        foreach (double v in this.elements)
            if (!double.IsFinite(v)) throw new ArgumentException("[direction] a component is NaN or infinite.", nameof(elements));
    }

    /// <summary>The components.</summary>
    public IReadOnlyList<double> Elements => elements;

    /// <summary>The length.</summary>
    public double Norm => Vectors.Norm(elements);

    /// <summary>A random direction, scaled to the parameters as they are now.</summary>
    /// <param name="objective">The objective whose parameters it is for.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="scale">Its length; filter by filter unless another is asked for (Li et al. 2018).</param>
    public static Direction Random(Objective objective, ulong seed = 0, FilterScale scale = FilterScale.Filter)
    {
        ArgumentNullException.ThrowIfNull(objective);
        return new Direction(Vectors.Normal(objective.Size, new Generator(seed))).Scaled(objective, scale);
    }

    /// <summary>From one place to another: 0 is the first, 1 the second.</summary>
    public static Direction Between(IReadOnlyList<double> from, IReadOnlyList<double> to)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(to);
        if (from.Count != to.Count)
            throw new ArgumentException($"[direction] from {from.Count} numbers to {to.Count}: both must be positions of the same model.");
        return new([.. to.Zip(from, (t, f) => t - f)]);
    }

    /// <summary>Along an eigenvector, length 1.</summary>
    public static Direction Along(Eigenpair pair)
    {
        ArgumentNullException.ThrowIfNull(pair);
        return new(pair.Vector);
    }

    /// <summary>This direction with its filters as long as those of the parameters as they are now.</summary>
    public Direction Scaled(Objective objective, FilterScale scale = FilterScale.Filter)
    {
        ArgumentNullException.ThrowIfNull(objective);
        objective.Check(elements, "direction");
        var place = objective.Position;
        var scaled = (double[])elements.Clone();
        int at = 0;
        foreach (var p in scale is FilterScale.Filter or FilterScale.Layer ? objective.Parameters : [])
        {
            int count = (int)p.Count, filters = scale == FilterScale.Layer || count == 0 ? 1 : p.Rank < 2 ? 0 : p.Shape[0];
            if (filters == 0) scaled.AsSpan(at, count).Clear();
            for (int f = 0; f < filters; f++)
                Match(
                    scaled.AsSpan(at + f * (count / filters), count / filters), place.AsSpan(at + f * (count / filters), count / filters));
            at += count;
        }
        if (scale == FilterScale.Model) Match(scaled, place);
        var result = new Direction(scaled);
        if (result.Norm == 0)
            throw new InvalidOperationException($"[direction] scaled by {scale}, nothing is left of the direction: "
                + (scale == FilterScale.Filter
                    ? "there is no weight with two axes, or all weights are zero. Use FilterScale.Model or None."
                    : "all parameters are zero. Use FilterScale.None."));
        return result;
    }

    /// <summary>Returns the part of this direction at a right angle to another, in its old length.</summary>
    public Direction OrthogonalTo(Direction other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (other.elements.Length != elements.Length)
            throw new ArgumentException(
                $"[direction] directions of {elements.Length} and {other.elements.Length} numbers belong to different models.");
        double squared = Vectors.Dot(other.elements, other.elements);
        if (squared == 0) throw new ArgumentException("[direction] nothing is at a right angle to a direction of length 0.");
        var rest = Vectors.Sum(elements, -Vectors.Dot(elements, other.elements) / squared, other.elements);
        double left = Vectors.Norm(rest);
        if (left <= 1e-12 * Norm)
            throw new ArgumentException("[direction] the two directions are parallel. Draw another, with another seed.");
        Vectors.Scale(rest, Norm / left);
        return new(rest);
    }

    /// <summary>The same direction, longer or shorter.</summary>
    public Direction Times(double factor)
    {
        var product = (double[])elements.Clone();
        Vectors.Scale(product, factor);
        return new(product);
    }

    internal ReadOnlySpan<double> Span => elements;

    private static void Match(Span<double> direction, ReadOnlySpan<double> like)
    {
        double norm = Vectors.Norm(direction);
        if (norm > 0) Vectors.Scale(direction, Vectors.Norm(like) / norm);
    }
}
