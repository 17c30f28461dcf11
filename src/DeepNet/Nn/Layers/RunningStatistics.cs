namespace DeepNet.Nn;

/// <summary>What a normalisation remembers of the batches it was trained on, to evaluate by. Its own fields would make its names a level deeper: the layer holds them.</summary>
internal readonly struct RunningStatistics(Buffer mean, Buffer variance, Buffer batches, double? momentum)
{
    /// <summary>Counts a batch and mixes its statistics in: a fixed share, or, without one, the share that makes the mean over all batches.</summary>
    public void Track(Tensor newMean, Tensor newVariance)
    {
        using var noGrad = Autograd.NoGrad();
        batches.Value.CopyFrom(batches.Value + 1);
        double share = momentum ?? 1 / batches.Value.Item<double>();
        Mix(mean.Value, newMean, share);
        Mix(variance.Value, newVariance, share);
    }

    /// <summary>Normalises by what was remembered; every axis but the second is one of samples or places.</summary>
    public Tensor Apply(Tensor x, Parameter? weight, Parameter? bias, double epsilon)
    {
        var (scale, shift) = ScaleAndShift(weight, bias, epsilon);
        int[] wide = Check.ChannelShape(x.Shape[1], x.Rank);
        return x * scale.Reshape(wide) + shift.Reshape(wide);
    }

    /// <summary>Two numbers for each channel: normalising is x · scale + shift.</summary>
    public (Tensor Scale, Tensor Shift) ScaleAndShift(Parameter? weight, Parameter? bias, double epsilon)
    {
        var scale = (variance.Value + epsilon).Rsqrt();
        if (weight is not null) scale = scale * weight.Value;
        var shift = -mean.Value * scale;
        if (bias is not null) shift = shift + bias.Value;
        return (scale, shift);
    }

    private static void Mix(Tensor running, Tensor next, double share) => running.CopyFrom(running * (1 - share) + next * share);
}
