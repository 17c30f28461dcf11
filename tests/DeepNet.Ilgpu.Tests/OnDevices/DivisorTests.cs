namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>Division by multiplication, at its edges.</summary>
public class DivisorTests
{
    [Fact]
    public void Is_exact()
    {
        var random = new Random(1);
        long[] some = [1, 2, 3, 4, 5, 7, 10, 25, 31, 32, 33, 100, 641, 784, 65535, 65536, 65537, (1 << 30) - 1, 1 << 30, (1 << 30) + 1,
            int.MaxValue - 1, int.MaxValue];
        long[] divisors = [.. some, .. Enumerable.Range(0, 300).Select(_ => 1L + random.Next(1 << random.Next(1, 31)))];
        foreach (long d in divisors)
        {
            var divisor = new Divisor(d);
            Assert.Equal(d, divisor.Value);
            foreach (long n in (long[])[0, 1, d - 1, d, d + 1, 2 * d - 1, int.MaxValue / d * d - 1, int.MaxValue / d * d, .. some,
                .. Enumerable.Range(0, 100).Select(_ => (long)random.Next())])
            {
                if (n is < 0 or > int.MaxValue) continue;
                Assert.Equal((uint)(n / d), divisor.Of((uint)n));
                Assert.Equal(n / d, divisor.Of(n));
            }
            foreach (long n in (long[])[1L << 31, 1L << 32, (1L << 40) + 12345, long.MaxValue]) Assert.Equal(n / d, divisor.Of(n));
        }
        Assert.Equal(3, new Divisor(1L << 33).Of((3L << 33) + 5));
        Assert.Equal(0, new Divisor(1L << 33).Of(5L));
    }
}
