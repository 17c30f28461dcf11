namespace DeepNet.Plots;

/// <summary>A landscape; <see cref="SurfacePainter"/> draws it, with the others of its plot.</summary>
internal sealed class SurfaceMark(double[] x, double[] y, double[,] z, double opacity, int? color) : Mark
{
    public double[] X => x;

    public double[] Y => y;

    public double[,] Z => z;

    public double Opacity => opacity;

    /// <summary>Gets the number of the one colour of the surface; null for colours by height.</summary>
    public int? Color => color;

    public override int Layer => 0;

    public override void Measure(Span spanX, Span spanY)
    {
        foreach (double v in x) spanX.AddHard(v);
        foreach (double v in y) spanY.AddHard(v);
    }

    public override void MeasureColors(Span span)
    {
        foreach (double v in z) span.AddHard(v);
    }

    public override void Cover(Coverage coverage, Frame frame) => coverage.Fill(frame.Area);

    public override void Draw(Svg svg, Frame frame)
        => throw new InvalidOperationException("[plot] a surface fills its plot and has no frame.");

    public override string Describe() => $"surface over {x.Length} by {y.Length} points, {Reach([.. z.Cast<double>()])}";
}
