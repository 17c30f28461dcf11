namespace DeepNet.Data.Images;

/// <summary>Changes the colours of an image, byte by byte as Pillow does it; opacity stays.</summary>
internal static class PixelMath
{
    private const int Levels = 256, Most = 255;

    /// <summary>One channel of brightness, as eyes see it.</summary>
    public static Image Grey(Image image)
    {
        var result = new Image(image.Height, image.Width, 1);
        for (int i = 0; i < result.Pixels.Length; i++) result.Pixels[i] = (byte)Grey(image, i * image.Channels);
        return result;
    }

    /// <summary>A black image at 0, the image at 1, brighter above.</summary>
    public static Image Brightness(Image image, float factor) => Map(image, _ => v => Blend(0, v, factor));

    /// <summary>An even grey of the image's mean brightness at 0, the image at 1.</summary>
    public static Image Contrast(Image image, float factor)
    {
        long sum = 0;
        for (int at = 0; at < image.Pixels.Length; at += image.Channels) sum += Grey(image, at);
        int mean = (int)((double)sum / ((long)image.Height * image.Width) + 0.5);
        return Map(image, _ => v => Blend(mean, v, factor));
    }

    /// <summary>Without colour at 0, the image at 1.</summary>
    public static Image Saturation(Image image, float factor)
    {
        if (image.Channels == 1) return image;
        var result = new Image(image.Height, image.Width, image.Channels);
        for (int at = 0; at < image.Pixels.Length; at += image.Channels)
        {
            int grey = Grey(image, at);
            for (int c = 0; c < 3; c++) result.Pixels[at + c] = Blend(grey, image.Pixels[at + c], factor);
            if (image.Channels == 4) result.Pixels[at + 3] = image.Pixels[at + 3];
        }
        return result;
    }

    /// <summary>Smoothed over 3×3 pixels at 0, the image at 1; the outermost pixels stay.</summary>
    public static Image Sharpness(Image image, float factor)
    {
        const int MiddleWeight = 5, Weights = 13;
        var (from, channels, stride) = (image.Pixels, image.Channels, image.Width * image.Channels);
        var result = new Image([.. from], image.Height, image.Width, channels);
        for (int y = 1; y < image.Height - 1; y++)
            for (int x = channels; x < stride - channels; x++)
            {
                if (channels == 4 && x % 4 == 3) continue;
                int at = y * stride + x, sum = (MiddleWeight - 1) * from[at];
                for (int row = at - stride; row <= at + stride; row += stride)
                    sum += from[row - channels] + from[row] + from[row + channels];
                result.Pixels[at] = Blend((2 * sum + Weights) / (2 * Weights), from[at], factor);
            }
        return result;
    }

    /// <summary>Colours turned around the wheel, by a share of the whole turn; brightness and saturation (HSV) stay.</summary>
    public static Image Hue(Image image, float turn)
    {
        if (image.Channels == 1 || turn == 0) return image;
        var result = new Image(image.Height, image.Width, image.Channels);
        for (int at = 0; at < image.Pixels.Length; at += image.Channels)
        {
            float r = image.Pixels[at], g = image.Pixels[at + 1], b = image.Pixels[at + 2];
            float most = Math.Max(r, Math.Max(g, b)), chroma = most - Math.Min(r, Math.Min(g, b));
            float sixth = chroma == 0 ? 0 : most == r ? (g - b) / chroma : most == g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
            sixth += 6 * turn + 12;
            for (int c = 0; c < 3; c++)
            {
                // Each of red, green and blue is the same function of the angle, a third of a turn apart.
                float angle = (sixth + 5 - 2 * c) % 6;
                float fall = Math.Clamp(Math.Min(angle, 4 - angle), 0, 1);
                result.Pixels[at + c] = (byte)(most - chroma * fall + 0.5f);
            }
            if (image.Channels == 4) result.Pixels[at + 3] = image.Pixels[at + 3];
        }
        return result;
    }

    /// <summary>Only the upper bits of each byte.</summary>
    public static Image Posterize(Image image, int bits) => Map(image, _ => v => (byte)(v & ~((1 << (8 - bits)) - 1)));

    /// <summary>Inverts all values that are at least a threshold.</summary>
    public static Image Solarize(Image image, int threshold) => Map(image, _ => v => (byte)(v < threshold ? v : Most - v));

    /// <summary>Each channel stretched from black to white.</summary>
    public static Image AutoContrast(Image image) => Map(image, c =>
    {
        int[] histogram = Histogram(image, c);
        int low = Array.FindIndex(histogram, n => n > 0), high = Array.FindLastIndex(histogram, n => n > 0);
        if (high <= low) return v => (byte)v;
        double scale = (double)Most / (high - low), offset = -low * scale;
        return v => (byte)Math.Clamp((int)(v * scale + offset), 0, Most);
    });

    /// <summary>Each channel so that all levels are about as frequent.</summary>
    public static Image Equalize(Image image) => Map(image, c =>
    {
        int[] histogram = Histogram(image, c);
        int last = Array.FindLastIndex(histogram, n => n > 0), step = (histogram.Sum() - histogram[last]) / Most;
        if (step == 0) return v => (byte)v;
        byte[] levels = new byte[Levels];
        long sum = step / 2;
        for (int v = 0; v < Levels; v++)
        {
            levels[v] = (byte)Math.Min(Most, sum / step);
            sum += histogram[v];
        }
        return v => levels[v];
    });

    /// <summary>Takes each pixel from where a map says, the nearest one; what comes in from outside is 0.</summary>
    /// <param name="image">The image.</param>
    /// <param name="map">Six numbers: old x = [0]·x + [1]·y + [2], old y = [3]·x + [4]·y + [5], in pixels from the upper left
    /// corner.</param>
    public static Image Affine(Image image, ReadOnlySpan<double> map)
    {
        const int Bits = 16;
        static long Fixed(double v) => (long)Math.Floor(v * (1 << Bits) + 0.5);
        var (height, width, channels) = (image.Height, image.Width, image.Channels);
        byte[] from = image.Pixels, to = new byte[from.Length];
        long xx = Fixed(map[0]), xy = Fixed(map[1]), yx = Fixed(map[3]), yy = Fixed(map[4]);
        long rowX = Fixed(map[2] + 0.5 * (map[0] + map[1])), rowY = Fixed(map[5] + 0.5 * (map[3] + map[4]));
        for (int y = 0, at = 0; y < height; y++, rowX += xy, rowY += yy)
        {
            var (atX, atY) = (rowX, rowY);
            for (int x = 0; x < width; x++, at += channels, atX += xx, atY += yx)
            {
                long column = atX >> Bits, row = atY >> Bits;
                if ((ulong)column >= (ulong)width || (ulong)row >= (ulong)height) continue;
                int source = ((int)row * width + (int)column) * channels;
                for (int c = 0; c < channels; c++) to[at + c] = from[source + c];
            }
        }
        return new Image(to, height, width, channels);
    }

    private static int Grey(Image image, int at)
    {
        byte[] p = image.Pixels;
        return image.Channels == 1 ? p[at] : (19595 * p[at] + 38470 * p[at + 1] + 7471 * p[at + 2] + 0x8000) >> 16;
    }

    private static byte Blend(int from, int to, float factor) => (byte)Math.Clamp(from + factor * (to - from), 0, Most);

    private static int[] Histogram(Image image, int channel)
    {
        var counts = new int[Levels];
        for (int at = channel; at < image.Pixels.Length; at += image.Channels) counts[image.Pixels[at]]++;
        return counts;
    }

    // A function of a byte, asked once for each level.
    private static Image Map(Image image, Func<int, Func<int, byte>> ofChannel)
    {
        var result = new Image(image.Height, image.Width, image.Channels);
        for (int c = 0; c < image.Channels; c++)
        {
            var function = c < 3 ? ofChannel(c) : v => (byte)v;
            byte[] levels = new byte[Levels];
            for (int v = 0; v < Levels; v++) levels[v] = function(v);
            for (int at = c; at < image.Pixels.Length; at += image.Channels) result.Pixels[at] = levels[image.Pixels[at]];
        }
        return result;
    }
}
