namespace DeepNet;

// Rearrangements that need memory of their own.
public sealed partial class Tensor
{
    /// <summary>Tensors one after the other along an axis; element types are promoted.</summary>
    public static Tensor Cat(ReadOnlySpan<Tensor> tensors, int axis = 0) => Ops.Cat.Of(tensors, axis);

    /// <summary>Tensors of one shape along a new axis.</summary>
    public static Tensor Stack(ReadOnlySpan<Tensor> tensors, int axis = 0) => Ops.Cat.Stack(tensors, axis);

    /// <summary>An axis shifted cyclically: what leaves at the end comes in at the start.</summary>
    public Tensor Roll(int shift, int axis)
    {
        axis = Axis.Normalize("roll", axis, Shape);
        int length = Shape[axis];
        int by = length == 0 ? 0 : (int)(((long)shift % length + length) % length);
        return by == 0 ? Clone() : Cat([Narrow(axis, length - by, by), Narrow(axis, 0, length - by)], axis);
    }

    /// <summary>All elements shifted cyclically in row-major order.</summary>
    public Tensor Roll(int shift) => Reshape(-1).Roll(shift, 0).Reshape(Shape.Axes);

    /// <summary>The tensor laid side by side so many times along each axis; more numbers than axes add axes in front.</summary>
    public Tensor Repeat(params ReadOnlySpan<int> times)
    {
        int added = times.Length - Rank;
        if (added < 0)
            throw new ArgumentException(
                $"[repeat] ({string.Join(", ", times.ToArray())}) for shape {Shape}: a number for each of the {Rank} axes is needed.");
        var from = new List<int>();
        var expanded = new List<int>();
        var result = new int[times.Length];
        for (int i = 0; i < times.Length; i++)
        {
            if (times[i] < 0) throw new ArgumentException(
                $"[repeat] ({string.Join(", ", times.ToArray())}): an axis cannot be repeated {times[i]} times.");
            int length = i < added ? 1 : Shape[i - added];
            result[i] = Axis.Length("repeat", (long)length * times[i], Shape);
            // An axis of its own counts the repetitions; where there is one only, it is left out.
            if (times[i] != 1)
            {
                from.Add(1);
                expanded.Add(times[i]);
            }
            from.Add(length);
            expanded.Add(length);
        }
        var repeated = Reshape([.. from]).Expand(new Shape([.. expanded])).Reshape(result);
        return ReferenceEquals(repeated.storage, storage) ? repeated.Clone() : repeated;
    }

    /// <summary>Each place of an axis repeated so many times before the next.</summary>
    public Tensor RepeatInterleave(int times, int axis)
    {
        axis = Axis.Normalize("repeat_interleave", axis, Shape);
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        var repeated = Unsqueeze(axis + 1).Expand(new Shape([.. Shape.Axes[..(axis + 1)], times, .. Shape.Axes[(axis + 1)..]]));
        repeated = Ops.Reshape.Apply(repeated, new Shape([.. Shape.Axes[..axis],
            Axis.Length("repeat_interleave", (long)Shape[axis] * times, Shape), .. Shape.Axes[(axis + 1)..]]), mayCopy: true);
        return ReferenceEquals(repeated.storage, storage) ? repeated.Clone() : repeated;
    }

    /// <summary>Each place of an axis repeated as many times as its entry in an integer tensor says.</summary>
    public Tensor RepeatInterleave(Tensor times, int axis)
    {
        ArgumentNullException.ThrowIfNull(times);
        axis = Axis.Normalize("repeat_interleave", axis, Shape);
        if (times.DType is not (DType.Int32 or DType.Int64) || times.Rank != 1 || times.Shape[0] != Shape[axis])
            throw new ArgumentException(
                $"[repeat_interleave] {times.DType.Name()} counts of shape {times.Shape} for axis {axis} of shape {Shape}: "
                + $"{Shape[axis]} integers are needed, one for each place.");
        var places = new List<long>();
        var counts = times.ToArray<long>();
        for (int place = 0; place < counts.Length; place++)
        {
            if (counts[place] < 0) throw new ArgumentException(
                $"[repeat_interleave] count {counts[place]} at position {place} is negative.");
            for (long i = 0; i < counts[place]; i++) places.Add(place);
        }
        return Ops.IndexSelect.OfChecked(this, axis, From<long>(places.ToArray(), new Shape(places.Count), Device));
    }

    /// <summary>
    /// The tensor with something around it. The pairs say how much before and after each of the last axes, in the order of the
    /// axes; negative numbers cut off (with a constant only).
    /// </summary>
    public Tensor Pad(ReadOnlySpan<(int Before, int After)> lengths, PadMode mode = PadMode.Constant, Scalar value = default)
        => Ops.Pad.Of(this, lengths, mode, value);

    /// <summary>
    /// The lower triangle of each matrix, zero above the given diagonal (0 is the main one, above it are positive numbers).
    /// </summary>
    public Tensor Tril(int diagonal = 0) => Triangle.Of(this, diagonal, isUpper: false);

    /// <summary>
    /// The upper triangle of each matrix, zero below the given diagonal (0 is the main one, above it are positive numbers).
    /// </summary>
    public Tensor Triu(int diagonal = 0) => Triangle.Of(this, diagonal, isUpper: true);
}
