namespace DeepNet.Analysis.Tests.Curvature;

public class HessianSpectrumTests
{
    [Theory]
    [InlineData(DType.Float32, 1e-5)]
    [InlineData(DType.Float64, 1e-12)]
    public void Quadratics_have_the_eigenvalues_of_their_matrix(DType dtype, double tolerance)
    {
        var a = Problems.Random(12, 7);
        var objective = Problems.Quadratic(a, [.. Enumerable.Range(0, 12).Select(i => i * 0.1)], dtype);
        var expected = new SymmetricMatrix(a).Eigen().Values;
        var full = HessianSpectrum.Full(objective);
        var ends = HessianSpectrum.Extreme(objective, 2, 2);
        for (int i = 0; i < 12; i++) Assert.Equal(expected[i], full.Values[i], tolerance);
        Assert.Equal(expected[11], ends.Largest[0].Value, tolerance);
        Assert.Equal(expected[10], ends.Largest[1].Value, tolerance);
        Assert.Equal(expected[0], ends.Smallest[0].Value, tolerance);
    }

    [Fact]
    public void Network_of_two_weights_has_eigenvalues_plus_and_minus_two_at_the_origin()
    {
        var spectrum = HessianSpectrum.Full(Problems.Product(0, 0, out _));
        Assert.Equal(-2, spectrum.Values[0], 1e-14);
        Assert.Equal(2, spectrum.Values[1], 1e-14);
        // Down along w₁ = w₂: towards w₁w₂ = 1.
        Assert.Equal(spectrum.Vector(0)[0], spectrum.Vector(0)[1], 1e-14);
    }

    [Fact]
    public void Lanczos_agrees_with_the_full_spectrum_of_two_thousand_parameters()
    {
        var (model, objective) = Problems.Network(hidden: 42);
        Assert.InRange(model.ParameterCount, 1900, 2100);
        var full = HessianSpectrum.Full(objective, vectors: false);
        var ends = HessianSpectrum.Extreme(objective, largest: 3, smallest: 3);
        Assert.True(ends.IsConverged);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(full.Values[^(i + 1)], ends.Largest[i].Value, 1e-4);
            Assert.Equal(full.Values[i], ends.Smallest[i].Value, 1e-4);
        }
        var trace = HessianSpectrum.Trace(objective, samples: 100, seed: 1);
        Assert.InRange(full.Values.Sum(), trace.Mean - 3 * trace.StandardError, trace.Mean + 3 * trace.StandardError);
    }

    [Fact]
    public void Results_are_the_same_every_time()
    {
        var (_, objective) = Problems.Network(hidden: 8);
        Assert.Equal(HessianSpectrum.Extreme(objective).Largest[0].Value, HessianSpectrum.Extreme(objective).Largest[0].Value);
        Assert.Equal(HessianSpectrum.Trace(objective, 10), HessianSpectrum.Trace(objective, 10));
        Assert.NotEqual(HessianSpectrum.Trace(objective, 10, seed: 1), HessianSpectrum.Trace(objective, 10, seed: 2));
    }

    [Fact]
    public void Looking_at_curvature_changes_nothing()
    {
        var (model, objective) = Problems.Network(hidden: 6);
        double[] before = objective.Position;
        Memory.Reclaim();
        long live = Memory.LiveBytes;
        HessianSpectrum.Full(objective);
        HessianSpectrum.Density(objective, probes: 2, steps: 5);
        Assert.Equal(before, objective.Position);
        Assert.All(model.Parameters(), p => Assert.Null(p.Grad));
        Memory.Reclaim();
        Assert.Equal(live, Memory.LiveBytes);
    }

    [Fact]
    public void A_parameter_that_the_loss_does_not_use_has_no_curvature()
    {
        Tensor used = Tensor.From(3.0).WithGrad(), unused = Tensor.From(1.0, 2.0).WithGrad();
        var spectrum = HessianSpectrum.Full(new Objective(() => used.Square(), used, unused));
        Assert.Equal([0, 0, 2], spectrum.Values);
    }

    [Fact]
    public void A_loss_without_curvature_has_a_zero_Hessian()
    {
        var w = Tensor.From(1.0, 2.0).WithGrad();
        Assert.Equal([0, 0], HessianSpectrum.Full(new Objective(() => w.Sum(), w)).Values);
    }

    [Fact]
    public void Progress_and_cancellation()
    {
        var (_, objective) = Problems.Network(hidden: 4);
        var told = new ProgressList();
        HessianSpectrum.Trace(objective, 7, progress: told);
        Assert.Equal(7, told.Reports.Count);
        Assert.Equal(1, told.Reports[^1].Fraction);
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => HessianSpectrum.Full(objective, cancellation: source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => HessianSpectrum.Extreme(objective, cancellation: source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => HessianSpectrum.Trace(objective, cancellation: source.Token));
        Assert.ThrowsAny<OperationCanceledException>(() => HessianSpectrum.Density(objective, cancellation: source.Token));
    }

    [Fact]
    public void A_loss_that_is_not_finite_is_named()
    {
        var w = Tensor.From(0.0, -1.0).WithGrad();
        var objective = new Objective(() => w.Log().Sum(), w);
        Assert.Contains(
            "NaN", Assert.Throws<ArithmeticException>(() => HessianSpectrum.Extreme(objective)).Message, StringComparison.Ordinal);
    }
}
