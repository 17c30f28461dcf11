namespace DeepNet.Tests;

/// <summary>Running out of memory, and finding out where it went.</summary>
public class LimitTests
{
    [Fact]
    public void Beyond_the_limit_is_an_error_with_a_table_and_the_process_goes_on()
    {
        Memory.Trim();
        long limit = Memory.Limit;
        Memory.Limit = Memory.ReservedBytes + (8 << 20);
        try
        {
            var a = Tensor.Full(new Shape(1 << 20), 1);             // 4 MiB
            var error = Assert.Throws<OutOfMemoryException>(() => Tensor.Zeros(4 << 20));
            Assert.Contains("cpu: no room for another 16.0 MiB; Memory.Limit is", error.Message, StringComparison.Ordinal);
            Assert.Contains("4.0 MiB", error.Message, StringComparison.Ordinal);
            Assert.Contains("float32 (1048576,)", error.Message, StringComparison.Ordinal);
            Assert.Equal(1, a.ToArray()[^1]);
            _ = a + 0;                                              // what fits, fits
        }
        finally
        {
            Memory.Limit = limit;
        }
        Assert.Equal(0, Tensor.Zeros(4 << 20).ToArray()[^1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Memory.Limit = 0);
    }

    [Fact]
    public void Garbage_is_reclaimed_before_the_limit_is_an_error()
    {
        Memory.Trim();
        long limit = Memory.Limit;
        Memory.Limit = Memory.ReservedBytes + (12 << 20);
        try
        {
            for (int i = 0; i < 50; i++) _ = Tensor.Zeros((1 << 20) + i * 10_000);
        }
        finally
        {
            Memory.Limit = limit;
        }
    }

    [Theory]
    [InlineData(DType.Float32, int.MaxValue, int.MaxValue)]
    [InlineData(DType.Float64, 1 << 31 - 1, 1 << 30)]
    [InlineData(DType.Bool, int.MaxValue, 1 << 20)]
    public void Shapes_beyond_any_memory_are_an_error_not_an_overflow(DType dtype, int rows, int columns)
    {
        var error = Assert.Throws<OutOfMemoryException>(() => Tensor.Empty(new Shape(rows, columns), dtype));
        Assert.Contains("no machine", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1L << 42)]
    [InlineData(int.MaxValue)]
    public void What_could_not_be_had_is_not_part_of_the_peak(long count)
    {
        long limit = Memory.Limit;
        Memory.Reclaim();
        Memory.ResetPeak();
        long peak = Memory.PeakBytes;
        Memory.Limit = Memory.ReservedBytes + (1 << 20);
        try
        {
            var shape = new Shape(checked((int)(count >> 12)), 1 << 12);
            Assert.Throws<OutOfMemoryException>(() => Tensor.Empty(shape, DType.Bool));
        }
        finally
        {
            Memory.Limit = limit;
        }
        Assert.True(Memory.PeakBytes <= peak + (1 << 20), $"the peak is {Memory.PeakBytes}, before it was {peak}");
    }

    [Fact]
    public void A_large_tensor_counts_at_once()
    {
        Memory.Reclaim();
        Memory.ResetPeak();
        long before = Memory.PeakBytes;
        var large = Tensor.Empty(new Shape(8 << 20));
        Assert.True(Memory.PeakBytes >= before + (31 << 20));
        GC.KeepAlive(large);
    }

    [Fact]
    public void The_report_groups_by_shape()
    {
        var tensors = Enumerable.Range(0, 5).Select(_ => Tensor.Zeros(300, 71)).Append(Tensor.Zeros(new Shape(313, 70), DType.Int64))
            .ToArray();
        string report = Memory.Report();
        Assert.Contains("5 × float32 (300, 71)", report, StringComparison.Ordinal);
        Assert.Contains("1 × int64 (313, 70)", report, StringComparison.Ordinal);
        GC.KeepAlive(tensors);
    }

    [Fact]
    public void Origins_show_where_a_tensor_was_made()
    {
        Memory.TrackOrigins = true;
        try
        {
            var here = Tensor.Zeros(997, 1009);       // large: the report lists the largest first, and not all
            Assert.Contains(nameof(Origins_show_where_a_tensor_was_made), Memory.Report(), StringComparison.Ordinal);
            here.Dispose();
            var error = Assert.Throws<ObjectDisposedException>(() => here.ToArray());
            Assert.Contains(nameof(Origins_show_where_a_tensor_was_made), error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Memory.TrackOrigins = false;
        }
    }
}
