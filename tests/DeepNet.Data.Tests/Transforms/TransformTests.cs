using DeepNet.Data.Transforms;

namespace DeepNet.Data.Tests.Transforms;

public class TransformTests
{
    private static DrawKey[] Keys(int count) => [.. Enumerable.Range(0, count).Select(i => DrawKey.FromSeed(11).At((ulong)i))];

    private static Batch Images(int count = 5, int channels = 2, int height = 6, int width = 8)
        => new(
            Tensor.Arange(count * channels * height * width).To(DType.Float32).Reshape(count, channels, height, width) + 1,
            Tensor.Arange(count));

    public static TheoryData<string> Names => [.. Random.Keys];

    private static readonly Dictionary<string, ITransform> Random = new()
    {
        ["affine"] = new RandomAffine(20, 0.2, 0.8, 1.2),
        ["flip"] = new RandomFlip(0.5, 0.5),
        ["crop"] = Crop.Random(5, 4, padding: 2),
        ["noise"] = new GaussianNoise(1),
        ["cutout"] = RandomErasing.Square(3),
        ["chain"] = new Compose(new RandomFlip(), new RandomAffine(20), new GaussianNoise(0.1)),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void An_example_is_changed_alike_alone_and_in_a_batch_and_the_source_stays(string name)
    {
        var batch = Images();
        float[] before = batch.X.ToArray();
        var keys = Keys(5);
        var together = Random[name].Apply(batch, keys);
        for (int i = 0; i < 5; i++)
        {
            var alone = Random[name].Apply(new Batch(batch.X[i..(i + 1)], batch.Y[i..(i + 1)]), keys.AsSpan(i, 1));
            Assert.Equal(alone.X[0].ToArray(), together.X[i].ToArray());
        }
        Assert.Equal(before, batch.X.ToArray());
        Assert.NotEqual(together.X.ToArray(), Random[name].Apply(batch, [.. keys.Select(key => key.At(1))]).X.ToArray());
    }

    [Fact]
    public void Images_kept_as_bytes_become_fractions_by_the_batch()
    {
        var images = Tensor.RandInt(0, 256, new Shape(6, 1, 4, 5), DType.UInt8, generator: new Generator(1));
        var data = new TensorDataset(images, Tensor.Arange(6));
        Assert.Equal(DType.UInt8, data.GetBatch([2, 0]).X.DType);
        var batch = data.Map(new Rescale(0, 255)).GetBatch([2, 0]);
        Assert.Equal(DType.Float32, batch.X.DType);
        Assert.True(batch.X.AllClose(images.To(DType.Float32).IndexSelect(0, Tensor.From<long>(2, 0)) / 255, 1e-6, 1e-7));
        // And the mirror images of bytes are those of the numbers that they are.
        var keys = Keys(6);
        Assert.Equal(new RandomFlip().Apply(new(images.To(DType.Float32), data.Y), keys).X.ToArray(),
            new RandomFlip().Apply(new(images, data.Y), keys).X.ToArray());
    }

    [Fact]
    public void Z_scores_come_from_the_training_part()
    {
        var train = new TensorDataset(Tensor.From(new float[,] { { 1, 5, 7 }, { 3, 5, 1007 } }));
        var zScore = Standardize.Fit(train);
        Assert.Equal([2, 5, 507], zScore.Mean.ToArray());
        Assert.Equal([1, 1, 500], zScore.Std.ToArray());
        Assert.Equal([-1, 0, -1, 1, 0, 1], train.Map(zScore).All().X.ToArray());
        Assert.Equal([4, 1, 2], zScore.Apply(Tensor.From<float>(6, 6, 1507)).ToArray());
        Assert.Equal([6, 6, 1507], zScore.Undo(Tensor.From<float>(4, 1, 2)).ToArray());
    }

    [Fact]
    public void Images_are_standardised_by_channel_without_cancellation()
    {
        var x = Tensor.Randn(new Shape(2000, 2, 3, 3), generator: new Generator(1)) * Tensor.From<float>([1, 0.01f], new Shape(2, 1, 1))
            + Tensor.From<float>([0, 1000], new Shape(2, 1, 1));
        var y = new TensorDataset(x).Map(Standardize.Fit(new TensorDataset(x))).All().X;
        Assert.Equal(1, y[.., 0].Std(correction: 0).Item(), 1e-4);
        Assert.Equal(1, y[.., 1].Std(correction: 0).Item(), 1e-3);
        Assert.Equal(0, y[.., 1].Mean().Item(), 1e-2);                 // 1000 in float32 has steps of 6e-5, which are 0.6 % of 0.01
    }

    [Fact]
    public void Missing_values_are_not_averaged_over()
    {
        var error = Assert.Throws<ArgumentException>(() => Standardize.Fit(
            new TensorDataset(Tensor.From(new float[,] { { 1, 2 }, { 3, float.NaN } }))));
        Assert.Contains("feature 1 of example 1 is NaN", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scaling_meets_both_ends()
    {
        var train = new TensorDataset(Tensor.From(new float[,] { { 1, 5 }, { 3, 5 }, { 2, 5 } }));
        Assert.Equal([-1, -1, 1, -1, 0, -1], train.Map(Rescale.Fit(train, -1, 1)).All().X.ToArray());
    }

    [Fact]
    public void A_shift_by_whole_pixels_and_a_quarter_turn_are_exact()
    {
        float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9], result = new float[9];
        new Warp(3, 3, 0, 1, dx: 1, dy: 0).Sample(image, result);
        Assert.Equal([0, 1, 2, 0, 4, 5, 0, 7, 8], result);
        new Warp(3, 3, Math.PI / 2, 1, 0, 0).Sample(image, result);
        for (int i = 0; i < 9; i++) Assert.Equal(new float[] { 7, 4, 1, 8, 5, 2, 9, 6, 3 }[i], result[i], 1e-4);
        new Warp(3, 3, 0, 2, 0, 0).Sample(image, result);
        Assert.Equal([3, 3.5f, 4, 4.5f, 5, 5.5f, 6, 6.5f, 7], result);
    }

    [Fact]
    public void Flips_mirror()
    {
        var batch = Images(1, 1, 2, 3);
        Assert.Equal([3, 2, 1, 6, 5, 4], new RandomFlip(1).Apply(batch, Keys(1)).X.ToArray());
        Assert.Equal([4, 5, 6, 1, 2, 3], new RandomFlip(0, 1).Apply(batch, Keys(1)).X.ToArray());
    }

    [Fact]
    public void Crops_cut()
    {
        var batch = Images(1, 1, 4, 4);
        Assert.Equal([6, 7, 10, 11], Crop.Center(2, 2).Apply(batch, Keys(1)).X.ToArray());
        var padded = Crop.Random(8, 8, padding: 2).Apply(batch, Keys(1)).X;
        Assert.Equal(new Shape(1, 1, 8, 8), padded.Shape);
        Assert.Equal(batch.X.ToArray(), padded[.., .., 2..6, 2..6].ToArray());
        Assert.Equal(batch.X.Sum().Item(), padded.Sum().Item());
        Assert.Throws<ArgumentException>(() => Crop.Center(5, 2).Apply(batch, Keys(1)));
    }

    [Fact]
    public void A_square_clears_at_most_a_square()
    {
        var x = Cutout(3).Apply(Images(200, 1, 8, 8), Keys(200)).X;
        for (int i = 0; i < 200; i++) Assert.InRange(x[i].ToArray().Count(v => v == 0), 4, 9);
    }

    private static RandomErasing Cutout(int size) => RandomErasing.Square(size);

    [Fact]
    public void Mixup_mixes_inputs_and_targets_alike()
    {
        var y = Tensor.From<long>(0, 1, 2, 3);
        var mixed = new Mixup(1, classes: 4).Apply(new Batch(y.OneHot(4), y), Keys(4));
        Assert.Equal(mixed.X.ToArray(), mixed.Y.ToArray());
        foreach (float sum in mixed.Y.Sum(1).ToArray()) Assert.Equal(1, sum, 1e-6);
        Assert.Contains(
            "classes: 10", Assert.Throws<ArgumentException>(() => new Mixup().Apply(new Batch(y, y), Keys(4))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_are_not_images()
    {
        var table = new Batch(Tensor.Zeros(2, 3), Tensor.Zeros(2));
        var error = Assert.Throws<ArgumentException>(() => new RandomFlip().Apply(table, Keys(2)));
        Assert.Contains("(2, 3) are no images", error.Message, StringComparison.Ordinal);
    }
}
