namespace DeepNet.Tests;

/// <summary>Conversions by whole vectors give what single elements give, at every length and for every kind of value.</summary>
public class VectorConversionTests
{
    private static readonly uint[] Interesting =
        [0, 0x80000000, 1, 0x7FFF, 0x8000, 0x8001, 0x17FFF, 0x18000, 0x3F808000, 0x3F818000, 0x7F7FFFFF, 0x7F7F8000, 0x7F800000, 0xFF800000,
            0x7F800001, 0xFFC00000, 0x7FFFFFFF];

    private static float[] Floats(int n)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, n)
            .Select(i => BitConverter.UInt32BitsToSingle(i < Interesting.Length ? Interesting[i] : (uint)random.NextInt64(1L << 32)))];
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    [InlineData(100_003)]
    public void Floats_round_to_bfloat16_as_one_by_one(int n)
    {
        float[] values = Floats(n);
        var rounded = Tensor.From<float>(values).To(DType.BFloat16);
        Assert.Equal(values.Select(v => ((BFloat16)v).Bits), rounded.ToArray<BFloat16>().Select(b => b.Bits));
        Assert.Equal(
            values.Select(v => BitConverter.SingleToUInt32Bits((float)(BFloat16)v)),
                rounded.To(DType.Float32).ToArray().Select(BitConverter.SingleToUInt32Bits));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(33)]
    [InlineData(70_001)]
    public void Numbers_convert_as_one_by_one(int n)
    {
        float[] values = Floats(n);
        double[] doubles = Tensor.From<float>(values).To(DType.Float64).ToArray<double>();
        Assert.Equal(values.Select(v => (double)v), doubles);
        double[] fine = [.. doubles.Select(d => d * 1.00000003)];
        Assert.Equal(fine.Select(d => (float)d), Tensor.From<double>(fine).To(DType.Float32).ToArray());
        int[] whole = [.. values.Select(v => (int)BitConverter.SingleToUInt32Bits(v))];
        Assert.Equal(whole.Select(i => (float)i), Tensor.From<int>(whole).To(DType.Float32).ToArray());
        bool[] flags = [.. whole.Select(i => (i & 1) != 0)];
        Assert.Equal(flags.Select(f => f ? 1f : 0f), Tensor.From<bool>(flags).To(DType.Float32).ToArray());
    }
}
