
namespace DeepNet.Plots.Tests;

public class IsolineTests
{
    [Fact]
    public void A_circle_is_one_closed_line_of_its_radius()
    {
        const int N = 41;
        var line = Assert.Single(Isolines.Lines(Bowl(N), 100));
        Assert.Equal(line[0], line[^1]);
        foreach (var (x, y) in line) Assert.Equal(10, Math.Sqrt((x - 20) * (x - 20) + (y - 20) * (y - 20)), 0.02);
    }

    [Fact]
    public void A_line_that_leaves_the_grid_is_open()
    {
        double[,] z = new double[3, 5];
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 5; j++) z[i, j] = j;
        var line = Assert.Single(Isolines.Lines(z, 1.25));
        Assert.Equal([(1.25, 0.0), (1.25, 1.0), (1.25, 2.0)], line.OrderBy(p => p.Y));
        Assert.Empty(Isolines.Lines(z, 10));
    }

    [Theory]
    [InlineData(0.6)]
    [InlineData(0.4)]
    public void At_a_saddle_the_mean_decides(double level)
    {
        // Two opposite corners above: below their mean they are joined, above it they are apart. Either way there are two lines.
        double[,] z = { { 1, 0 }, { 0, 1 } };
        var lines = Isolines.Lines(z, level);
        Assert.Equal(2, lines.Count);
        double length = lines.Sum(l => Math.Sqrt(Math.Pow(l[0].X - l[^1].X, 2) + Math.Pow(l[0].Y - l[^1].Y, 2)));
        Assert.Equal(2 * 0.4 * Math.Sqrt(2), length, 1e-9);
        Assert.Equal(level < 0.5 ? 1 - 0.4 * 0.4 : 0.4 * 0.4, Area(z, level), 1e-3);
    }

    [Fact]
    public void A_region_has_the_area_of_what_lies_above()
    {
        const int N = 41;
        Assert.Equal(40 * 40 - Math.PI * 100, Area(Bowl(N), 100), 1.5);
        Assert.Equal(1600, Area(Bowl(N), double.NegativeInfinity), 1e-6);
        Assert.Equal(0, Area(Bowl(N), 1e6), 1e-6);
    }

    [Fact]
    public void Cells_with_a_missing_corner_are_left_out()
    {
        double[,] z = Bowl(11);
        z[5, 5] = double.NaN;
        Assert.Equal(100 - 4, Area(z, double.NegativeInfinity), 1e-6);
    }

    private static double[,] Bowl(int n)
    {
        double[,] z = new double[n, n];
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++) z[i, j] = Math.Pow(i - (n - 1) / 2, 2) + Math.Pow(j - (n - 1) / 2, 2);
        return z;
    }

    /// <summary>The area of all polygons of a region, by the shoelace formula.</summary>
    private static double Area(double[,] z, double level)
    {
        double area = 0;
        foreach (string polygon in Isolines.Region(z, level, (x, y) => (1000 * x, 1000 * y))
            .Split('Z', StringSplitOptions.RemoveEmptyEntries))
        {
            double[][] p = [.. polygon[1..].Split('L')
                .Select(
                    s => s.Split(' ').Select(v => double.Parse(v, System.Globalization.CultureInfo.InvariantCulture) / 1000).ToArray())];
            for (int k = 0; k < p.Length; k++) area += (p[k][0] * p[(k + 1) % p.Length][1] - p[(k + 1) % p.Length][0] * p[k][1]) / 2;
        }
        return area;
    }
}
