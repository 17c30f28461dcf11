
namespace DeepNet.Plots.Tests;

public class TickTests
{
    [Theory]
    [InlineData(0, 1, 5, new[] { "0", "0.2", "0.4", "0.6", "0.8", "1.0" })]
    [InlineData(-3, 12, 4, new[] { "0", "5", "10" })]
    [InlineData(0, 1e6, 5, new[] { "0", "0.2M", "0.4M", "0.6M", "0.8M", "1.0M" })]
    [InlineData(0, 40000, 4, new[] { "0", "10k", "20k", "30k", "40k" })]
    [InlineData(0.97, 0.99, 4, new[] { "0.970", "0.975", "0.980", "0.985", "0.990" })]
    [InlineData(-2e-6, 2e-6, 4, new[] { "−2e−6", "−1e−6", "0", "1e−6", "2e−6" })]
    [InlineData(100000, 100004, 4, new[] { "100000", "100001", "100002", "100003", "100004" })]
    public void Linear_ticks_are_round(double low, double high, double target, string[] expected)
        => Assert.Equal(expected, Ticks.Linear(low, high, target).Select(t => t.Label));

    [Fact]
    public void Steps_are_1_2_or_5_times_a_power_of_ten_and_no_more_than_asked_for()
    {
        for (int i = 0; i < 500; i++)
        {
            double span = Math.Pow(10, -8 + i * 0.04), target = 2 + i % 9, step = Ticks.Step(span, target);
            double mantissa = step / Math.Pow(10, Compact.Exponent(step));
            Assert.Contains(Math.Round(mantissa, 9), (double[])[1, 2, 5]);
            Assert.True(span / step <= target * (1 + 1e-9), $"{span} {target} {step}");
            Assert.True(span / step >= target / 2.6, $"{span} {target} {step}");
        }
    }

    [Fact]
    public void Whole_numbers_have_no_halves()
        => Assert.Equal(["1", "2", "3"], Ticks.Linear(1, 3, 8, wholeNumbers: true).Select(t => t.Label));

    [Fact]
    public void Log_ticks_are_powers_with_minor_ones_at_their_multiples()
    {
        var ticks = Ticks.Log(1e-5, 1e2, 10);
        Assert.Equal(
            ["10⁻⁵", "10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰", "10¹", "10²"], ticks.Where(t => t.Label is not null).Select(t => t.Label));
        Assert.Equal(7 * 8, ticks.Count(t => t.Label is null));
        Assert.Equal([2e-5, 3e-5], ticks.Where(t => t.Label is null).Take(2).Select(t => t.Value), (a, b) => Math.Abs(a / b - 1) < 1e-12);
    }

    [Fact]
    public void Log_ticks_within_reach_are_plain_numbers()
        => Assert.Equal(["0.01", "0.1", "1", "10", "100"], Ticks.Log(0.01, 100, 8).Where(t => t.Label is not null).Select(t => t.Label));

    [Fact]
    public void Over_many_decades_powers_are_skipped_evenly()
        => Assert.Equal(
            ["10⁻²⁰", "10⁻¹⁵", "10⁻¹⁰", "10⁻⁵", "10⁰"], Ticks.Log(1e-21, 10, 5).Where(t => t.Label is not null).Select(t => t.Label));

    [Fact]
    public void Short_log_ranges_still_have_ticks()
    {
        Assert.Equal(["1", "2", "5", "10"], Ticks.Log(0.9, 11, 8).Where(t => t.Label is not null).Select(t => t.Label));
        Assert.True(Ticks.Log(3, 8, 4).Count >= 3);
        Assert.True(Ticks.Log(0.31, 0.33, 4).Count >= 3);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(-12.345, "−12.3")]
    [InlineData(0.000123456, "0.000123")]
    [InlineData(0.0000123456, "1.23e−5")]
    [InlineData(9999, "9999")]
    [InlineData(12345, "12.3k")]
    [InlineData(999960, "1M")]
    [InlineData(2.5e9, "2.5G")]
    [InlineData(-1e20, "−1e20")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "−∞")]
    public void Numbers_are_short(double value, string expected) => Assert.Equal(expected, Compact.Number(value));
}
