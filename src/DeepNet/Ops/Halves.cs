using System.Diagnostics.CodeAnalysis;

namespace DeepNet.Ops;

/// <summary>Converts 16-bit types where the arithmetic is float32.</summary>
internal static class Halves
{
    /// <summary>A half type as float32, recorded; everything else as it is.</summary>
    [return: NotNullIfNotNull(nameof(x))]
    public static Tensor? Wide(Tensor? x) => x is not null && x.DType.IsHalf() ? x.To(DType.Float32) : x;

    /// <summary>A tensor in another type, if one is given.</summary>
    public static Tensor As(DType? type, Tensor x) => type is { } other ? x.To(other) : x;
}
