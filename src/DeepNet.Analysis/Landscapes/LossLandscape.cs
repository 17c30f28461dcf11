namespace DeepNet.Analysis;

/// <summary>
/// The loss along a line or over a plane through the parameters. Whatever happens meanwhile (an exception, a cancellation), the
/// parameters are put back bit for bit.
/// </summary>
/// <example><code>
/// var objective = new Objective(() => Loss.CrossEntropy(model.Forward(x), y), model);
/// var a = Direction.Random(objective, seed: 1);
/// var plane = LossLandscape.Plane(objective, a, Direction.Random(objective, seed: 2).OrthogonalTo(a));
/// </code></example>
public static class LossLandscape
{
    /// <summary>The loss at places along a direction from where the parameters are.</summary>
    /// <param name="objective">The loss.</param>
    /// <param name="direction">The unit of the axis.</param>
    /// <param name="from">The first place, in lengths of the direction.</param>
    /// <param name="to">The last place.</param>
    /// <param name="points">The number of places.</param>
    /// <param name="progress">Receives each place.</param>
    /// <param name="cancellation">Stops between places.</param>
    public static LossLine Line(
        Objective objective, Direction direction, double from = -1, double to = 1, int points = 51,
            IProgress<AnalysisProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(direction);
        objective.Check(direction.Span, "direction");
        var at = Places(from, to, points);
        var losses = new double[points];
        using var kept = objective.Keep();
        var origin = objective.Position;
        for (int i = 0; i < points; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            objective.Position = Vectors.Sum(origin, at[i], direction.Span);
            losses[i] = objective.Value();
            progress?.Report(new("loss along a line", i + 1, points));
        }
        return new(at, losses);
    }

    /// <summary>The loss on the straight way between two solutions, and a little beyond: 0 is the first, 1 the second.</summary>
    public static LossLine Between(
        Objective objective, IReadOnlyList<double> first, IReadOnlyList<double> second, double beyond = 0.25, int points = 51,
        IProgress<AnalysisProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        var direction = Direction.Between(first, second);
        objective.Check(direction.Span, "position");
        using var kept = objective.Keep();
        objective.Position = [.. first];
        return Line(objective, direction, -beyond, 1 + beyond, points, progress, cancellation);
    }

    /// <summary>The loss over the plane that two directions span where the parameters are.</summary>
    /// <param name="objective">The loss.</param>
    /// <param name="x">The unit of the first axis.</param>
    /// <param name="y">The unit of the second axis; see <see cref="Direction.OrthogonalTo"/>.</param>
    /// <param name="from">The first place on both axes, in lengths of the directions.</param>
    /// <param name="to">The last place.</param>
    /// <param name="points">The number of places on each axis.</param>
    /// <param name="progress">Receives each place.</param>
    /// <param name="cancellation">Stops between places.</param>
    public static LossPlane Plane(
        Objective objective, Direction x, Direction y, double from = -1, double to = 1, int points = 25,
            IProgress<AnalysisProgress>? progress = null, CancellationToken cancellation = default)
        => Plane(objective, x, y, Places(from, to, points), Places(from, to, points), progress, cancellation);

    /// <summary>The same at places of one's own on each axis.</summary>
    public static LossPlane Plane(
        Objective objective, Direction x, Direction y, IReadOnlyList<double> xPlaces, IReadOnlyList<double> yPlaces,
        IProgress<AnalysisProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(objective);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        ArgumentNullException.ThrowIfNull(xPlaces);
        ArgumentNullException.ThrowIfNull(yPlaces);
        objective.Check(x.Span, "first direction");
        objective.Check(y.Span, "second direction");
        var losses = new double[yPlaces.Count, xPlaces.Count];
        using var kept = objective.Keep();
        var origin = objective.Position;
        for (int i = 0; i < yPlaces.Count; i++)
        {
            var row = Vectors.Sum(origin, yPlaces[i], y.Span);
            for (int j = 0; j < xPlaces.Count; j++)
            {
                cancellation.ThrowIfCancellationRequested();
                objective.Position = Vectors.Sum(row, xPlaces[j], x.Span);
                losses[i, j] = objective.Value();
                progress?.Report(new("loss over a plane", i * xPlaces.Count + j + 1, losses.Length));
            }
        }
        return new([.. xPlaces], [.. yPlaces], losses);
    }

    private static double[] Places(double from, double to, int points)
    {
        if (points < 2) throw new ArgumentOutOfRangeException(nameof(points), points, "[loss_landscape] at least two points make a line.");
        if (!double.IsFinite(from) || !double.IsFinite(to) || from >= to)
            throw new ArgumentException(
                FormattableString.Invariant($"[loss_landscape] from {from} to {to}: the range must be finite and ascending."));
        return [.. Enumerable.Range(0, points).Select(i => from + (to - from) * i / (points - 1))];
    }
}
