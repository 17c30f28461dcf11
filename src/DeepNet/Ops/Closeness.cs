namespace DeepNet.Ops;

/// <summary>Equality of tensors, exact and within a tolerance.</summary>
internal static class Closeness
{
    public static Tensor Of(Tensor a, Tensor b, double relative, double absolute, bool equalNan)
    {
        ArgumentNullException.ThrowIfNull(b);
        if (!(relative >= 0 && absolute >= 0))
            throw new ArgumentException($"[is_close] the tolerances are {relative} and {absolute}: they must not be negative.");
        using var off = GradSwitch.Off();
        var isEqual = Equal(a, b, equalNan);
        if (a.DType < DType.Int32) a = a.To(DType.Int32);
        Tensor distance = (a - b).Abs(), limit = b.Abs() * relative + absolute;
        return isEqual | (distance.IsFinite() & (distance <= limit));
    }

    public static bool IsEqual(Tensor a, Tensor b, bool equalNan)
    {
        ArgumentNullException.ThrowIfNull(b);
        using var off = GradSwitch.Off();
        return a.Shape.Equals(b.Shape) && Equal(a, b, equalNan).All().Item<bool>();
    }

    private static Tensor Equal(Tensor a, Tensor b, bool equalNan)
        => equalNan ? a.Equal(b) | (a.IsNaN() & b.IsNaN()) : a.Equal(b);
}
