namespace DeepNet.Ilgpu.Tests.OnDevices;

/// <summary>
/// The tiled kernels of products, in both sizes of tiles, of factors that lie either way, with edges inside tiles and sums that are split.
/// </summary>
public class ProductTests
{
    [Theory]
    [InlineData(1, 130, 140, 21)]      // large tiles, edges in every direction
    [InlineData(1, 128, 132, 40)]      // rows that begin where four may be read
    [InlineData(64, 65, 33, 19)]       // medium tiles
    [InlineData(64, 8, 12, 270)]       // split sums
    [InlineData(64, 1, 5, 257)]
    public void Are_those_of_the_processor(int processors, int m, int n, int k)
    {
        var device = WideGroups.Device(processors);
        Tensor a = Tensor.Randn(new Shape(m, k), generator: new Generator(1)),
            b = Tensor.Randn(new Shape(k, n), generator: new Generator(2));
        var expected = a.MatMul(b);
        foreach (bool turnA in new[] { false, true })
            foreach (bool turnB in new[] { false, true })
            {
                Tensor left = Lying(a, turnA).To(device), right = Lying(b, turnB).To(device);
                left = turnA ? left.T : left;
                right = turnB ? right.T : right;
                Same.Check($"{(turnA ? "aᵀ" : "a")}·{(turnB ? "bᵀ" : "b")}", expected, left.MatMul(right), 1e-5);
            }
        var sum = Tensor.Ones(new Shape(m, n), device: device);
        device.MatMul(a.To(device), b.To(device), sum, accumulate: true);
        Same.Check("added", expected + 1, sum, 1e-5);
    }

    private static Tensor Lying(Tensor x, bool isTurned) => isTurned ? x.T.Contiguous() : x;

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    public void Of_batches_views_and_other_types(int processors)
    {
        var device = WideGroups.Device(processors);
        Tensor a = Tensor.Randn(new Shape(2, 66, 41), generator: new Generator(1)),
            b = Tensor.Randn(new Shape(2, 41, 68), generator: new Generator(2));
        Same.Check("a batch", a.MatMul(b), a.To(device).MatMul(b.To(device)), 1e-5);
        Same.Check("one factor for all", a.MatMul(b[0]), a.To(device).MatMul(b.To(device)[0]), 1e-5);
        Tensor cutA = a[.., 1..65, 3..40], cutB = b[.., 3..40, 1..66];
        Same.Check("views", cutA.MatMul(cutB), a.To(device)[.., 1..65, 3..40].MatMul(b.To(device)[.., 3..40, 1..66]), 1e-5);
        Same.Check(
            "float64", a.To(DType.Float64).MatMul(b.To(DType.Float64)),
            a.To(DType.Float64).To(device).MatMul(b.To(DType.Float64).To(device)), 1e-12);
        Tensor whole = (a[0] * 9).To(DType.Int32), other = (b[0] * 9).To(DType.Int32);
        Assert.Equal(whole.MatMul(other).ToArray<int>(), whole.To(device).MatMul(other.To(device)).ToArray<int>());
    }

    [Fact]
    public void Split_sums_repeat_bit_by_bit()
    {
        var device = WideGroups.Device();
        Tensor a = Tensor.Randn(new Shape(9, 1000), device: device, generator: new Generator(1)),
            b = Tensor.Randn(new Shape(1000, 7), device: device, generator: new Generator(2));
        Assert.Equal(a.MatMul(b).ToArray(), a.MatMul(b).ToArray());
    }

    [Theory]
    [InlineData(4096, 4096, 4096, 1, true, 1)]      // fills an H200 by itself
    [InlineData(1024, 1024, 1024, 1, false, 1)]     // in tiles of 64 it does, in tiles of 128 half of it would stand still
    [InlineData(64, 128, 784, 1, false, 6)]         // two tiles: the sums are split
    [InlineData(784, 128, 64, 1, false, 1)]         // too little to split
    [InlineData(4096, 64, 4096, 1, false, 4)]
    public void Tiles_fill_the_device(int m, int n, int k, int count, bool isLarge, int splits)
    {
        var plan = TilePlan.Of(m, n, k, count, true, 132);
        Assert.Equal((isLarge, splits), (plan.IsLarge, plan.Splits));
        Assert.True((long)plan.Splits * plan.Each >= k && (long)(plan.Splits - 1) * plan.Each < k);
        Assert.False(TilePlan.Of(m, n, k, count, false, 132).IsLarge);
    }

    // Threads a group may have, its shared memory, whether threads have many registers; tiles for elements of 4 and of 8 bytes.
    [Theory]
    [InlineData(256, 48 << 10, true, "large", "medium")]       // NVIDIA
    [InlineData(256, 64 << 10, true, "large", "medium")]       // AMD
    [InlineData(256, 64 << 10, false, "medium", "medium")]     // Intel, integrated or not
    [InlineData(256, 32 << 10, false, "medium", "square")]     // Apple; the least that OpenCL asks for
    [InlineData(256, 16 << 10, true, "square", "square")]
    [InlineData(128, 32 << 10, false, "square", "square")]     // GPUs of telephones
    [InlineData(64, 32 << 10, false, "square", "square")]
    [InlineData(32, 32 << 10, false, "pair", "pair")]
    [InlineData(2, int.MaxValue, true, "pair", "pair")]        // the interpreter
    public void Tiles_fit_the_device(int threads, int sharedBytes, bool hasManyRegisters, string ofFour, string ofEight)
    {
        var limits = new TileLimits(threads, sharedBytes, hasManyRegisters);
        string Kind(int size)
            => limits.TakesLarge(size) ? "large" : limits.TakesMedium(size) ? "medium" : limits.TakesSquare ? "square" : "pair";
        Assert.Equal((ofFour, ofEight), (Kind(4), Kind(8)));
    }

    [Theory]
    [InlineData(1024, 256)]
    [InlineData(256, 256)]
    [InlineData(255, 128)]         // a kernel of many registers
    [InlineData(48, 32)]
    [InlineData(1, 1)]
    public void Groups_are_powers_of_two_within_what_the_driver_allows(long allowed, int threads)
        => Assert.Equal(threads, Loaded.PowerOfTwo(allowed, Folding.MostThreads));

    [Theory]
    [InlineData(256, 32 << 10)]
    [InlineData(64, 32 << 10)]
    public void Small_devices_compute_the_same(int threads, int sharedBytes)
    {
        var device = WideGroups.Device();
        var before = device.Limits;
        device.Limits = new(threads, sharedBytes, HasManyRegisters: false);
        try
        {
            foreach (var dtype in new[] { DType.Float32, DType.Float64 })
            {
                Tensor a = Tensor.Randn(new Shape(37, 41), DType.Float64, generator: new Generator(1)).To(dtype),
                    b = Tensor.Randn(new Shape(41, 70), DType.Float64, generator: new Generator(2)).To(dtype);
                Same.Check(dtype.Name(), a.MatMul(b), a.To(device).MatMul(b.To(device)), dtype == DType.Float64 ? 1e-12 : 1e-5);
            }
        }
        finally
        {
            device.Limits = before;
        }
    }
}
