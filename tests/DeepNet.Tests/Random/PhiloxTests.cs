using System.Runtime.Intrinsics;

namespace DeepNet.Tests.RandomNumbers;

public sealed unsafe class PhiloxTests
{
    [Fact]
    public void Blocks_are_those_of_the_published_test_vectors()
    {
        Assert.Equal((0x6627E8D5u, 0xE169C58Du, 0xBC57AC4Cu, 0x9B00DBD8u), Philox.Block(0, 0, 0));
        Assert.Equal((0x408F276Du, 0x41C83B0Eu, 0xA20BC7C6u, 0x6D5451FDu), Philox.Block(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue));
        // The digits of pi, as words: counter 243f6a88 85a308d3 13198a2e 03707344, key a4093822 299f31d0.
        Assert.Equal(
            (0xD16CFE09u, 0x94FDCCEBu, 0x5001E420u, 0x24126EA1u),
            Philox.Block(0x299F31D0_A4093822, 0x03707344_13198A2E, 0x85A308D3_243F6A88));
    }

    private static uint[] Expected(ulong key, UInt128 counter, int n)
    {
        uint[] words = new uint[n];
        for (int i = 0; i < n; i++)
        {
            UInt128 block = counter + (ulong)(i / 4);
            var (x0, x1, x2, x3) = Philox.Block(key, (ulong)(block >> 64), (ulong)block);
            words[i] = (i % 4) switch { 0 => x0, 1 => x1, 2 => x2, _ => x3 };
        }

        return words;
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0x299F31D0_A4093822, 0x03707344_13198A2E, 0x85A308D3_243F6A88)]
    [InlineData(7, 3, ulong.MaxValue)]
    [InlineData(7, 3, ulong.MaxValue - 5)]
    [InlineData(7, ulong.MaxValue, ulong.MaxValue - 20)]
    public void A_fill_is_block_after_block(ulong key, ulong high, ulong low)
    {
        uint[] expected = Expected(key, new UInt128(high, low), 300);
        foreach (int n in new[] { 0, 1, 3, 4, 5, 31, 32, 33, 64, 65, 255, 300 })
        {
            uint[] words = new uint[n];
            Philox.Fill(key, high, low, 0, words);
            Assert.Equal(expected[..n], words);
        }
    }

    [Fact]
    public void Slices_join_without_a_seam()
    {
        uint[] expected = Expected(42, 17, 500);
        for (int offset = 0; offset < 70; offset++)
            foreach (int n in new[] { 0, 1, 2, 5, 130, 400 })
            {
                uint[] words = new uint[n];
                Philox.Fill(42, 0, 17, offset, words);
                Assert.Equal(expected[offset..(offset + n)], words);
            }
    }

    [Fact]
    public void Every_vector_width_gives_the_same_words()
    {
        const int Blocks = 160;
        uint[] expected = Expected(99, 1234567, Blocks * 4), words = new uint[Blocks * 4];
        fixed (uint* p = words)
        {
            Assert.Equal(Blocks, PhiloxVectors.Fill<Philox256, Vector256<uint>>(99, 1234567, p, Blocks));
            Assert.Equal(expected, words);
            words.AsSpan().Clear();
            Assert.Equal(Blocks, PhiloxVectors.Fill<Philox512, Vector512<uint>>(99, 1234567, p, Blocks));
            Assert.Equal(expected, words);
        }
    }

    [Fact]
    public void An_offset_is_not_negative()
        => Assert.Throws<ArgumentOutOfRangeException>(() => Philox.Fill(0, 0, 0, -1, new uint[4]));

    [Fact]
    public void Words_look_uniform()
    {
        const int N = 1 << 16;
        uint[] words = new uint[N];
        Philox.Fill(1, 0, 0, 0, words);
        // Bits are set half of the time: 5 standard deviations of a binomial are 5 * sqrt(N) / 2.
        for (int bit = 0; bit < 32; bit++)
            Assert.InRange(words.Count(w => (w >> bit & 1) != 0), N / 2 - 640, N / 2 + 640);
    }
}
