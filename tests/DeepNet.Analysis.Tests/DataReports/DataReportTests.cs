using System.Globalization;
using System.Text;
using DeepNet.Data;

namespace DeepNet.Analysis.Tests.DataReports;

public class DataReportTests
{
    // Columns of several distributions, of which the first two say what the class is.
    private static (double[,] X, int[] Labels) Clean(ulong seed, int count, double shift = 0)
    {
        var generator = new Generator(seed);
        double[] n = Tensor.Randn(new Shape(count, 4), DType.Float64, generator: generator).ToArray<double>();
        var (x, labels) = (new double[count, 6], new int[count]);
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % 3;
            x[i, 0] = 4 * (labels[i] == 1 ? 1 : 0) + 0.7 * n[4 * i];
            x[i, 1] = 4 * (labels[i] == 2 ? 1 : 0) + 0.7 * n[4 * i + 1];
            x[i, 2] = 100 + 20 * n[4 * i + 2] + shift;
            x[i, 3] = -Math.Log(1 - generator.NextDouble());
            x[i, 4] = generator.NextDouble();
            x[i, 5] = Math.Floor(5 * generator.NextDouble());
        }
        return (x, labels);
    }

    private static DataReport Report(double[,] x, int[]? labels = null, double[,]? other = null)
        => DataReport.Of(Tensor.From(x), labels is null ? null : Tensor.From<int>(labels), other is null ? null : Tensor.From(other));

    private static IEnumerable<DataProblem> Kinds(DataReport report) => report.Findings.Select(f => f.Problem).Distinct().Order();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nothing_is_claimed_of_a_clean_table(ulong seed)
    {
        var (x, labels) = Clean(seed, 600);
        var report = Report(x, labels, Clean(seed + 10, 400).X);
        Assert.Empty(report.Findings);
        Assert.Equal("600 examples, nothing found.", report.ToString());
        Assert.Equal([200, 200, 200], report.Classes.Select(c => c.Count));
        Assert.Equal(["x0", "x1", "x2", "x3", "x4", "x5"], report.Columns.Select(c => c.Name));
        Assert.Equal(6, report.Drift.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Wrong_labels_are_found_and_few_right_ones_suspected(ulong seed)
    {
        var (x, labels) = Clean(seed, 600);
        int[] wrong = [.. Enumerable.Range(0, 20).Select(i => 29 * i + 7)];
        foreach (int i in wrong) labels[i] = (labels[i] + 1) % 3;
        var report = Report(x, labels);
        Assert.Equal([DataProblem.LabelNoise], Kinds(report));
        int found = report.Suspects.Count(s => wrong.Contains(s.Example));
        Assert.True(found >= 12 && found >= 0.9 * report.Suspects.Count,
            $"{found} of {wrong.Length}, and {report.Suspects.Count - found} others");
        Assert.All(report.Suspects.Where(s => wrong.Contains(s.Example)), s => Assert.Equal((s.Likely + 1) % 3, s.Given));
    }

    [Fact]
    public void Outliers_are_found_on_both_sides_and_skew_is_none()
    {
        var (x, labels) = Clean(4, 600);
        (x[17, 2], x[300, 2], x[44, 3]) = (400, -250, 60);
        var report = Report(x, labels);
        Assert.Equal([DataProblem.Outliers], Kinds(report));
        Assert.Equal(["x2", "x3"], report.Findings.Select(f => f.Where));
        Assert.Equal([300, 17], report.Findings[0].Examples);
        Assert.Equal([44], report.Findings[1].Examples);
        Assert.InRange(report.Columns[2].Numbers!.UsualHigh, 220, 320);
    }

    [Fact]
    public void Missing_values_constants_and_twins_among_columns()
    {
        var (x, _) = Clean(5, 300);
        for (int i = 0; i < 300; i++)
        {
            if (i % 50 == 3) x[i, 4] = double.NaN;
            x[i, 5] = 7;
            x[i, 3] = -2 * x[i, 2] + 0.1 * x[i, 0];
        }
        var report = Report(x);
        Assert.Equal([DataProblem.Missing, DataProblem.Constant, DataProblem.Correlation], Kinds(report));
        var missing = report.Findings.Single(f => f.Problem == DataProblem.Missing);
        Assert.Equal("'x4' is missing in 6 of 300 examples.", missing.Text);
        Assert.Equal([3, 53, 103, 153, 203, 253], missing.Examples);
        Assert.Equal("x5", report.Findings.Single(f => f.Problem == DataProblem.Constant).Where);
        Assert.Equal(("x2", "x3"), (report.Correlations[0].First, report.Correlations[0].Second));
        Assert.InRange(report.Correlations[0].Correlation, -1, -0.999);
        Assert.InRange(Math.Abs(report.Correlations[1].Correlation), 0, 0.7);
    }

    [Fact]
    public void Rare_classes_are_an_imbalance()
    {
        var (x, labels) = Clean(6, 400);
        for (int i = 0; i < 400; i++)
            if (labels[i] == 2 && i > 40)
            {
                labels[i] = 0;
                (x[i, 0], x[i, 1]) = (x[i, 0], x[i, 1] - 4);
            }
        var report = Report(x, labels);
        Assert.Equal([DataProblem.Imbalance], Kinds(report));
        Assert.StartsWith("Class '2' has 13 examples", report.Findings[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Copies_are_found_although_they_differ_a_little(ulong seed)
    {
        var (x, labels) = Clean(seed + 6, 500);
        foreach (var (from, to) in new[] { (3, 450), (120, 121), (7, 8) })
        {
            labels[to] = labels[from];
            for (int f = 0; f < 6; f++) x[to, f] = x[from, f] + (f == 2 ? 0.02 : 0);
        }
        var report = Report(x, labels);
        Assert.Equal([DataProblem.Duplicates], Kinds(report));
        Assert.Equal([(3, 450), (7, 8), (120, 121)], report.Duplicates.Select(d => (d.First, d.Second)).Order());
        Assert.All(report.Duplicates, d => Assert.InRange(d.Distance, 0, 0.05));
    }

    [Fact]
    public void Columns_that_moved_drift_and_others_do_not()
    {
        var report = Report(Clean(8, 500).X, null, Clean(9, 500, shift: 12).X);
        Assert.Equal([DataProblem.Drift], Kinds(report));
        Assert.Equal("x2", report.Findings.Single().Where);
        Assert.Equal(("x2", true), (report.Drift[0].Column, report.Drift[0].IsDrift));
        Assert.InRange(report.Drift[0].Difference, 0.15, 0.35);        // Φ(0.3) − Φ(−0.3) = 0.236
        Assert.True(report.Drift[0].PValue < 1e-6);
    }

    [Fact]
    public void The_tests_of_drift_give_the_probabilities_of_tables()
    {
        // scipy: special.kolmogorov((√20 + 0.12 + 0.11 / √20) · 0.3), ks_2samp's exact value being 0.0541;
        // and chi2_contingency([[30, 50, 20], [45, 35, 20]], correction=False).
        double[] a = [.. Enumerable.Range(0, 40).Select(i => (double)i)];
        var (difference, p) = DriftTest.Numbers(a, [.. a.Select(v => v + 12)]);
        Assert.Equal(0.3, difference, 1e-12);
        Assert.Equal(0.0431349, p, 1e-6);
        static string[] Draw(params int[] counts) => [.. counts.SelectMany((n, c) => Enumerable.Repeat(((char)('a' + c)).ToString(), n))];
        (difference, p) = DriftTest.Categories(Draw(30, 50, 20), Draw(45, 35, 20));
        Assert.Equal(0.15, difference, 1e-12);
        Assert.Equal(0.0593959, p, 1e-6);
    }

    [Fact]
    public void Chance_alone_seldom_drifts()
    {
        int drifts = 0;
        for (ulong seed = 0; seed < 40; seed++)
        {
            Tensor Draw(ulong key) => Tensor.Randn(new Shape(60, 8), generator: new Generator(key));
            drifts += DataReport.Of(Draw(seed), other: Draw(1000 + seed)).Drift.Count(d => d.IsDrift);
        }
        Assert.Equal(0, drifts);
    }

    [Fact]
    public void Tables_with_categories_come_from_files()
    {
        string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.csv");
        try
        {
            var generator = new Generator(3);
            var text = new StringBuilder("size,city,sold\n");
            for (int i = 0; i < 120; i++)
            {
                double size = 50 + 100 * generator.NextDouble();
                string city = i % 17 == 2 ? "" : generator.NextDouble() < 0.5 ? "Oslo" : "Rome";
                text.Append(CultureInfo.InvariantCulture, $"{size:F3},{city},{(size > 100 ? "yes" : "no")}\n");
            }
            File.WriteAllText(file, text.ToString());
            var report = DataReport.Of(CsvTable.Read(file), target: "sold");
            Assert.Equal([DataProblem.Missing], Kinds(report));
            Assert.Equal(["no", "yes"], report.Classes.Select(c => c.Name));
            Assert.Equal(["size", "city"], report.Columns.Select(c => c.Name));
            Assert.Equal(["Oslo", "Rome"], report.Columns[1].Categories!.Select(c => c.Name).Order());
            Assert.Equal(7, report.Columns[1].Missing);
            Assert.Throws<ArgumentException>(() => DataReport.Of(CsvTable.Read(file), target: "price"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Nothing_is_claimed_of_clean_pictures()
    {
        var report = DataReport.Of(SyntheticData.Digits(600, seed: 1), SyntheticData.Digits(300, seed: 2));
        Assert.True(report.Findings.Count == 0, report.ToString());
        Assert.Equal(["brightness", "contrast", "sharpness"], report.Columns.Select(c => c.Name));
        Assert.Equal("class", report.Drift.Single(d => d.Column == "class").Column);
    }

    [Fact]
    public void Problems_of_pictures_are_found()
    {
        var (x, y) = SyntheticData.Digits(1000, seed: 3).All();
        var pixels = new float[1000, 1, 28, 28];
        Buffer.BlockCopy(x.ToArray<float>(), 0, pixels, 0, 4 * pixels.Length);
        for (int row = 0; row < 28; row++)
            for (int column = 0; column < 28; column++)
            {
                pixels[500, 0, row, column] = Math.Min(1, pixels[40, 0, row, column] + 0.02f);       // a copy, a little brighter
                pixels[77, 0, row, column] = 1;                                                      // nothing but white
            }
        int[] labels = y.ToArray<int>();
        labels[500] = labels[40];
        int[] wrong = [.. Enumerable.Range(0, 40).Select(i => 23 * i + 11)];
        foreach (int i in wrong) labels[i] = (labels[i] + 5) % 10;
        var dark = SyntheticData.Digits(300, seed: 4).All().X * 0.5;
        var report = DataReport.Of(Tensor.From(pixels), Tensor.From<int>(labels), dark);
        Assert.Equal([DataProblem.Outliers, DataProblem.Duplicates, DataProblem.LabelNoise, DataProblem.Drift], Kinds(report));
        Assert.Equal([(40, 500)], report.Duplicates.Select(d => (d.First, d.Second)));
        Assert.All(report.Findings.Where(f => f.Problem == DataProblem.Outliers), f => Assert.Equal(77, f.Examples[0]));
        int found = report.Suspects.Count(s => wrong.Contains(s.Example));
        Assert.True(found >= 20 && found >= 0.75 * report.Suspects.Count, $"{found} of 40, and {report.Suspects.Count - found} others");
        string page = report.ToHtml().ToHtml();
        foreach (string word in new[] { "Findings", "Near-duplicates", "Suspected labels", "Drift", "data:image/png" })
            Assert.Contains(word, page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_a_table_shows_all_of_it_and_is_the_same_each_time()
    {
        var (x, labels) = Clean(4, 300);
        x[17, 2] = 400;
        var options = new DataReportOptions
        {
            ColumnNames = ["a", "b", "weight", "d", "e", "f"], ClassNames = ["low", "middle", "high"], Title = "Fish",
        };
        string Page() => DataReport.Of(Tensor.From(x), Tensor.From<int>(labels), options: options).ToHtml().ToHtml();
        string page = Page();
        foreach (string word in new[] { "Fish", "weight", "middle", "at its farthest", "Correlations", "<svg" })
            Assert.Contains(word, page, StringComparison.Ordinal);
        Assert.Equal(page, Page());
    }

    [Fact]
    public void Of_what_is_no_data_set_an_error_tells()
    {
        Assert.Throws<ArgumentException>(() => DataReport.Of(Tensor.Ones(3)));
        Assert.Throws<ArgumentException>(() => DataReport.Of(Tensor.Ones(3, 2), Tensor.From(1, 2)));
        Assert.Throws<ArgumentException>(() => DataReport.Of(Tensor.Ones(3, 2), Tensor.From(1, -1, 0)));
        Assert.Empty(DataReport.Of(Tensor.Rand(new Shape(3, 2), generator: new Generator(1))).Duplicates);
    }
}
