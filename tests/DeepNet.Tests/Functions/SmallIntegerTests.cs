namespace DeepNet.Tests;

/// <summary>The integers of one byte, uint8 and int8.</summary>
public sealed class SmallIntegerTests
{
    private static readonly DType[] All = Enum.GetValues<DType>();

    public static TheoryData<DType> Small => [DType.UInt8, DType.Int8];

    private static Tensor Bytes(params byte[] values) => Tensor.From<byte>(values);

    private static Tensor Signed(params sbyte[] values) => Tensor.From<sbyte>(values);

    [Fact]
    public void They_hold_bytes()
    {
        var x = Bytes(0, 1, 128, 255);
        Assert.Equal((DType.UInt8, 1, "uint8"), (x.DType, x.DType.Size(), x.DType.Name()));
        Assert.Equal([0, 1, 128, 255], x.ToArray<byte>());
        Assert.Equal([0f, 1, 128, 255], x.ToArray());
        var y = Signed(-128, -1, 0, 127);
        Assert.Equal((DType.Int8, "int8"), (y.DType, y.DType.Name()));
        Assert.Equal([-128, -1, 0, 127], y.ToArray<sbyte>());
        Assert.Equal([-128L, -1, 0, 127], y.ToArray<long>());
        Assert.Equal(DType.UInt8, Tensor.FromArray(new byte[,] { { 1, 2 }, { 3, 4 } }).DType);
        Assert.Equal(DType.Int8, Tensor.FromArray(new sbyte[2, 3, 1]).DType);
        Assert.Equal("[  0   1 128 255] uint8", x.ToString());
        Assert.Equal("[-128   -1    0  127] int8", y.ToString());
        Assert.Equal(128, x[2].Item<byte>());
    }

    [Theory, MemberData(nameof(Small))]
    public void They_are_made_as_others_are(DType type)
    {
        Assert.Equal([0.0, 0, 0], Tensor.Zeros(new Shape(3), type).ToArray<double>());
        Assert.Equal([1.0, 1], Tensor.Ones(new Shape(2), type).ToArray<double>());
        Assert.Equal([100.0, 100], Tensor.Full(new Shape(2), 100, type).ToArray<double>());
        Assert.Equal([0.0, 3, 6, 9], Tensor.Arange(0, 10, 3, type).ToArray<double>());
        Assert.Equal([1.0, 0, 0, 1], Tensor.Eye(2, dtype: type).ToArray<double>());
        var drawn = Tensor.RandInt(0, 128, new Shape(5000), type, generator: new Generator(1));
        Assert.Equal(type, drawn.DType);
        Assert.Equal((0, 127), (drawn.Min().Item<int>(), drawn.Max().Item<int>()));
        Assert.StartsWith("[rand_int] integers from 0 to below 300 do not fit into", Assert.Throws<ArgumentException>(
            () => Tensor.RandInt(0, 300, new Shape(2), type)).Message);
        string message = Assert.Throws<ArgumentException>(() => Tensor.Full(new Shape(2), -200, type)).Message;
        Assert.Equal($"[full] -200 does not fit into {type.Name()}, which goes from {(type == DType.UInt8 ? "0 to 255" : "-128 to 127")}. "
            + "Use a wider type: x.To(DType.Int32).", message);
    }

    // The rule of all integers: towards zero, with saturation, NaN as 0.
    private static double Rounded(double x, DType type) => type switch
    {
        DType.Bool => x != 0 ? 1 : 0,
        DType.UInt8 => double.IsNaN(x) ? 0 : Math.Clamp(Math.Truncate(x), 0, 255),
        DType.Int8 => double.IsNaN(x) ? 0 : Math.Clamp(Math.Truncate(x), -128, 127),
        DType.Int32 => double.IsNaN(x) ? 0 : Math.Clamp(Math.Truncate(x), int.MinValue, int.MaxValue),
        DType.Int64 => double.IsNaN(x) ? 0 : x >= long.MaxValue ? long.MaxValue : x <= long.MinValue ? long.MinValue : Math.Truncate(x),
        DType.Float16 => (double)(Half)x,
        DType.BFloat16 => (float)(BFloat16)x,
        DType.Float32 => (float)x,
        _ => x,
    };

    private static double[] Interesting(DType type) => type.IsFloating()
        ? [0, -0.0, 0.9, -0.9, 1.5, 126.6, 127, 127.5, 128, -128, -128.9, -129, 254.9, 255, 255.5, 256, 300, -1, -300, 65504, -65504,
            double.NaN, double.PositiveInfinity, double.NegativeInfinity]
        : [0, 1, 2, 127, 128, 129, 255, 256, -1, -127, -128, -129, -300, 70_000, -70_000];

    public static TheoryData<DType, DType> Pairs
    {
        get
        {
            var pairs = new TheoryData<DType, DType>();
            foreach (var from in All)
                foreach (var to in All)
                    if (from is DType.UInt8 or DType.Int8 || to is DType.UInt8 or DType.Int8) pairs.Add(from, to);
            return pairs;
        }
    }

    [Theory, MemberData(nameof(Pairs))]
    public void Conversion_saturates_whole_vectors_and_single_elements_alike(DType from, DType to)
    {
        double[] values = Interesting(from);
        foreach (int n in (int[])[1, values.Length, 31, 32, 33, 100, 70_001])
        {
            var x = Tensor.From<double>([.. Enumerable.Range(0, n).Select(i => values[i % values.Length])]).To(from);
            double[] expected = [.. x.ToArray<double>().Select(v => Rounded(v, to))];
            Assert.Equal(expected, x.To(to).ToArray<double>());
        }
        var matrix = Tensor.From<double>([.. Enumerable.Range(0, 12).Select(i => values[i % values.Length])]).To(from).Reshape(3, 4);
        Assert.Equal(matrix.T.ToArray<double>().Select(v => Rounded(v, to)), matrix.T.To(to).ToArray<double>());
    }

    [Theory]
    [InlineData(DType.Bool, DType.UInt8, DType.UInt8)]
    [InlineData(DType.Bool, DType.Int8, DType.Int8)]
    [InlineData(DType.UInt8, DType.UInt8, DType.UInt8)]
    [InlineData(DType.UInt8, DType.Int8, DType.Int32)]
    [InlineData(DType.UInt8, DType.Int32, DType.Int32)]
    [InlineData(DType.Int8, DType.Int64, DType.Int64)]
    [InlineData(DType.UInt8, DType.Float16, DType.Float32)]
    [InlineData(DType.Int8, DType.BFloat16, DType.Float32)]
    [InlineData(DType.UInt8, DType.Float32, DType.Float32)]
    [InlineData(DType.Int8, DType.Float64, DType.Float64)]
    public void Two_types_meet(DType a, DType b, DType expected)
    {
        Assert.Equal((expected, expected), (DTypes.Promote(a, b), DTypes.Promote(b, a)));
        Tensor x = Tensor.Ones(new Shape(2), a), y = Tensor.Ones(new Shape(2), b);
        Assert.Equal(expected, (x + y).DType);
        Assert.Equal(expected, Tensor.Cat([x, y]).DType);
        Assert.Equal(expected, Tensor.Where(Tensor.From(true, false), x, y).DType);
    }

    [Fact]
    public void Arithmetic_wraps_in_its_own_type()
    {
        Tensor a = Bytes(0, 1, 200, 255), b = Bytes(1, 2, 100, 255);
        Assert.Equal([1, 3, 44, 254], (a + b).ToArray<byte>());
        Assert.Equal([255, 255, 100, 0], (a - b).ToArray<byte>());
        Assert.Equal([0, 2, 32, 1], (a * b).ToArray<byte>());
        Assert.Equal([0f, 0.5f, 2, 1], (a / b).ToArray());
        Assert.Equal([0, 0, 2, 1], a.FloorDivide(b).ToArray<byte>());
        Assert.Equal([0, 1, 0, 0], (a % b).ToArray<byte>());
        Assert.Equal([0, 255, 56, 1], (-a).ToArray<byte>());
        Assert.Equal([0, 1, 64, 1], a.Square().ToArray<byte>());
        Assert.Equal([0, 0, 1, 1], (a >= 200).ToArray<byte>());
        Tensor c = Signed(-128, -7, 100, 127), d = Signed(-1, 2, 100, 1);
        Assert.Equal([127, -5, -56, -128], (c + d).ToArray<sbyte>());
        Assert.Equal([-127, -9, 0, 126], (c - d).ToArray<sbyte>());
        Assert.Equal([-128, -14, 16, 127], (c * d).ToArray<sbyte>());
        Assert.Equal([-128, -4, 1, 127], c.FloorDivide(d).ToArray<sbyte>());
        Assert.Equal([0, 1, 0, 0], (c % d).ToArray<sbyte>());
        Assert.Equal([-128, 7, 100, 127], c.Abs().ToArray<sbyte>());
        Assert.Equal([-1, -1, 1, 1], c.Sign().ToArray<int>());
        Assert.Equal((DType.UInt8, DType.UInt8, DType.Float32), ((a + 1).DType, (3 - a).DType, (a + 0.5).DType));
        Assert.Equal([100, 100, 200, 255], a.Maximum(100).ToArray<byte>());
        Assert.Equal([5, 5, 6, 6], a.Clamp(5, 6).ToArray<byte>());
        Assert.Throws<DivideByZeroException>(() => a.FloorDivide(0));
    }

    [Fact]
    public void An_integer_that_does_not_fit_is_refused_and_compared_exactly()
    {
        Tensor a = Bytes(0, 255), c = Signed(-128, 127);
        Assert.StartsWith("[add] 300 does not fit into uint8, which goes from 0 to 255.",
            Assert.Throws<ArgumentException>(() => a + 300).Message);
        Assert.StartsWith("[mul] -1 does not fit into uint8", Assert.Throws<ArgumentException>(() => -1 * a).Message);
        Assert.StartsWith("[minimum] 128 does not fit into int8", Assert.Throws<ArgumentException>(() => c.Minimum(128)).Message);
        Assert.Equal([false, false], (a >= 300).ToArray<bool>());
        Assert.Equal([true, true], (a > -1).ToArray<bool>());
        Assert.Equal([false, false], a.Equal(256).ToArray<bool>());
        Assert.Equal([true, true], c.NotEqual(-129).ToArray<bool>());
        Assert.Equal([true, true], (c < 128).ToArray<bool>());
        Assert.Equal([0f, 0.255f], (a / 1000).ToArray());
    }

    [Fact]
    public void Sums_have_room()
    {
        var x = Tensor.Full(new Shape(3, 1000), 255, DType.UInt8);
        Assert.Equal((DType.Int64, 765_000L), (x.Sum().DType, x.Sum().Item<long>()));
        Assert.Equal([255_000L, 255_000, 255_000], x.Sum(1).ToArray<long>());
        Assert.Equal(65_025L, x[0, ..2].Prod().Item<long>());
        Assert.Equal([255L, 510], x[0, ..2].CumSum(0).ToArray<long>());
        var y = Signed(-128, -128, 100);
        Assert.Equal(-156L, y.Sum().Item<long>());
        Assert.Equal((-128, 100, DType.Int8), (y.Min().Item<int>(), y.Max().Item<int>(), y.Max().DType));
        // As products of matrices have, which are int32.
        var product = Signed(-128, 127).Reshape(1, 2).MatMul(Signed(-128, 127).Reshape(2, 1));
        Assert.Equal((DType.Int32, 32_513), (product.DType, product.Item<int>()));
        Assert.Equal(DType.Int32, Bytes(255, 255).Reshape(1, 2).MatMul(Signed(-1, 2).Reshape(2, 1)).DType);
        Assert.Equal([2.5f], Bytes(1, 4).Reshape(1, 2).MatMul(Tensor.Full(new Shape(2, 1), 0.5f)).ToArray());
        Assert.Throws<ArgumentException>(() => x.Mean());
    }

    [Theory, MemberData(nameof(Small))]
    public void They_are_ordered_and_searched(DType type)
    {
        var random = Tensor.RandInt(type == DType.UInt8 ? 0 : -128, type == DType.UInt8 ? 256 : 128, new Shape(3, 3000), type,
            generator: new Generator(2));
        var wide = random.To(DType.Int64);
        Assert.Equal(wide.Sort(1).Values.ToArray<long>(), random.Sort(1).Values.ToArray<long>());
        Assert.Equal(wide.ArgSort(1, descending: true).ToArray<long>(), random.ArgSort(1, descending: true).ToArray<long>());
        Assert.Equal(wide.ArgMax(1).ToArray<long>(), random.ArgMax(1).ToArray<long>());
        Assert.Equal(wide.ArgMin(0).ToArray<long>(), random.ArgMin(0).ToArray<long>());
        Assert.Equal(wide.Max(0).ToArray<long>(), random.Max(0).ToArray<long>());
        Assert.Equal(wide.Min(1).ToArray<long>(), random.Min(1).ToArray<long>());
        Assert.Equal(wide.TopK(5, 1).Values.ToArray<long>(), random.TopK(5, 1).Values.ToArray<long>());
        Assert.Equal(wide.Median(1).Values.ToArray<long>(), random.Median(1).Values.ToArray<long>());
        Assert.Equal(wide.CumMax(1).Values.ToArray<long>(), random.CumMax(1).Values.ToArray<long>());
        Assert.Equal(wide.Unique().ToArray<long>(), random.Unique().ToArray<long>());
        var edges = Tensor.From<long>(0, 50, 100);
        Assert.Equal(edges.SearchSorted(wide).ToArray<long>(), edges.To(type).SearchSorted(random).ToArray<long>());
        if (type == DType.UInt8) Assert.Equal(wide[0].BinCount().ToArray<long>(), random[0].BinCount().ToArray<long>());
    }

    [Fact]
    public void They_are_viewed_indexed_and_gathered()
    {
        var x = Tensor.Arange(0, 24, 1, DType.UInt8).Reshape(4, 6);
        Assert.Equal([1, 7, 13, 19], x[.., 1].ToArray<byte>());
        Assert.Equal([23, 17, 11, 5, 22, 16, 10, 4], x.Flip(0, 1).T[..2].ToArray<byte>());
        Assert.Equal([6, 0, 18], x.IndexSelect(0, Tensor.From<long>(1, 0, -1))[.., 0].ToArray<byte>());
        Assert.Equal([0, 7, 14, 21], x.Gather(1, Tensor.From<long>(0, 1, 2, 3).Reshape(4, 1)).ToArray<byte>());
        Assert.Equal([20, 21, 22, 23], x[x > 19].ToArray<byte>());
        Assert.Equal([0, 9, 9], Tensor.Zeros(new Shape(3), DType.UInt8).Scatter(0, Tensor.From<long>(1, 2), 9).ToArray<byte>());
        Assert.Equal([44, 0], Tensor.Zeros(new Shape(2), DType.UInt8)
            .ScatterAdd(0, Tensor.From<long>(0, 0, 0), Tensor.Full(new Shape(3), 100, DType.UInt8)).ToArray<byte>());
        var mean = Bytes(200, 0)
            .ScatterReduce(0, Tensor.From<long>(0, 0, 1), Bytes(250, 240, 9), ScatterReduction.Mean, includeSelf: false);
        Assert.Equal([245, 9], mean.ToArray<byte>());
        Assert.Equal([-1, 5], Signed(-1, -2).MaskedFill(Tensor.From(false, true), 5).ToArray<sbyte>());
        x[0] = 7;
        x[1, 2] = 300;      // what is assigned is converted
        Assert.Equal([7, 7, 7, 7, 7, 7, 6, 7, 255], x.Flatten()[..9].ToArray<byte>());
        Assert.Contains("mask.NotEqual(0)", Assert.Throws<ArgumentException>(() => x[Bytes(1, 0, 0, 0)]).Message, StringComparison.Ordinal);
        Assert.StartsWith("[where] the condition is uint8", Assert.Throws<ArgumentException>(() => Tensor.Where(x, x, x)).Message);
    }

    [Fact]
    public void In_place_they_take_what_fits()
    {
        var x = Bytes(0, 200);
        x.AddInPlace(100);
        Assert.Equal([100, 44], x.ToArray<byte>());
        x.MulInPlace(Bytes(2, 3));
        Assert.Equal([200, 132], x.ToArray<byte>());
        x.SubInPlace(Tensor.From(true, false));
        Assert.Equal([199, 132], x.ToArray<byte>());
        Assert.StartsWith("[add] -1 does not fit into uint8", Assert.Throws<ArgumentException>(() => x.AddInPlace(-1)).Message);
        Assert.StartsWith("[add] a uint8 tensor of shape (2,) cannot take int32 values in place",
            Assert.Throws<InvalidOperationException>(() => x.AddInPlace(Tensor.From(1, 2))).Message);
        Assert.Throws<InvalidOperationException>(() => x.AddInPlace(Signed(1, 2)));
        Assert.Throws<InvalidOperationException>(() => x.MulInPlace(0.5));
        Assert.StartsWith("[fill] 256 does not fit", Assert.Throws<ArgumentException>(() => x.FillInPlace(256)).Message);
        Assert.Equal([3, 3], x.FillInPlace(3).ToArray<byte>());
        Assert.Equal([255, 0], x.CopyFrom(Tensor.From(1000, -1000)).ToArray<byte>());
    }

    [Fact]
    public void They_have_no_gradients_and_pass_none()
    {
        Assert.Throws<InvalidOperationException>(() => Bytes(1).RequiresGrad = true);
        var x = Tensor.From(1f, 2).WithGrad();
        (x * Bytes(3, 255)).Sum().Backward();
        Assert.Equal([3f, 255], x.Grad!.ToArray());
        Assert.False(x.To(DType.UInt8).RequiresGrad);
    }
}
