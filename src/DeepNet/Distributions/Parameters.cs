namespace DeepNet.Distributions;

/// <summary>Brings the parameters of distributions to one type, device and shape, and checks them.</summary>
internal static class Parameters
{
    /// <summary>Parameters in one floating type and on one device, broadcast together. C# numbers take on what they meet.</summary>
    public static (Tensor A, Tensor B) Meet(string op, Tensor a, Tensor b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        bool isA = a.Storage.IsConstant, isB = b.Storage.IsConstant;
        var dtype = DTypes.ComputeFloating(isA ? (isB ? DType.Float32 : b.DType) : isB ? a.DType : DTypes.Promote(a.DType, b.DType));
        var device = isA ? b.Device : a.Device;
        a = (isA ? a.CopyDense().To(device) : a).To(dtype);
        b = (isB ? b.CopyDense().To(device) : b).To(dtype);
        DeviceCheck.Same(op, a, b);
        var shape = Axis.Broadcast(op, a.Shape, b.Shape);
        return (a.Expand(shape), b.Expand(shape));
    }

    /// <summary>A single parameter.</summary>
    public static Tensor Of(string op, Tensor a) => Meet(op, a, a).A;

    /// <summary>The one of probabilities and logits that is given.</summary>
    public static (Tensor Given, bool IsLogits) Either(string op, Tensor? probs, Tensor? logits)
        => (probs is null) != (logits is null)
            ? (Of(op, (probs ?? logits)!), probs is null)
            : throw new ArgumentException($"[{op}] probs or logits must be given, and not both.");

    /// <summary>Throws the error for the first element that is not valid.</summary>
    public static void Require(string op, string name, Tensor parameter, Func<Tensor, Tensor> isValid, string must)
    {
        using var off = GradSwitch.Off();
        var valid = isValid(parameter);
        if (valid.All().Item<bool>()) return;
        double first = parameter.MaskedSelect(!valid).ToArray<double>()[0];
        throw new ArgumentException($"[{op}] the {name} of shape {parameter.Shape} has the element {first}: it must be {must}.");
    }

    public static void RequirePositive(string op, string name, Tensor parameter)
        => Require(op, name, parameter, x => (x > 0) & x.IsFinite(), "positive");

    public static void RequireFinite(string op, string name, Tensor parameter) => Require(op, name, parameter, x => x.IsFinite(), "finite");

    /// <summary>
    /// A log-density within its support and −∞ outside. It is computed from a number inside wherever the value is not, so that no NaN gets
    /// into the gradient.
    /// </summary>
    public static Tensor Within(Tensor value, Tensor isInside, double inside, Func<Tensor, Tensor> logDensity)
        => Tensor.Where(isInside, logDensity(Tensor.Where(isInside, value, inside)), double.NegativeInfinity);

    /// <summary>Values as numbers that log-densities are computed of: C# numbers and integers take on the type of the parameter.</summary>
    public static Tensor Value(Tensor value, Tensor parameter)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Storage.IsConstant) value = value.CopyDense().To(parameter.Device);
        else if (value.DType.IsFloating()) return value;
        return value.To(parameter.DType);
    }
}
