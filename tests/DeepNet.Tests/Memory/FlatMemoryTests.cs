using System.Runtime.CompilerServices;

namespace DeepNet.Tests;

/// <summary>Memory stays flat without anybody disposing of anything.</summary>
public class FlatMemoryTests
{
    [Fact]
    public void A_loop_without_any_disposing_runs_in_flat_memory()
    {
        var w = Tensor.Full(new Shape(64, 64), 0.5).WithGrad();
        long most = 0, live = Memory.LiveBytes, reserved = Memory.ReservedBytes;
        for (int step = 0; step < 1000; step++)
        {
            Step(w);
            if (step % 100 == 0) most = Math.Max(most, Memory.LiveBytes);
        }
        // Ten tensors of 16 KiB a step are 160 MiB in all.
        Assert.InRange(most - live, 0, 64 << 20);
        Assert.InRange(Memory.ReservedBytes - reserved, 0, 64 << 20);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Step(Tensor w)
    {
        var h = (w * 1.5).Tanh();
        var y = h * h + w.Sigmoid();
        w.ZeroGrad();
        y.Backward(Tensor.Ones(y.Shape));
        using (Autograd.NoGrad()) w.AddInPlace(w.Grad! * -1e-4);
    }

    [Fact]
    public void LiveBytes_counts_to_the_byte()
    {
        long before = Memory.LiveBytes;
        var a = Tensor.Zeros(16);           // 64 bytes
        Assert.Equal(64, Memory.LiveBytes - before);
        var b = Tensor.Zeros(17);           // the next class: 128
        Assert.Equal(192, Memory.LiveBytes - before);
        var view = b.Reshape(17, 1);
        Assert.Equal(192, Memory.LiveBytes - before);
        b.Dispose();
        Assert.Equal(64, Memory.LiveBytes - before);
        a.Dispose();
        Assert.Equal(0, Memory.LiveBytes - before);
        Assert.Throws<ObjectDisposedException>(() => view.ToArray());
    }

    [Fact]
    public void What_is_referred_to_is_never_swept()
    {
        var kept = new List<Tensor>();
        for (int i = 0; i < 500; i++)
        {
            kept.Add(Tensor.Full(new Shape(1000), i));
            _ = Tensor.Full(new Shape(1000), -1);
            if (i % 50 == 0) Memory.Reclaim();
        }
        for (int i = 0; i < kept.Count; i++) Assert.All(kept[i].ToArray(), v => Assert.Equal(i, v));
    }

    [Fact]
    public void A_view_keeps_the_memory_it_shows()
    {
        var view = View();
        for (int i = 0; i < 10; i++)
        {
            Memory.Reclaim();
            _ = Tensor.Full(new Shape(4, 3), -1);
        }
        Assert.All(view.ToArray(), v => Assert.Equal(7, v));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static Tensor View() => Tensor.Full(new Shape(4, 3), 7).T;
    }

    [Fact]
    public void Peak_is_the_most_that_was_live()
    {
        Memory.ResetPeak();
        long start = Memory.PeakBytes;
        var large = Tensor.Empty(new Shape(8 << 20));
        large.Dispose();
        Assert.InRange(Memory.PeakBytes - start, 31L << 20, 34L << 20);
        Memory.ResetPeak();
        Assert.InRange(Memory.PeakBytes - start, -(2L << 20), 2L << 20);
    }

    [Fact]
    public void Trim_returns_what_is_cached()
    {
        Memory.Trim();
        long cached = Memory.CachedBytes;       // what other threads have set aside
        var live = Tensor.Full(new Shape(100), 3);
        Tensor.Empty(new Shape(8 << 20)).Dispose();
        Tensor.Empty(new Shape(10)).Dispose();
        Assert.True(Memory.CachedBytes - cached >= 32 << 20);
        Memory.Trim();
        Assert.InRange(Memory.CachedBytes, 0, cached);
        Assert.All(live.ToArray(), v => Assert.Equal(3, v));
    }

    [Fact]
    public void Dispose_may_be_repeated_and_never_returns_another_s_memory()
    {
        var a = Tensor.Full(new Shape(5), 1);
        a.Dispose();
        var b = Tensor.Full(new Shape(5), 2);      // gets the same block
        a.Dispose();
        var c = Tensor.Full(new Shape(5), 3);
        Assert.Equal([2f, 2, 2, 2, 2], b.ToArray());
        Assert.Equal([3f, 3, 3, 3, 3], c.ToArray());
    }

    [Fact]
    public void Use_after_Dispose_explains()
    {
        var a = Tensor.Zeros(2, 3);
        a.Dispose();
        var error = Assert.Throws<ObjectDisposedException>(() => a + 1);
        Assert.Contains("float32 tensor of shape (2, 3)", error.Message, StringComparison.Ordinal);
        Assert.Contains("scope.Keep", error.Message, StringComparison.Ordinal);
    }
}
