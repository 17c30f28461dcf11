using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace DeepNet.Data;

/// <summary>
/// A value of an example, as functions give it to <see cref="Dataset"/> and <see cref="Collate"/>: numbers, arrays and tensors convert by
/// themselves.
/// </summary>
/// <remarks>
/// A fraction becomes a float32 vector of one element, so that a batch of them is a column, as the output of a layer with one unit. An
/// integer or bool becomes an int64 number without axes, so that a batch of them is a vector of class labels. Arrays of fractions and
/// collection expressions become float32 vectors, arrays of integers int64 vectors, and arrays of bytes stay uint8. Tensors stay as they
/// are.
/// </remarks>
/// <example><code>
/// Dataset.From(houses, h => [h.Area, h.Rooms], h => h.Price);
/// </code></example>
[CollectionBuilder(typeof(TensorValue), nameof(Create))]
public readonly struct TensorValue
{
    private readonly object? data;          // a tensor, or an array of the elements of a number or a vector

    private TensorValue(object? data, bool isNumber = false)
    {
        this.data = data;
        IsNumber = isNumber;
    }

    /// <summary>Gets a value that is true if there is nothing, as where an array or a tensor is null.</summary>
    internal bool IsNull => data is null;

    /// <summary>Gets a value that is true if the elements are one, and have no axis.</summary>
    private bool IsNumber { get; }

    /// <summary>Gets the shape.</summary>
    internal Shape Shape => data switch
    {
        Tensor tensor => tensor.Shape,
        Array array => IsNumber ? Shape.Scalar : new Shape(array.Length),
        _ => throw Missing(),
    };

    /// <summary>Gets the element type.</summary>
    internal DType DType => data switch
    {
        Tensor tensor => tensor.DType,
        float[] => DType.Float32,
        long[] => DType.Int64,
        byte[] => DType.UInt8,
        _ => throw Missing(),
    };

    /// <summary>Makes a float32 vector of numbers; for collection expressions.</summary>
    public static TensorValue Create(ReadOnlySpan<double> numbers)
    {
        var elements = new float[numbers.Length];
        for (int i = 0; i < elements.Length; i++) elements[i] = (float)numbers[i];
        return new(elements);
    }

    /// <summary>A label.</summary>
    public static implicit operator TensorValue(bool value) => new(new long[] { value ? 1 : 0 }, isNumber: true);

    /// <summary>A label.</summary>
    public static implicit operator TensorValue(int value) => new(new long[] { value }, isNumber: true);

    /// <summary>A label.</summary>
    public static implicit operator TensorValue(long value) => new(new[] { value }, isNumber: true);

    /// <summary>A vector of one element.</summary>
    public static implicit operator TensorValue(float value) => new(new[] { value });

    /// <summary>A vector of one element.</summary>
    public static implicit operator TensorValue(double value) => new(new[] { (float)value });

    /// <summary>A vector of one element.</summary>
    public static implicit operator TensorValue(decimal value) => new(new[] { (float)value });

    /// <summary>A float32 vector.</summary>
    public static implicit operator TensorValue(float[]? values) => new(values);

    /// <summary>A float32 vector.</summary>
    public static implicit operator TensorValue(double[]? values) => values is null ? default : Create(values);

    /// <summary>A float32 vector.</summary>
    public static implicit operator TensorValue(Memory<float> values) => new(values.ToArray());

    /// <summary>A float32 vector.</summary>
    public static implicit operator TensorValue(ReadOnlyMemory<float> values) => new(values.ToArray());

    /// <summary>An int64 vector.</summary>
    public static implicit operator TensorValue(int[]? values)
        => new(values is null ? null : Array.ConvertAll(values, v => (long)v));

    /// <summary>An int64 vector.</summary>
    public static implicit operator TensorValue(long[]? values) => new(values);

    /// <summary>A uint8 vector.</summary>
    public static implicit operator TensorValue(byte[]? values) => new(values);

    /// <summary>A float32 matrix.</summary>
    public static implicit operator TensorValue(float[,]? values) => new(values is null ? null : Tensor.From(values));

    /// <summary>The tensor.</summary>
    public static implicit operator TensorValue(Tensor? tensor) => new(tensor);

    /// <summary>Goes through the elements; what collection expressions know the type of elements by.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public IEnumerator<double> GetEnumerator() => ToTensor().To(DType.Float64).ToArray<double>().AsEnumerable().GetEnumerator();

    /// <summary>The value as a tensor.</summary>
    public Tensor ToTensor() => data switch
    {
        Tensor tensor => tensor,
        float[] floats => Tensor.From<float>(floats, Shape),
        long[] longs => Tensor.From<long>(longs, Shape),
        byte[] bytes => Tensor.From<byte>(bytes, Shape),
        _ => throw Missing(),
    };

    /// <summary>Values that are alike along a new first axis. Numbers and vectors are copied to their places at once.</summary>
    internal static Tensor Stack(ReadOnlySpan<TensorValue> values)
    {
        var first = values[0];
        if (!AreArrays(values))
        {
            var tensors = new Tensor[values.Length];
            for (int i = 0; i < tensors.Length; i++) tensors[i] = values[i].ToTensor();
            return Tensor.Stack(tensors);
        }
        return Rows(values, ((Array)first.data!).Length, 0, first.IsNumber);
    }

    /// <summary>Vectors of one type along a new first axis, each followed by padding.</summary>
    internal static Tensor StackPadded(ReadOnlySpan<TensorValue> values, int length, Scalar padding)
        => Rows(values, length, padding, areNumbers: false);

    /// <summary>Gets a value that is true if the elements are those of a vector that is not a tensor yet.</summary>
    internal bool IsVector => data is Array && !IsNumber;

    private static Tensor Rows(ReadOnlySpan<TensorValue> values, int width, Scalar padding, bool areNumbers)
    {
        return values[0].data switch
        {
            float[] => Fill<float>(values),
            long[] => Fill<long>(values),
            _ => Fill<byte>(values),
        };

        Tensor Fill<T>(ReadOnlySpan<TensorValue> values) where T : unmanaged
        {
            var all = new T[checked(values.Length * width)];
            T filler = Tensor.FromScalar(padding, DTypes.Of<T>()).Item<T>();
            for (int i = 0; i < values.Length; i++)
            {
                var row = (T[])values[i].data!;
                row.CopyTo(all, i * width);
                all.AsSpan(i * width + row.Length, width - row.Length).Fill(filler);
            }
            return Tensor.From<T>(all, areNumbers ? new Shape(values.Length) : new Shape(values.Length, width));
        }
    }

    private static bool AreArrays(ReadOnlySpan<TensorValue> values)
    {
        foreach (var value in values)
            if (value.data is Tensor) return false;
        return true;
    }

    private static InvalidOperationException Missing() => new("[tensor_value] there is no value: it is null.");

    /// <inheritdoc/>
    public override string ToString() => IsNull ? "null" : $"{DType.Name()} {Shape}";
}
