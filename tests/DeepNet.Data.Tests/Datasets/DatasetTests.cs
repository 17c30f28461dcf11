using DeepNet.Data.Transforms;

namespace DeepNet.Data.Tests.Datasets;

public class DatasetTests
{
    private static TensorDataset Numbers(int from, int to)
        => new(Tensor.Arange(from, to).To(DType.Float32).Reshape(-1, 1), Tensor.Arange(from, to));

    [Fact]
    public void Batches_gather_rows_in_the_order_asked()
    {
        var (x, y) = Numbers(0, 5).GetBatch([3, 0, 3]);
        Assert.Equal(new Shape(3, 1), x.Shape);
        Assert.Equal([3, 0, 3], x.ToArray());
        Assert.Equal([3, 0, 3], y.ToArray<long>());
    }

    [Fact]
    public void Sets_nest()
    {
        var all = new ConcatDataset(Numbers(0, 3), Numbers(3, 3), Numbers(3, 7));
        var some = all.Subset(6, 0, 3, 2).Subset(2, 3, 0);
        Assert.Equal(7, all.Count);
        Assert.Equal([3, 2, 6], some.All().X.ToArray());
        Assert.Equal([3, 2, 6], some.Labels);
        Assert.Equal([0, 1], all.Take(2).All().Y.ToArray<long>());
        Assert.Equal(7, all.Take(100).Count);
    }

    [Fact]
    public void Mapped_sets_repeat_themselves()
    {
        var noisy = Numbers(0, 4).Map(new GaussianNoise(1), new OneHot(4));
        Assert.Equal(noisy.All().X.ToArray(), noisy.All().X.ToArray());
        Assert.Equal(noisy[2].X.ToArray(), noisy.All().X[2].ToArray());
        Assert.Equal([0, 0, 1, 0], noisy[2].Y.ToArray());
    }

    [Fact]
    public void Places_that_are_not_there_are_named()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(0, 3).GetBatch([0, 3]));
        Assert.Contains("no example 3", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(0, 3)[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbers(0, 3).Subset(3));
    }

    [Fact]
    public void Tensors_of_different_lengths_are_refused()
        => Assert.Contains(
            "has 3 examples and y (2,) has 2",
            Assert.Throws<ArgumentException>(() => new TensorDataset(Tensor.Zeros(3, 1), Tensor.Zeros(2))).Message,
            StringComparison.Ordinal);
}
