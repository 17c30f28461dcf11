namespace DeepNet.Plots;

public sealed partial class Plot
{
    /// <summary>A matrix in colours, its first row on top.</summary>
    /// <param name="values">The numbers, [row, column]; NaN stays empty.</param>
    /// <param name="rowLabels">The names of the rows; their numbers if left out.</param>
    /// <param name="columnLabels">The names of the columns; their numbers if left out.</param>
    /// <param name="showValues">Writes the numbers into the cells, where they fit.</param>
    public Plot HeatMap(
        double[,] values, IReadOnlyList<string>? rowLabels = null, IReadOnlyList<string>? columnLabels = null, bool showValues = false)
    {
        ArgumentNullException.ThrowIfNull(values);
        int height = values.GetLength(0), width = values.GetLength(1);
        if (rowLabels is not null && rowLabels.Count != height)
            throw new ArgumentException($"[plot.heat_map] the matrix has {height} rows, and there are {rowLabels.Count} labels for them.");
        if (columnLabels is not null && columnLabels.Count != width)
            throw new ArgumentException(
                $"[plot.heat_map] the matrix has {width} columns, and there are {columnLabels.Count} labels for them.");
        marks.Add(new HeatMapMark(Places(width), Places(height), (double[,])values.Clone(), showValues));
        (columns, rows, RowsRunDown) = (columnLabels?.ToArray(), rowLabels?.ToArray(), true);
        return this;

        static double[] Places(int count) => [.. Enumerable.Range(0, count + 1).Select(i => i - 0.5)];
    }

    /// <summary>A function on a grid in colours, over axes of numbers.</summary>
    /// <param name="x">The columns' places, rising.</param>
    /// <param name="y">The rows' places, rising; upwards on the plot.</param>
    /// <param name="values">[i, j] belongs to (x[j], y[i]).</param>
    public Plot HeatMap(IReadOnlyList<double> x, IReadOnlyList<double> y, double[,] values)
    {
        var (xs, ys, zs) = Grid("heat_map", x, y, values, 1);
        marks.Add(new HeatMapMark(HeatMapMark.Edges(xs, XScale), HeatMapMark.Edges(ys, YScale), zs, showValues: false));
        return this;
    }

    /// <summary>Lines of equal height of a function on a grid.</summary>
    /// <param name="x">The columns' places, rising.</param>
    /// <param name="y">The rows' places, rising; upwards on the plot.</param>
    /// <param name="z">[i, j] belongs to (x[j], y[i]).</param>
    /// <param name="levels">About how many lines, at round heights; with <see cref="ZScale"/> Log at round ratios.</param>
    /// <param name="filled">Colours between the lines, with a scale beside the plot; else lines with their heights.</param>
    public Plot Contour(IReadOnlyList<double> x, IReadOnlyList<double> y, double[,] z, int levels = 12, bool filled = true)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        var (xs, ys, zs) = Grid("contour", x, y, z, 2);
        marks.Add(new ContourMark(xs, ys, zs, levels, null, filled));
        return this;
    }

    /// <summary>Lines of equal height at heights of one's choice, such as the one line between two classes.</summary>
    public Plot Contour(IReadOnlyList<double> x, IReadOnlyList<double> y, double[,] z, IReadOnlyList<double> levels, bool filled = false)
    {
        var (xs, ys, zs) = Grid("contour", x, y, z, 2);
        marks.Add(new ContourMark(xs, ys, zs, 0, [.. Copy(levels).Order()], filled));
        return this;
    }

    /// <summary>
    /// A function on a grid as a landscape in three dimensions, seen from <see cref="Azimuth"/> and <see cref="Elevation"/>.
    /// </summary>
    /// <param name="x">The columns' places, rising.</param>
    /// <param name="y">The rows' places, rising.</param>
    /// <param name="z">[i, j] belongs to (x[j], y[i]); holes where it is NaN.</param>
    /// <param name="opacity">From 0 to 1; below 1 what lies behind is seen through it, and nothing is drawn beyond the limits of z.</param>
    /// <param name="color">The number of its one colour; colours by height if left out.</param>
    /// <remarks>Several surfaces share a plot: a function, and over it one to look through, such as its quadratic approximation.</remarks>
    public Plot Surface(IReadOnlyList<double> x, IReadOnlyList<double> y, double[,] z, double opacity = 1, int? color = null)
    {
        var (xs, ys, zs) = Grid("surface", x, y, z, 2);
        if (!(opacity is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(opacity), $"[plot.surface] an opacity is over 0 and at most 1; {opacity} is not.");
        marks.Add(new SurfaceMark(xs, ys, zs, opacity, color is null ? null : NextColor(color)));
        return this;
    }

    private static (double[] X, double[] Y, double[,] Z) Grid(
        string method, IReadOnlyList<double> x, IReadOnlyList<double> y, double[,] z, int least)
    {
        double[] xs = Copy(x), ys = Copy(y);
        ArgumentNullException.ThrowIfNull(z);
        if (z.GetLength(0) != ys.Length || z.GetLength(1) != xs.Length)
            throw new ArgumentException(
                $"[plot.{method}] z is {z.GetLength(0)}×{z.GetLength(1)}, x has {xs.Length} places and y has {ys.Length}; z[i, j] belongs "
                    + $"to (x[j], y[i]), so it has to be {ys.Length}×{xs.Length}.");
        if (xs.Length < least || ys.Length < least)
            throw new ArgumentException(
                $"[plot.{method}] a grid of {ys.Length}×{xs.Length} points is too small; it takes {least} each way.");
        CheckRising(method, "x", xs);
        CheckRising(method, "y", ys);
        return (xs, ys, (double[,])z.Clone());
    }

    private static void CheckRising(string method, string name, double[] values)
    {
        for (int i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i]) || (i > 0 && values[i] <= values[i - 1]))
                throw new ArgumentException(
                    $"[plot.{method}] {name} has to rise from each place to the next; {name}[{i}] is "
                        + $"{values[i]}{(i > 0 ? $" after {values[i - 1]}" : "")}.");
    }
}
