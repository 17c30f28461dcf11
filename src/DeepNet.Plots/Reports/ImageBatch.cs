
namespace DeepNet.Plots;

/// <summary>The images in a tensor as bytes.</summary>
internal sealed class ImageBatch
{
    private readonly byte[] pixels;     // image by image, row by row, channels innermost

    private ImageBatch(byte[] pixels, int count, int channels, int height, int width)
        => (this.pixels, Count, Channels, Height, Width) = (pixels, count, channels, height, width);

    public int Count { get; }

    public int Channels { get; }

    public int Height { get; }

    public int Width { get; }

    public static ImageBatch Of(Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        int rank = images.Rank, channels = rank == 4 ? (int)images.Shape[1] : 1;
        if (rank is not (3 or 4) || channels is not (1 or 3))
            throw new ArgumentException(
                $"[images] a tensor of shape {images.Shape} holds no images; give (N, height, width), (N, 1, height, width) or (N, "
                    + "3, height, width).");
        int count = (int)images.Shape[0], height = (int)images.Shape[rank - 2], width = (int)images.Shape[rank - 1];
        float[] values;
        using (Memory.Scope())
        using (Autograd.NoGrad()) values = images.To(Device.Cpu).To(DType.Float32).Contiguous().ToArray<float>();
        if (!images.DType.IsFloating() && images.DType != DType.Bool)
            for (int i = 0; i < values.Length; i++) values[i] /= 255;
        var (low, scale) = Reach(values);
        byte[] bytes = new byte[values.Length];
        int plane = height * width;
        for (int n = 0; n < count; n++)
            for (int c = 0; c < channels; c++)
                for (int p = 0; p < plane; p++)
                {
                    float v = (values[(n * channels + c) * plane + p] - low) * scale;
                    bytes[(n * plane + p) * channels + c] = float.IsNaN(v) ? (byte)0 : (byte)MathF.Round(255 * Math.Clamp(v, 0, 1));
                }
        return new ImageBatch(bytes, count, channels, height, width);
    }

    /// <summary>An image's bytes.</summary>
    public ReadOnlySpan<byte> Pixels(int index) => pixels.AsSpan(index * Height * Width * Channels, Height * Width * Channels);

    public string DataUri(int index) => Png.DataUri(Pixels(index), Width, Height, Channels);

    public byte[] ToPng(int index) => Png.Encode(Pixels(index), Width, Height, Channels);

    /// <summary>
    /// Returns the value of black, and the factor that leads to white; a little beyond 0 and 1 is rounding and no reason to stretch.
    /// </summary>
    private static (float Low, float Scale) Reach(float[] values)
    {
        const float Slack = 1e-3f;
        float low = 0, high = 1;
        foreach (float v in values)
            if (float.IsFinite(v)) (low, high) = (Math.Min(low, v), Math.Max(high, v));
        return low < -Slack || high > 1 + Slack ? (low, 1 / (high - low)) : (0, 1);
    }
}
