using DeepNet.Nn;

namespace DeepNet.Optim;

/// <summary>Gathers gradients and measures all of them in one pass. Used again and again, it allocates nothing.</summary>
internal sealed class NormPass
{
    // As PyTorch: keeps the quotient finite where the norm is 0.
    private const double Epsilon = 1e-6;

    private Tensor[] tensors = new Tensor[8];
    private Parameter[] parameters = new Parameter[8];
    private int count;

    /// <summary>Adds the gradient of a parameter, if it has one.</summary>
    public void Add(Parameter parameter)
    {
        if (parameter.PeekValues() is not { } gradient) return;
        if (count == tensors.Length)
        {
            Array.Resize(ref tensors, 2 * count);
            Array.Resize(ref parameters, 2 * count);
        }
        parameters[count] = parameter;
        tensors[count++] = gradient.IsContiguous ? gradient : gradient.CopyDense();
    }

    public void Clear()
    {
        Array.Clear(tensors, 0, count);
        Array.Clear(parameters, 0, count);
        count = 0;
    }

    /// <summary>Gets the 2-norm over all elements.</summary>
    public double Norm() => Math.Sqrt(Measure<DotProduct>(0, count));

    /// <summary>Returns a value that is true if no element is infinite or NaN.</summary>
    public bool IsFinite() => double.IsFinite(Measure<LargestMagnitude>(0, count));

    /// <summary>Gets the factor that brings a norm down to a limit.</summary>
    public static double Scale(double norm, double most) => Math.Min(1, most / (norm + Epsilon));

    /// <summary>
    /// The norm and the factor that clips by it, without waiting for either; false where the gradients or their device are not fit for
    /// that.
    /// </summary>
    public bool TryClipLater(double most, out Tensor? norm, out Tensor? share)
    {
        (norm, share) = (null, null);
        if (count == 0 || Anomaly.IsOn) return false;
        var first = tensors[0];
        for (int i = 0; i < count; i++)
            if (!ReferenceEquals(tensors[i].Device, first.Device) || tensors[i].DType != first.DType
                || parameters[i].Value.DType != first.DType) return false;
        if (first.DType is not (DType.Float32 or DType.Float64)
            || first.Kernels.TryClipLater(tensors.AsSpan(0, count), most) is not var (n, s)) return false;
        (norm, share) = (n, s);
        return true;
    }

    /// <summary>The error for a norm that is infinite or NaN, naming whose gradient is.</summary>
    public InvalidOperationException NotFinite(double norm)
    {
        for (int i = 0; i < count; i++)
        {
            double largest = Measure<LargestMagnitude>(i, i + 1);
            if (!double.IsFinite(largest))
                return new(
                    $"[clip] the norm of the gradients is {norm}: that of {parameters[i]} has "
                        + $"{(double.IsNaN(largest) ? "a NaN" : "an infinity")}. The learning rate may be too large, or the loss takes the "
                        + "logarithm or root of zero; Anomaly.Detect() finds the operator.");
        }
        return new(
            $"[clip] the norm of the gradients is {norm}, though all elements are finite: their squares overflow. Scale the loss down.");
    }

    private double Measure<TMeasure>(int from, int to) where TMeasure : unmanaged, IMeasure<TMeasure>
    {
        var result = new F64(0);
        while (from < to)
        {
            int end = from + 1;
            while (end < to && ReferenceEquals(tensors[end].Device, tensors[from].Device)) end++;
            var part = tensors.AsSpan(from, end - from);
            result = TMeasure.Combine(result, new F64(tensors[from].Kernels.Measure<TMeasure>(part, part)));
            foreach (var gradient in part) gradient.EndRead("norm");
            from = end;
        }
        return result.V;
    }
}
