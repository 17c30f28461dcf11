namespace DeepNet.Tests.Operators;

/// <summary>
/// Copies between layouts, against indices counted by hand: lengths around whole vectors and tiles, every element size, both directions.
/// </summary>
public class CopyTests
{
    public static TheoryData<DType> Types() => [DType.Bool, DType.Float16, DType.Float32, DType.Int64];

    [Theory]
    [MemberData(nameof(Types))]
    public void Transposed_matrices(DType dtype)
    {
        foreach (var (rows, columns) in new[] { (1, 1), (7, 9), (8, 8), (4, 4), (31, 33), (40, 65), (3, 200), (200, 3), (128, 1030) })
        {
            long[] values = [.. Enumerable.Range(0, rows * columns).Select(i => (long)i % 251 % 2048)];
            if (dtype == DType.Bool) values = [.. values.Select(v => v % 3 % 2)];
            var x = Tensor.From<long>(values, new Shape(rows, columns)).To(dtype);
            long[] expected = [.. Enumerable.Range(0, rows * columns).Select(i => values[i % rows * columns + i / rows])];
            Assert.Equal(expected, x.T.Contiguous().To(DType.Int64).ToArray<long>());
            var target = Tensor.Zeros(new Shape(rows + 2, columns + 1), dtype);
            target[1..^1, 1..].T.CopyFrom(x.T.Contiguous());
            Assert.Equal(values, target[1..^1, 1..].To(DType.Int64).ToArray<long>());
            Assert.Equal(values.Sum(), target.To(DType.Int64).Sum().Item<long>());
        }
    }

    [Fact]
    public void Channels_first_and_last()
    {
        foreach (var (n, c, h, w) in new[] { (2, 3, 5, 7), (1, 16, 8, 8), (3, 9, 17, 2), (2, 33, 1, 40) })
        {
            var x = Tensor.Arange(n * c * h * w).Reshape(n, c, h, w).To(DType.Float32);
            float[] values = x.ToArray(), last = x.Permute(0, 2, 3, 1).Contiguous().ToArray();
            int at = 0;
            for (int i = 0; i < n; i++)
                for (int p = 0; p < h * w; p++)
                    for (int k = 0; k < c; k++)
                        Assert.Equal(values[(i * c + k) * h * w + p], last[at++]);
            Assert.Equal(values, Tensor.From<float>(last, new Shape(n, h, w, c)).Permute(0, 3, 1, 2).Contiguous().ToArray());
        }
    }

    [Fact]
    public void Rows_of_every_length_and_place()
    {
        for (int length = 1; length < 300; length += length < 70 ? 1 : 37)
        {
            var x = Tensor.Arange(3 * (length + 5)).To(DType.Float32).Reshape(3, length + 5);
            for (int start = 0; start < 5; start++)
            {
                var y = Tensor.Full(new Shape(3, length + 7), -1).Clone();
                y.Narrow(1, 3, length).CopyFrom(x.Narrow(1, start, length));
                float[] expected = [.. Enumerable.Range(0, 3 * (length + 7))
                    .Select(
                        i => i % (length + 7) is var k && k >= 3 && k < length + 3
                            ? i / (length + 7) * (length + 5f) + start + k - 3
                            : -1f)];
                Assert.Equal(expected, y.ToArray());
            }
        }
    }
}
