namespace DeepNet.Samples.Embedding;

/// <summary>
/// Makes a drawing look like the images that a network learned from: its ink cut out, scaled into a box of 20×20 with its proportions
/// kept, and placed so that its centre of mass is the middle of 28×28. A network sees what it knows, wherever and however large one draws.
/// </summary>
internal static class Drawing
{
    private const int Box = 20, Side = DigitModel.Side;
    private const float Ink = 0.05f;        // less is smear

    /// <summary>The image of 28×28; all paper if nothing was drawn.</summary>
    /// <param name="pixels">The drawing, row by row, from 0 (paper) to 1 (ink).</param>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    public static float[] Prepare(ReadOnlySpan<float> pixels, int width, int height)
    {
        float[] image = new float[Side * Side];
        int left = width, top = height, right = -1, bottom = -1;
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                if (pixels[y * width + x] > Ink)
                    (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
        if (right < 0) return image;

        double scale = Math.Max(right - left + 1, bottom - top + 1) / (double)Box;
        int columns = Math.Max(1, (int)Math.Round((right - left + 1) / scale)),
            rows = Math.Max(1, (int)Math.Round((bottom - top + 1) / scale));
        float[] small = new float[rows * columns];
        double mass = 0, sumX = 0, sumY = 0;
        for (int y = 0; y < rows; y++)
            for (int x = 0; x < columns; x++)
            {
                float v = Mean(pixels, width, height, left + x * scale, top + y * scale, scale);
                small[y * columns + x] = v;
                (mass, sumX, sumY) = (mass + v, sumX + v * (x + 0.5), sumY + v * (y + 0.5));
            }
        int offsetX = (int)Math.Round(Side / 2.0 - sumX / mass), offsetY = (int)Math.Round(Side / 2.0 - sumY / mass);
        for (int y = 0; y < rows; y++)
            for (int x = 0; x < columns; x++)
            {
                int px = x + offsetX, py = y + offsetY;
                if (px is >= 0 and < Side && py is >= 0 and < Side) image[py * Side + px] = small[y * columns + x];
            }
        return image;
    }

    /// <summary>The mean over a square whose edges lie anywhere: pixels count by how much of them is inside.</summary>
    private static float Mean(ReadOnlySpan<float> pixels, int width, int height, double left, double top, double size)
    {
        double sum = 0;
        for (int y = (int)top; y < Math.Min(height, top + size); y++)
        {
            double inY = Math.Min(y + 1, top + size) - Math.Max(y, top);
            for (int x = (int)left; x < Math.Min(width, left + size); x++)
                sum += pixels[y * width + x] * inY * (Math.Min(x + 1, left + size) - Math.Max(x, left));
        }
        return (float)Math.Min(1, sum / (size * size));
    }
}
