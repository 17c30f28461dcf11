using DeepNet.Nn;

namespace DeepNet.Analysis.Tests.Landscapes;

public class LandscapeTests
{
    [Fact]
    public void A_line_through_a_quadratic_is_a_parabola()
    {
        var objective = Problems.Quadratic(Problems.Diagonal(2, 8), [1, 0]);
        var line = LossLandscape.Line(objective, new Direction([1, 1]), -1, 1, 5);
        Assert.Equal([-1, -0.5, 0, 0.5, 1], line.At);
        for (int i = 0; i < 5; i++) Assert.Equal(Math.Pow(1 + line.At[i], 2) + 4 * line.At[i] * line.At[i], line.Loss[i], 1e-14);
    }

    [Fact]
    public void A_plane_has_x_along_its_columns()
    {
        var objective = Problems.Quadratic(Problems.Diagonal(2, 8));
        var plane = LossLandscape.Plane(objective, new Direction([1, 0]), new Direction([0, 1]), [0, 1, 2], [0, 3]);
        Assert.Equal(4, plane.Loss[0, 2], 1e-14);
        Assert.Equal(4 * 9, plane.Loss[1, 0], 1e-14);
    }

    [Fact]
    public void Between_two_solutions_it_starts_at_one_and_ends_at_the_other()
    {
        var objective = Problems.Product(1, 1, out _);
        var line = LossLandscape.Between(objective, [1, 1], [-1, -1], beyond: 0, points: 21);
        Assert.Equal(0, line.Loss[0], 1e-14);
        Assert.Equal(0, line.Loss[20], 1e-14);
        Assert.Equal(1, line.Barrier(), 1e-14);         // over the saddle at the origin
        Assert.Equal([1, 1], objective.Position);
    }

    [Fact]
    public void Filters_are_as_long_as_those_of_the_model_and_biases_stay()
    {
        var (model, objective) = Problems.Network(6, DType.Float64);
        var elements = Direction.Random(objective, 5).Elements;
        int at = 0;
        foreach (var p in model.Parameters())
        {
            int count = (int)p.Value.Count;
            double[] part = [.. elements.Skip(at).Take(count)], values = p.Value.ToArray<double>();
            if (p.Shape.Rank == 1) Assert.All(part, v => Assert.Equal(0, v));
            else
                for (int row = 0; row < p.Shape[0]; row++)
                    Assert.Equal(Length(values, row, p.Shape[1]), Length(part, row, p.Shape[1]), 1e-12);
            at += count;
        }

        static double Length(double[] all, int row, int columns) => Math.Sqrt(all.Skip(row * columns).Take(columns).Sum(v => v * v));
    }

    [Fact]
    public void Other_scales()
    {
        var (model, objective) = Problems.Network(6, DType.Float64);
        double length = Math.Sqrt(objective.Position.Sum(v => v * v));
        Assert.Equal(length, Direction.Random(objective, 5, FilterScale.Model).Norm, 1e-12);
        Assert.Equal(length, Direction.Random(objective, 5, FilterScale.Layer).Norm, 1e-12);
        Assert.NotEqual(length, Direction.Random(objective, 5, FilterScale.None).Norm, 1e-3);
    }

    [Fact]
    public void At_a_right_angle()
    {
        Direction a = new([1, 2, 3]), b = new Direction([3, -1, 1]).OrthogonalTo(a);
        Assert.Equal(0, a.Elements.Zip(b.Elements, (x, y) => x * y).Sum(), 1e-13);
        Assert.Equal(Math.Sqrt(11), b.Norm, 1e-13);
        Assert.Contains("parallel", Assert.Throws<ArgumentException>(() => a.Times(2).OrthogonalTo(a)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_and_running_statistics_come_back_bit_for_bit()
    {
        var model = new Sequential(new Linear(2, 4), new BatchNorm1d(4), new Linear(4, 1));
        var x = Tensor.Randn(16, 2);
        var objective = new Objective(() => model.Forward(x).Square().Mean(), model);
        var before = model.State().ToDictionary(p => p.Key, p => p.Value.ToArray<double>());
        LossLandscape.Plane(objective, Direction.Random(objective, 1), Direction.Random(objective, 2), points: 3);
        Assert.All(model.State(), p => Assert.Equal(before[p.Key], p.Value.ToArray<double>()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Parameters_come_back_after_a_cancellation_and_after_an_exception(bool cancelled)
    {
        var w = Tensor.From(0.1f, 0.7f, float.Epsilon).WithGrad();
        int calls = 0;
        using var source = new CancellationTokenSource();
        var objective = new Objective(() =>
        {
            if (++calls == 4 && cancelled) source.Cancel();
            else if (calls == 4) throw new InvalidOperationException("no more");
            return w.Square().Sum();
        }, w);
        var before = objective.Position;
        Assert.ThrowsAny<Exception>(() => LossLandscape.Line(objective, new Direction([1, 1, 1]), cancellation: source.Token));
        Assert.Equal(before, objective.Position);
        Assert.InRange(calls, 4, 4);
    }

    [Fact]
    public void Mistakes_are_named()
    {
        var objective = Problems.Quadratic(Problems.Diagonal(1, 2));
        Assert.Contains(
            "another model", Assert.Throws<ArgumentException>(() => LossLandscape.Line(objective, new Direction([1]))).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "ascending", Assert.Throws<ArgumentException>(() => LossLandscape.Line(objective, new Direction([1, 1]), 1, -1)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "FilterScale", Assert.Throws<InvalidOperationException>(() => Direction.Random(objective)).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.Throws<ArgumentException>(() => new Direction([double.NaN])).Message, StringComparison.Ordinal);
    }
}
