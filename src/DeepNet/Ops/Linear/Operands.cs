namespace DeepNet.Ops;

/// <summary>Brings the operands of linear operators to one element type, and checks that they are on one device.</summary>
internal static class Operands
{
    /// <summary>
    /// Brings two operands to the type they compute in: that of the autocast region, if there is one; else their own if it is one, be it a
    /// half type. Beside another type a half type counts as float32; integers stay exact, those of one byte as int32, which has room for
    /// their sums; bools have no products.
    /// </summary>
    public static (Tensor A, Tensor B) Meet(string op, Tensor a, Tensor b)
    {
        (a, b) = Autocast.Meet(a, b);
        if (a.DType != b.DType || !a.DType.IsFloating())
        {
            var dtype = DTypes.Compute(DTypes.Promote(a.DType, b.DType));
            if (dtype == DType.Bool)
                throw new NotSupportedException(
                    $"[{op}] {a.Shape} and {b.Shape} are both bool, which has no sums. Convert first: x.To(DType.Int32) to count, "
                    + "x.To(DType.Float32) to average.");
            if (dtype.IsSmallInteger()) dtype = DType.Int32;
            (a, b) = (a.To(dtype), b.To(dtype));
        }
        if (!ReferenceEquals(a.Device, b.Device)) throw Elementwise.DifferentDevices(op, a, b);
        return (a, b);
    }

    /// <summary>The same for operators on fractions only, such as convolution: integers become float32.</summary>
    public static (Tensor A, Tensor B) MeetFloating(string op, Tensor a, Tensor b)
    {
        (a, b) = Autocast.Meet(a, b);
        if (a.DType != b.DType || !a.DType.IsFloating())
        {
            var dtype = DTypes.ComputeFloating(DTypes.Promote(a.DType, b.DType));
            (a, b) = (a.To(dtype), b.To(dtype));
        }
        if (!ReferenceEquals(a.Device, b.Device)) throw Elementwise.DifferentDevices(op, a, b);
        return (a, b);
    }

    /// <summary>Converts a bias to the type of a product's sums: float32 for half types.</summary>
    public static Tensor Bias(string op, Tensor x, Tensor bias)
    {
        if (!ReferenceEquals(x.Device, bias.Device)) throw Elementwise.DifferentDevices(op, x, bias);
        return bias.To(DTypes.ComputeFloating(DTypes.Promote(x.DType, bias.DType)));
    }
}
