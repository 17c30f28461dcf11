namespace DeepNet.Tests.Formulas;

/// <summary>A formula's setting is the double that it was made of, and beside it what kernels compute with.</summary>
public class SettingTests
{
    [Theory]
    [InlineData(0.1, 0.1f, 0)]
    [InlineData(-0.0, -0f, 0)]
    [InlineData(-2.9, -2.9f, -2)]
    [InlineData(1e300, float.PositiveInfinity, long.MaxValue)]
    [InlineData(double.NegativeInfinity, float.NegativeInfinity, long.MinValue)]
    [InlineData(4503599627370497.0, 4503599627370496f, 4503599627370497)]
    public void Keeps_its_bits_and_what_they_round_to(double value, float single, long whole)
    {
        var setting = new Setting(value);
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(setting.Value));
        Assert.Equal((BitConverter.SingleToInt32Bits(single), whole), (BitConverter.SingleToInt32Bits(setting.Single), setting.Whole));
        Assert.Equal(setting, new Setting(value));
        Assert.True(setting != new Setting(value + Math.Max(1, Math.Abs(value))) || double.IsInfinity(value));
    }

    [Fact]
    public void A_formula_that_nobody_gave_anything_has_zeros()
        => Assert.Equal((0.0, 0f, 0L), (default(Setting).Value, default(Setting).Single, default(Setting).Whole));
}
