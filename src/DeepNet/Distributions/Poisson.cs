using DeepNet.Devices.Cpu;

namespace DeepNet.Distributions;

/// <summary>Represents the Poisson distribution of counts. Samples are drawn on the processor, and are of the type of the rate.</summary>
public sealed class Poisson : Distribution
{
    /// <summary>Initializes a Poisson distribution from its rate, which is not negative.</summary>
    public Poisson(Tensor rate) : base(rate?.Shape ?? throw new ArgumentNullException(nameof(rate)))
    {
        Rate = Parameters.Of("poisson", rate);
        Parameters.Require("poisson", "rate", Rate, x => (x >= 0) & x.IsFinite(), "finite and not negative");
    }

    /// <summary>Gets the rate.</summary>
    public Tensor Rate { get; }

    /// <inheritdoc/>
    public override Tensor Mean => Rate;

    /// <inheritdoc/>
    public override Tensor Variance => Rate;

    /// <inheritdoc/>
    protected override Tensor Draw(Shape shape, Generator? generator)
    {
        Tensor rate = GammaMoment.Host(Rate).Expand(shape).Contiguous(), counts = Tensor.Allocate(shape, DType.Float64, Device.Cpu);
        RejectionLoop.Poisson(rate, (generator ?? Generator.Default).Reserve((ulong)counts.Count), counts);
        return counts.To(Rate.DType).To(Rate.Device);
    }

    /// <inheritdoc/>
    public override Tensor LogProb(Tensor value)
    {
        value = Parameters.Value(value, Rate);
        return Parameters.Within(value, (value >= 0) & value.Equal(value.Floor()), 0, k => k.XLogY(Rate) - Rate - (k + 1).LogGamma());
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A sum over the counts for rates up to 100, beyond that an expansion; exact to 1e-12. Of the rate 0 there is no gradient.
    /// </remarks>
    public override Tensor Entropy()
    {
        var rate = GammaMoment.Host(Rate);
        Tensor isPositive = rate > 0, isSmall = isPositive & (rate <= 100);
        var entropy = Tensor.Where(isSmall, Sum(Tensor.Where(isSmall, rate, 1.0)), Expansion(Tensor.Where(rate > 100, rate, 100.0)));
        return Tensor.Where(isPositive, entropy, 0.0).To(Rate.DType).To(Rate.Device);

        // Of −p·ln p, of which no more than 300 terms are anything.
        static Tensor Sum(Tensor rate)
        {
            var k = Tensor.Arange(0, 300, 1, DType.Float64).Reshape([300, .. Enumerable.Repeat(1, rate.Rank)]);
            var logP = k * rate.Log() - rate - (k + 1).LogGamma();
            return -(logP.Exp() * logP).Sum(0);
        }

        static Tensor Expansion(Tensor rate)
        {
            var (x, series) = (1 / rate, Tensor.ZerosLike(rate));
            foreach (double term in (double[])[1375.0 / 1008, 863.0 / 2520, 9.0 / 80, 19.0 / 360, 1.0 / 24, 1.0 / 12])
                series = (series + term) * x;
            return 0.5 * (2 * Math.PI * Math.E * rate).Log() - series;
        }
    }

    /// <inheritdoc/>
    public override Tensor Cdf(Tensor value)
    {
        value = Parameters.Value(value, Rate);
        var isInside = value >= 0;
        return Tensor.Where(isInside, 1 - GammaMoment.LowerTail(Tensor.Where(isInside, value, 0.0).Floor() + 1, Rate), 0.0);
    }

    /// <inheritdoc/>
    protected internal override Tensor? DivergenceFrom(Distribution other)
        => other is Poisson q ? Rate.XLogY(Rate) - Rate.XLogY(q.Rate) - Rate + q.Rate : null;
}
