namespace DeepNet.Analysis.Tests.CriticalPoints;

public class CriticalPointTests
{
    [Theory]
    [InlineData(CriticalPointKind.Minimum, 1, 2.0, 3.0)]
    [InlineData(CriticalPointKind.Maximum, 0, -2.0, -3.0)]
    [InlineData(CriticalPointKind.Saddle, 0.5, 2.0, -3.0)]
    [InlineData(CriticalPointKind.Degenerate, 0.5, 2.0, 0.0)]
    [InlineData(CriticalPointKind.Degenerate, 0, 0.0, 0.0)]
    public void Kinds_by_the_signs_of_curvature(CriticalPointKind kind, double ratio, double a, double b)
    {
        var point = CriticalPoint.Here(Problems.Quadratic(Problems.Diagonal(a, b)));
        Assert.True(point.IsConverged);
        Assert.Equal(kind, point.Kind);
        Assert.Equal(ratio, point.MinimumRatio);
    }

    [Fact]
    public void A_saddle_with_flat_directions_is_a_saddle()
        => Assert.Equal(CriticalPointKind.Saddle, EigenvalueSigns.Of([-1, 0, 0, 1]).Kind);

    [Fact]
    public void The_origin_of_the_two_weight_network_is_a_saddle()
    {
        var objective = Problems.Product(0.1, 0.1, out var weights);
        var point = CriticalPointSearch.Find(objective);
        Assert.True(point.IsConverged);
        Assert.Equal(CriticalPointKind.Saddle, point.Kind);
        Assert.Equal(1, point.Loss, 1e-10);
        Assert.Equal(0, weights[0].Item<double>(), 1e-8);
    }

    [Fact]
    public void From_elsewhere_it_finds_the_valley_of_minima()
    {
        var point = CriticalPointSearch.Find(Problems.Product(1.5, 0.9, out _));
        Assert.True(point.IsConverged);
        Assert.Equal(0, point.Loss, 1e-12);
        Assert.Equal(new EigenvalueSigns(1, 0, 1), point.Signs);        // a valley: flat along w₁w₂ = 1
        Assert.Equal(CriticalPointKind.Degenerate, point.Kind);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(0)]
    public void A_saddle_of_a_quadratic_is_found_at_once_exactly_or_by_conjugate_gradients(int largestExact)
    {
        var objective = Problems.Quadratic(Problems.Diagonal(1, -2, 3, -0.5), [3, 1, -2, 1]);
        var point = CriticalPointSearch.Find(objective, new() { LargestExact = largestExact });
        Assert.True(point.IsConverged);
        Assert.InRange(point.Steps, 1, 12);
        Assert.All(point.Position, p => Assert.Equal(0, p, 1e-7));
        Assert.Equal(0.5, point.MinimumRatio);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(0)]
    public void A_saddle_of_a_network_is_found_exactly_or_by_conjugate_gradients(int largestExact)
    {
        var point = CriticalPointSearch.Find(Problems.Regression(seed: 8), new() { LargestExact = largestExact, GradientTolerance = 1e-6 });
        Assert.True(point.IsConverged, $"gradient {point.GradientNorm} after {point.Steps} steps");
        Assert.InRange(point.Steps, 5, 20);
        Assert.Equal(0.4219099, point.Loss, 1e-7);
        Assert.Equal(new EigenvalueSigns(10, 3, 0), point.Signs);
    }

    [Fact]
    public void Where_the_search_ends_without_a_critical_point_the_gradient_lies_in_the_null_space_of_the_Hessian()
    {
        var objective = Problems.Regression(seed: 1);
        var point = CriticalPointSearch.Find(objective);
        Assert.False(point.IsConverged);
        var slope = objective.Hessian().Multiply(objective.Gradient());
        Assert.All(slope, s => Assert.Equal(0, s, 1e-5 * point.GradientNorm));
    }

    [Fact]
    public void A_place_that_is_only_flat_is_not_taken_for_a_critical_point()
    {
        // f = x + y² has gradient 1 along x everywhere: ½‖g‖² has a minimum, f no critical point.
        Tensor x = Tensor.From(2.0).WithGrad(), y = Tensor.From(1.0).WithGrad();
        var point = CriticalPointSearch.Find(new Objective(() => x + y.Square(), x, y));
        Assert.False(point.IsConverged);
        Assert.Equal(1, point.GradientNorm, 1e-6);
    }

    [Fact]
    public void Cancelled_it_puts_the_parameters_back()
    {
        var (_, objective) = Problems.Network(3, DType.Float64);
        var before = objective.Position;
        using var source = new CancellationTokenSource();
        var told = new ProgressList(p =>
        {
            if (p.Done == 2) source.Cancel();
        });
        Assert.ThrowsAny<OperationCanceledException>(() => CriticalPointSearch.Find(objective, progress: told, cancellation: source.Token));
        Assert.Equal(before, objective.Position);
    }
}
