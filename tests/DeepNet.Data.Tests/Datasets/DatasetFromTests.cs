using System.Globalization;

namespace DeepNet.Data.Tests.Datasets;

public class DatasetFromTests
{
    private sealed record House(double Area, int Rooms, string City, decimal Price);

    private static readonly House[] Houses =
        [new(80, 3, "Bonn", 250_000), new(120.5, 5, "Ulm", 410_000), new(45, 1, "Bonn", 180_000)];

    [Fact]
    public void Objects_make_inputs_and_targets()
    {
        var data = Dataset.From(Houses, h => [h.Area, h.Rooms], h => h.Price);
        Assert.Equal(3, data.Count);
        var (x, y) = data.GetBatch([2, 1, 2]);
        Assert.Equal((DType.Float32, DType.Float32), (x.DType, y.DType));
        Assert.Equal(new Shape(3, 2), x.Shape);
        Assert.Equal([45, 1, 120.5f, 5, 45, 1], x.ToArray());
        Assert.Equal(new Shape(3, 1), y.Shape);
        Assert.Equal([180_000f, 410_000, 180_000], y.ToArray());
        var one = data[1];
        Assert.Equal(new Shape(2), one.X.Shape);
        Assert.Equal([410_000f], one.Y.ToArray());

        var labels = Dataset.From(Houses, h => new[] { h.Area, h.Rooms }, h => h.City == "Ulm");
        Assert.Equal((DType.Int64, new Shape(3)), (labels.All().Y.DType, labels.All().Y.Shape));
        Assert.Equal([0, 1, 0], labels.Labels());
        Assert.Equal([0L, 1, 0], new[] { 0, 1, 2 }.Select(i => labels[i].Y.Item<long>()));

        var self = Dataset.From(Houses, h => h.Rooms).All();
        Assert.Same(self.X, self.Y);
    }

    [Fact]
    public void Everything_that_converts_is_of_the_documented_type_and_shape()
    {
        Check(1.5f, DType.Float32, new(1), 1.5);
        Check(1.5, DType.Float32, new(1), 1.5);
        Check(1.5m, DType.Float32, new(1), 1.5);
        Check(7, DType.Int64, Shape.Scalar, 7);
        Check(1L << 40, DType.Int64, Shape.Scalar, 1L << 40);
        Check(true, DType.Int64, Shape.Scalar, 1);
        Check(new float[] { 1, 2 }, DType.Float32, new(2), 1, 2);
        Check(new double[] { 1, 2 }, DType.Float32, new(2), 1, 2);
        Check(new[] { 1, 2 }, DType.Int64, new(2), 1, 2);
        Check(new long[] { 1, 2 }, DType.Int64, new(2), 1, 2);
        Check(new byte[] { 1, 255 }, DType.UInt8, new(2), 1, 255);
        Check(new float[,] { { 1, 2 }, { 3, 4 } }, DType.Float32, new(2, 2), 1, 2, 3, 4);
        Check(new float[] { 1, 2, 3 }.AsMemory(1), DType.Float32, new(2), 2, 3);
        Check((ReadOnlyMemory<float>)new float[] { 1 }, DType.Float32, new(1), 1);
        Check([1, 2.5f, 3.5], DType.Float32, new(3), 1, 2.5, 3.5);
        Check([], DType.Float32, new(0));
        Check(Tensor.Ones(1, 2).To(DType.Float64), DType.Float64, new(1, 2), 1, 1);

        static void Check(TensorValue value, DType type, Shape shape, params double[] elements)
        {
            var data = Dataset.From([0, 0], _ => value);
            Assert.Equal((type, shape), (data[0].X.DType, data[0].X.Shape));
            Assert.Equal(elements, data[0].X.To(DType.Float64).ToArray<double>());
            Assert.Equal(elements, new List<double>([.. value]));
            var batch = data.All().X;
            Assert.Equal(type, batch.DType);
            Assert.Equal(elements.Concat(elements), batch.To(DType.Float64).ToArray<double>());
            Assert.Equal(shape, batch[1].Shape);
        }
    }

    [Fact]
    public void Any_enumerable_will_do_and_is_read_once()
    {
        int read = 0;
        IEnumerable<int> Numbers()
        {
            for (int i = 0; i < 3; i++, read++) yield return i;
        }
        var data = Dataset.From(Numbers(), n => (double)n);
        Assert.Equal([0f, 1, 2], data.All().X.ToArray());
        Assert.Equal([2f], data[2].X.ToArray());
        Assert.Equal(3, read);
        Assert.Equal(3, Dataset.From(new Queue<int>([1, 2, 3])).Count);
    }

    [Fact]
    public void Mistakes_are_named_with_their_place()
    {
        Fails<ArgumentException>("object 1 is null", () => Dataset.From(["a", null!], s => s.Length));
        Fails<InvalidOperationException>("x of example 1 could not be made: The input", () => Numbers("1", "b")[1]);
        Fails<InvalidOperationException>(
            "y of example 1 could not be made", () => Dataset.From(["1", "b"], _ => 1, s => int.Parse(s, Culture)).All());
        Fails<InvalidOperationException>("x of example 0 is null", () => Dataset.From([1], _ => (float[]?)null)[0]);
        Fails<InvalidOperationException>("x of example 0 is null", () => Dataset.From([1], _ => (Tensor?)null).All());
        Fails<InvalidOperationException>(
            "x of example 2 is float32 (3,), that of example 0 is float32 (2,)",
            () => Dataset.From([2, 2, 3], n => new float[n]).All());
        Fails<InvalidOperationException>(
            "y of example 1 is float32 (1,), that of example 0 is int64 ()",
            () => Dataset.From([2, 3], n => n, n => n == 2 ? (TensorValue)n : 0.5).All());
        Fails<ArgumentOutOfRangeException>("there is no example 3", () => Dataset.From([1, 2, 3], n => n).GetBatch([3]));
        Fails<ArgumentException>("a batch of no examples", () => Dataset.From(Array.Empty<int>(), n => n).All());
        Fails<InvalidOperationException>("no class label", () => Dataset.From([1], n => n, n => 0.5).Labels());
        var error = Assert.Throws<DataLoaderException>(() => new DataLoader(Numbers("1", "b"), 2).Count(_ => true));
        Assert.Contains("batch 0 of epoch 0 (examples 0, 1)", error.Message, StringComparison.Ordinal);
        Assert.Contains("x of example 1", error.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.InnerException!.InnerException);
    }

    private static CultureInfo Culture => CultureInfo.InvariantCulture;

    private static IDataset Numbers(params string[] numbers) => Dataset.From(numbers, s => double.Parse(s, Culture));

    [Fact]
    public void Sets_without_examples_are_sets()
    {
        var none = Dataset.From(new List<House>(), h => h.Price);
        Assert.Equal(0, none.Count);
        Assert.Empty(new DataLoader(none, 4, shuffle: true) { Workers = 1 });
        Assert.Equal(0, none.Window(2).Count);
        Assert.Equal(0, Dataset.Zip(none, none).Count);
    }

    [Fact]
    public void Zipped_mapped_and_windowed_sets_show_what_they_are_made_of()
    {
        var a = Dataset.From([1, 2, 3], n => (double)n, n => n);
        var b = Dataset.From(["x", "yy", "zzz"]);
        var pairs = Dataset.Zip(a, b);
        Assert.Equal((2f, "yy"), (pairs[1].First.X.ToArray()[0], pairs[1].Second));
        var both = Dataset.Zip(a, a, (p, q) => new Sample(p.X, q.X * 10));
        Assert.Equal([10f, 20, 30], both.All().Y.ToArray());
        Assert.Equal([1, 2, 3], b.Map(s => s.Length) is var lengths ? Enumerable.Range(0, 3).Select(i => lengths[i]) : []);
        Assert.Equal([1L, 2, 3], b.Map(s => new Sample(Tensor.Ones(1), Tensor.FromScalar(s.Length))).All().Y.ToArray<long>());
        Fails<ArgumentException>("has 3 examples and 2", () => Dataset.Zip(a, Dataset.From([1, 2])));

        var (train, test) = Dataset.From(Enumerable.Range(0, 10)).Split(test: 0.3, seed: 4);
        Assert.Equal((7, 3), (train.Count, test.Count));
        Assert.Equal(
            Enumerable.Range(0, 10),
                Enumerable.Range(0, 7).Select(i => train[i]).Concat(Enumerable.Range(0, 3).Select(i => test[i])).Order());
        Assert.Equal(test[1], (int)Dataset.From(Enumerable.Range(0, 10), i => i).Split(test: 0.3, seed: 4).Test[1].X.Item<long>());

        var windows = Dataset.From(Enumerable.Range(0, 7)).Window(3, stride: 2);
        Assert.Equal(3, windows.Count);
        Assert.Equal([4, 5, 6], windows[2]);
        Fails<ArgumentOutOfRangeException>("there is no example 3", () => windows[3]);
        var stacked = Dataset.From(Enumerable.Range(0, 7), n => [n, -n], n => n).Window(3, stride: 4);
        Assert.Equal(2, stacked.Count);
        var (x, y) = stacked.GetBatch([1, 0]);
        Assert.Equal(new Shape(2, 3, 2), x.Shape);
        Assert.Equal([4f, -4, 5, -5, 6, -6, 0, 0, 1, -1, 2, -2], x.ToArray());
        Assert.Equal([4L, 5, 6, 0, 1, 2], y.ToArray<long>());
        Assert.Equal([4L, 5, 6], stacked[1].Y.ToArray<long>());
        Assert.Equal(0, Dataset.From([1, 2]).Window(3).Count);
        Assert.Equal(1, Dataset.From([1, 2, 3]).Window(3, 5).Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => Dataset.From([1, 2]).Window(0));
    }

    [Fact]
    public void A_cache_makes_each_example_once_as_long_as_there_is_room()
    {
        int[] made = new int[10];
        Tensor Make(int i)
        {
            Interlocked.Increment(ref made[i]);
            return Tensor.Full(new Shape(4), i);
        }
        using var data = Dataset.From(Enumerable.Range(0, 10), i => Make(i), i => i).Cache();
        var loader = new DataLoader(data, 3, shuffle: true) { Workers = 3 };
        for (int epoch = 0; epoch < 3; epoch++)
            foreach (var (x, y) in loader)
                Assert.Equal(y.ToArray<long>().SelectMany(v => Enumerable.Repeat((float)v, 4)), x.ToArray());
        Assert.All(made, n => Assert.Equal(1, n));
        Assert.Equal(10 * (4 * 4 + 8), data.Bytes);

        Array.Clear(made);
        using var small = Dataset.From(Enumerable.Range(0, 10), i => Make(i), i => i).Cache(limit: 3 * 24 + 5);
        for (int epoch = 0; epoch < 2; epoch++)
        {
            using var scope = Memory.Scope();
            for (int i = 0; i < 10; i++) Assert.Equal([i, i, i, i], small[i].X.ToArray());
        }
        Assert.Equal([1, 1, 1, 2, 2, 2, 2, 2, 2, 2], made);
        Assert.Equal(3 * 24, small.Bytes);
        small.Dispose();
        Assert.Equal(0, small.Bytes);
        Assert.Equal([0f, 0, 0, 0], small[0].X.ToArray());
        Assert.Equal(2, made[0]);
    }

    private static void Fails<TException>(string words, Func<object> act) where TException : Exception
        => Assert.Contains(words, Assert.Throws<TException>(act).Message, StringComparison.Ordinal);
}
