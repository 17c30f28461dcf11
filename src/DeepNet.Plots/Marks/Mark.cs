namespace DeepNet.Plots;

/// <summary>One thing that a plot shows: a line, points, bars, a map.</summary>
internal abstract class Mark
{
    /// <summary>Gets the layer, smallest drawn first: maps, then bands, bars, reference lines, lines, points, arrows.</summary>
    public abstract int Layer { get; }

    /// <summary>Its lines in the legend.</summary>
    public virtual IEnumerable<LegendEntry> Entries => [];

    /// <summary>Tells the axes what they have to cover.</summary>
    public abstract void Measure(Span x, Span y);

    /// <summary>Tells the scale of colours what it has to cover; most marks have none.</summary>
    public virtual void MeasureColors(Span z)
    {
    }

    /// <summary>Places words, before the legend looks for room.</summary>
    public virtual void Arrange(Frame frame)
    {
    }

    /// <summary>Says where it is, for the legend to keep clear.</summary>
    public abstract void Cover(Coverage coverage, Frame frame);

    public abstract void Draw(Svg svg, Frame frame);

    /// <summary>In a sentence, for those who cannot see it.</summary>
    public abstract string Describe();

    /// <summary>Describes numbers by their count and their ends.</summary>
    protected static string Reach(double[] values)
    {
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        foreach (double v in values)
            if (double.IsFinite(v)) (low, high) = (Math.Min(low, v), Math.Max(high, v));
        return low > high ? "no values" : $"{values.Length} values from {Compact.Number(low)} to {Compact.Number(high)}";
    }

    protected static string Named(string kind, string? name) => string.IsNullOrEmpty(name) ? kind : $"{kind} “{name}”";
}
