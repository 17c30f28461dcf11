using System.Text.Json;

namespace DeepNet.Tests.Golden;

/// <summary>A tensor as the golden files hold it: a type, a shape and the values in row-major order.</summary>
public sealed record GoldenTensor(DType DType, int[] Shape, double[] Reals, long[] Integers)
{
    public static GoldenTensor Read(JsonElement json)
    {
        DType dtype = json.GetProperty("t").GetString() switch
        {
            "float64" => DType.Float64,
            "float32" => DType.Float32,
            "int64" => DType.Int64,
            "int32" => DType.Int32,
            "bool" => DType.Bool,
            var name => throw new InvalidDataException($"Golden tensor of unknown type {name}."),
        };
        int[] shape = [.. json.GetProperty("s").EnumerateArray().Select(e => e.GetInt32())];
        var values = json.GetProperty("v").EnumerateArray();
        return dtype.IsFloating()
            ? new(dtype, shape, [.. values.Select(Real)], [])
            : new(dtype, shape, [], [.. values.Select(e => e.GetInt64())]);
    }

    private static double Real(JsonElement e) => e.ValueKind == JsonValueKind.Number ? e.GetDouble() : e.GetString() switch
    {
        "NaN" => double.NaN,
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        var text => throw new InvalidDataException($"Golden value {text} is not a number."),
    };

    /// <summary>The type this tensor has in a run in <paramref name="floating"/>: only float64 follows the run.</summary>
    public DType In(DType floating) => DType == DType.Float64 ? floating : DType;

    public Tensor ToTensor(DType floating, Device? device = null)
        => (DType.IsFloating() ? Tensor.From<double>(Reals, Shape) : Tensor.From<long>(Integers, Shape)).To(In(floating))
            .To(device ?? Device.Cpu);

    /// <summary>
    /// The same tensor as a view that is neither dense nor at the start of its memory: axes stored in reverse order, every second
    /// element along the last of them.
    /// </summary>
    public Tensor ToStridedTensor(DType floating, Device? device = null)
    {
        var dense = ToTensor(floating, device);
        if (Shape.Length == 0) return dense;
        int[] reversed = [.. Shape.Reverse()];
        var workspace = Tensor.Full((int[])[.. reversed, 2], 77, dense.DType, dense.Device);
        nint[] strides = [.. workspace.Strides[..^1].ToArray().Reverse()];
        return workspace.View(dense.Shape, strides, 1).CopyFrom(dense);
    }
}
