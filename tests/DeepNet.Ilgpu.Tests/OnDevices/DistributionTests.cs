using DeepNet.Distributions;

namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Samples of a device beside those of the processor.</summary>
public class DistributionTests
{
    public static TheoryData<string> Rows => AllDevices.Rows;

    private static Tensor Parameter(Device device, params float[] values) => Tensor.From<float>(values).To(device);

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void What_is_drawn_on_the_processor_has_the_same_bits(string name)
    {
        Func<Device, Distribution>[] families =
        [
            d => new Gamma(Parameter(d, 0.3f, 1.5f, 40), Parameter(d, 2)),
            d => new Beta(Parameter(d, 0.3f, 1.5f), Parameter(d, 2)),
            d => new Dirichlet(Parameter(d, 0.5f, 1, 7)),
            d => new Poisson(Parameter(d, 0.5f, 9, 70)),
            d => new Categorical(Parameter(d, 0.5f, 2, 1)),
        ];
        foreach (var family in families) Check(Device.Parse(name), family, ulp: 0);
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void What_is_drawn_on_the_device_differs_by_the_rounding_of_its_functions(string name)
    {
        var device = Device.Parse(name);
        // Bits of uniform numbers are equal; what follows from them by logarithms, cosines and exponentials is within a few units.
        Check(device, d => new Uniform(Parameter(d, -1, 2), Parameter(d, 3)), ulp: 1);
        Check(device, d => new Bernoulli(Parameter(d, 0.2f, 0.9f)), ulp: 0);
        Check(device, d => new Normal(Parameter(d, 0), Parameter(d, 1, 2)), ulp: 16);

        var logits = Tensor.Randn(new Shape(200, 5), generator: new Generator(1));
        Tensor expected = logits.GumbelSoftmax(generator: new Generator(2)),
            actual = logits.To(device).GumbelSoftmax(generator: new Generator(2));
        Same.Check("gumbel", expected, actual, 1e-5);
        var weights = logits.Exp();
        Assert.Equal(weights.Multinomial(3, generator: new Generator(3)).ToArray<long>(),
            weights.To(device).Multinomial(3, generator: new Generator(3)).ToArray<long>());
    }

    private static void Check(Device device, Func<Device, Distribution> family, int ulp)
    {
        Tensor expected = family(Device.Cpu).Sample([500], new Generator(4)), actual = family(device).Sample([500], new Generator(4));
        Assert.Same(device, actual.Device);
        double[] e = expected.ToArray<double>(), a = actual.ToArray<double>();
        for (int i = 0; i < e.Length; i++)
            Assert.True(Math.Abs(a[i] - e[i]) <= ulp * Math.Max(1, Math.Abs(e[i])) / (1 << 23), $"{a[i]:R}, on the processor {e[i]:R}");
    }

    [DeviceTheory]
    [MemberData(nameof(Rows))]
    public void Gradients_of_samples_are_those_of_the_processor(string name)
    {
        var device = Device.Parse(name);
        Tensor a = Parameter(device, 0.3f, 1.5f, 40).WithGrad(), expected = Parameter(Device.Cpu, 0.3f, 1.5f, 40).WithGrad();
        new Gamma(a, Parameter(device, 2)).RSample([5], new Generator(6)).Sum().Backward();
        new Gamma(expected, Parameter(Device.Cpu, 2)).RSample([5], new Generator(6)).Sum().Backward();
        Same.Check("gradient", expected.Grad!, a.Grad!, 1e-6);
    }
}
