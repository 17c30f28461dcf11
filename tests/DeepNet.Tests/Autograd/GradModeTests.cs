namespace DeepNet.Tests;

/// <summary>Switching recording off and on.</summary>
public class GradModeTests
{
    private static readonly float[] Two = [1, 2];

    private static Tensor Leaf() => Tensor.From<float>(Two).WithGrad();

    [Fact]
    public void Nothing_is_recorded_inside_NoGrad()
    {
        var x = Leaf();
        using (Autograd.NoGrad())
        {
            Assert.False(Autograd.IsEnabled);
            Assert.False((x * 2).RequiresGrad);
            Assert.False((x + x).RequiresGrad);
            Assert.False(x.T2().RequiresGrad);
            Assert.False(x.Clone().RequiresGrad);
            Assert.True(x.RequiresGrad);
        }
        Assert.True(Autograd.IsEnabled);
        Assert.True((x * 2).RequiresGrad);
    }

    [Fact]
    public void Regions_nest()
    {
        using (Autograd.NoGrad())
        {
            using (Autograd.EnableGrad())
            {
                Assert.True(Autograd.IsEnabled);
                using (Autograd.NoGrad()) Assert.False(Autograd.IsEnabled);
                Assert.True(Autograd.IsEnabled);
            }
            Assert.False(Autograd.IsEnabled);
        }
        Assert.True(Autograd.IsEnabled);
    }

    [Fact]
    public void An_exception_restores_the_mode()
    {
        Assert.Throws<InvalidOperationException>(new Action(() =>
        {
            using var quiet = Autograd.NoGrad();
            throw new InvalidOperationException();
        }));
        Assert.True(Autograd.IsEnabled);
    }

    [Fact]
    public void The_mode_is_the_threads_own()
    {
        using var quiet = Autograd.NoGrad();
        bool isOnElsewhere = false;
        var thread = new Thread(() => isOnElsewhere = Autograd.IsEnabled);
        thread.Start();
        thread.Join();
        Assert.True(isOnElsewhere);
    }

    [Fact]
    public void Parameters_change_in_place_inside_NoGrad_only()
    {
        var x = Leaf();
        var error = Assert.Throws<InvalidOperationException>(() => x.AddInPlace(Tensor.Ones(2)));
        Assert.Contains("NoGrad", error.Message, StringComparison.Ordinal);
        using (Autograd.NoGrad()) x.AddInPlace(Tensor.Ones(2));
        Assert.Equal([2f, 3f], x.ToArray());
    }
}

file static class Shapes
{
    public static Tensor T2(this Tensor x) => x.Reshape(2, 1).T;
}
