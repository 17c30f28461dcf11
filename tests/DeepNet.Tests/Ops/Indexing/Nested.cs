namespace DeepNet.Tests.Operators;

/// <summary>
/// The naive model that views and indexing are held against: a shape and a function from coordinates to a value. It knows
/// nothing of strides, memory or offsets.
/// </summary>
internal sealed record Nested(int[] Shape, Func<int[], double> At)
{
    /// <summary>0, 1, 2… in row-major order.</summary>
    public static Nested Counting(params int[] shape) => new(shape, at =>
    {
        double position = 0;
        for (int i = 0; i < at.Length; i++) position = position * shape[i] + at[i];
        return position;
    });

    /// <summary>A tensor as the model sees it, through its row-major elements only.</summary>
    public static Nested Of(Tensor tensor)
    {
        int[] shape = [.. tensor.Shape];
        var values = tensor.ToArray<double>();
        return new(shape, at => values[(int)Counting(shape).At(at)]);
    }

    /// <summary>All coordinates in row-major order.</summary>
    public IEnumerable<int[]> Places()
    {
        int[] at = new int[Shape.Length];
        if (Shape.Contains(0)) yield break;
        while (true)
        {
            yield return [.. at];
            int axis = at.Length - 1;
            while (axis >= 0 && ++at[axis] == Shape[axis]) at[axis--] = 0;
            if (axis < 0) yield break;
        }
    }

    public double[] Values() => [.. Places().Select(At)];

    public Tensor ToTensor(DType dtype = DType.Float64) => Tensor.From<double>(Values(), new Shape(Shape)).To(dtype);

    public void AssertEquals(Tensor actual)
    {
        Assert.Equal(Shape, actual.Shape);
        Assert.Equal(Values(), actual.ToArray<double>());
    }

    // The operations of the model.

    public Nested Permute(int[] order) => new([.. order.Select(i => Shape[i])], at =>
    {
        int[] source = new int[at.Length];
        for (int i = 0; i < at.Length; i++) source[order[i]] = at[i];
        return At(source);
    });

    /// <summary>Places of one axis.</summary>
    public Nested Pick(int axis, int[] places) => new(With(Shape, axis, places.Length), at => At(With(at, axis, places[at[axis]])));

    public Nested Drop(int axis, int place) => new(Without(Shape, axis), at => At(Insert(at, axis, place)));

    public Nested Add(int axis) => new(Insert(Shape, axis, 1), at => At(Without(at, axis)));

    public Nested Expand(int[] to) => new(to, at =>
    {
        int added = to.Length - Shape.Length;
        return At([.. Shape.Select((length, i) => length == 1 ? 0 : at[i + added])]);
    });

    public Nested Reshape(int[] to)
    {
        var values = Values();
        return new(to, at => values[(int)Counting(to).At(at)]);
    }

    public static int[] With(int[] list, int at, int value) => [.. list[..at], value, .. list[(at + 1)..]];
    public static int[] Without(int[] list, int at) => [.. list[..at], .. list[(at + 1)..]];
    public static int[] Insert(int[] list, int at, int value) => [.. list[..at], value, .. list[at..]];
}
