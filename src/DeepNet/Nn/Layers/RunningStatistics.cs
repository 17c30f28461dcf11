namespace DeepNet.Nn;

/// <summary>
/// The running statistics of a normalisation, which it evaluates with. The layer holds the buffers, so that their names are those of its
/// own state.
/// </summary>
internal readonly struct RunningStatistics(StateBuffer mean, StateBuffer variance, StateBuffer batches, double? momentum)
{
    /// <summary>
    /// Counts a batch and mixes its statistics in: a fixed share, or, without one, the share that makes the mean over all batches.
    /// </summary>
    /// <param name="newMean">The batch's means.</param>
    /// <param name="newVariance">Its variances over all its values.</param>
    /// <param name="count">How many those are for each number: the variances kept are unbiased.</param>
    public void Track(Tensor newMean, Tensor newVariance, long count)
    {
        using var noGrad = GradSwitch.Off();
        var counter = batches.Value;
        using var counting = counter.Storage.Write();
        counter.Kernels.Map(new WithRight<Add>(default, 1), counter, counter);
        counter.MarkChanged();
        double share = momentum ?? 1 / counter.Item<double>();
        MixIn(mean.Value, newMean, share, 1);
        MixIn(variance.Value, newVariance, share, (double)count / (count - 1));
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

    // In one pass where the two are alike, as they are but for layers of another type or place than what they are given.
    private static void MixIn(Tensor running, Tensor next, double share, double factor)
    {
        if (running.DType != next.DType || !ReferenceEquals(running.Device, next.Device) || !running.IsContiguous
            || !running.Shape.Equals(next.Shape))
        {
            running.CopyFrom(running * (1 - share) + next * factor * share);
            return;
        }
        using var writing = running.Storage.Write();
        running.Kernels.Zip(new Mix(share, factor), running, next, running);
        running.MarkChanged();
    }
}
