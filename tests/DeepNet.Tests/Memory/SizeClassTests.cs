using DeepNet.Devices;

namespace DeepNet.Tests;

/// <summary>The sizes blocks come in.</summary>
public class SizeClassTests
{
    [Fact]
    public void Classes_fit_grow_and_waste_little()
    {
        int lastClass = 0;
        long lastSize = 0;
        for (long bytes = 1; bytes < SizeClass.Maximum; bytes += 1 + bytes / 50)
        {
            int c = SizeClass.Of(bytes, out long size);
            Assert.InRange(c, lastClass, SizeClass.Count - 1);
            Assert.True(size >= bytes && size % 64 == 0 && size >= lastSize);
            Assert.True(size - bytes <= Math.Max(63, bytes / 4), $"{size} for {bytes}");
            if (c == lastClass && lastSize != 0) Assert.Equal(lastSize, size);
            (lastClass, lastSize) = (c, size);
        }
        Assert.InRange(SizeClass.Of(SizeClass.Maximum, out _), 0, SizeClass.Count - 1);
        Assert.Equal(0, SizeClass.Of(0, out _));
    }
}
