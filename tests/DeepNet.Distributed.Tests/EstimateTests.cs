using DeepNet.Nn;

namespace DeepNet.Distributed.Tests;

/// <summary>The model of what more ranks bring.</summary>
public class EstimateTests
{
    [Fact]
    public void Times_are_those_of_the_ring()
    {
        var model = new Linear(1000, 1000, bias: false);            // 4 MB
        var wire = new Interconnect("test", TimeSpan.FromMilliseconds(1), 1e9);
        var estimate = Distributed.Estimate(model, TimeSpan.FromMilliseconds(120), wire);
        Assert.Equal(4_000_000, estimate.GradientBytes);
        Assert.Equal(0, estimate.Communication(1).TotalMilliseconds);
        Assert.Equal(6 + 6, estimate.Communication(4).TotalMilliseconds, 1e-3);         // 6 messages, 1.5 times 4 MB
        Assert.Equal(30, estimate.Step(4).TotalMilliseconds, 1e-3);                     // hidden behind 20 ms
        Assert.Equal(15 + (14 + 7 - 10), estimate.Step(8).TotalMilliseconds, 1e-3);      // of 21 ms, 10 are hidden
        Assert.Equal(1, estimate.Efficiency(4), 1e-6);
        Assert.Equal(2_000_000, Distributed.Estimate(model, TimeSpan.FromMilliseconds(120), wire, DType.BFloat16).GradientBytes);
    }

    [Fact]
    public void It_pays_up_to_where_less_than_the_efficiency_is_left()
    {
        var model = new Linear(1000, 1000, bias: false);
        foreach (var wire in (Interconnect[])[Interconnect.Ethernet1G, Interconnect.Ethernet10G, Interconnect.NVLink])
        {
            var estimate = Distributed.Estimate(model, TimeSpan.FromMilliseconds(200), wire);
            int most = estimate.MostRanks();
            Assert.True(estimate.Efficiency(most) >= 0.8 && estimate.Efficiency(2 * most) < 0.8, estimate.ToString());
            Assert.Contains($"up to {most} ranks", estimate.ToString());
        }
        Assert.True(Distributed.Estimate(model, TimeSpan.FromMilliseconds(200), Interconnect.NVLink).MostRanks()
            > Distributed.Estimate(model, TimeSpan.FromMilliseconds(200), Interconnect.Ethernet1G).MostRanks());
    }
}
