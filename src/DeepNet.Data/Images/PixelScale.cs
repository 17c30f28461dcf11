namespace DeepNet.Data.Images;

/// <summary>Converts the bytes of each channel to numbers: byte · factor + term.</summary>
internal sealed record PixelScale(float[] Factors, float[] Terms)
{
    /// <summary>From 0 to 1.</summary>
    public static PixelScale Unit(int channels)
    {
        var factors = new float[channels];
        Array.Fill(factors, 1 / 255f);
        return new(factors, new float[channels]);
    }

    /// <summary>With a mean taken away and divided by a standard deviation, both in units of 0 to 1.</summary>
    public static PixelScale Normalized(int channels, ReadOnlySpan<double> mean, ReadOnlySpan<double> std)
    {
        if (mean.Length != channels || std.Length != channels)
            throw new ArgumentException(
                $"[normalize] {mean.Length} means and {std.Length} standard deviations do not fit {channels} channels.");
        var (factors, terms) = (new float[channels], new float[channels]);
        for (int c = 0; c < channels; c++)
        {
            if (!(std[c] > 0))
                throw new ArgumentException($"[normalize] the standard deviation of channel {c} is {std[c]}: it must be positive.");
            factors[c] = (float)(1 / (255 * std[c]));
            terms[c] = (float)(-mean[c] / std[c]);
        }
        return new(factors, terms);
    }
}
