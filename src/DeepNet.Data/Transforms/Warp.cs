namespace DeepNet.Data.Transforms;

/// <summary>A turn and a zoom about the middle of an image, then a shift, read backwards: where each new pixel comes from.</summary>
internal readonly struct Warp
{
    private readonly int width, height;
    private readonly float xx, xy, yx, yy, x0, y0;

    public Warp(int width, int height, double angle, double zoom, double dx, double dy)
    {
        (this.width, this.height) = (width, height);
        double cos = Math.Cos(angle) / zoom, sin = Math.Sin(angle) / zoom;
        double mx = (width - 1) / 2.0, my = (height - 1) / 2.0;
        (xx, xy, yx, yy) = ((float)cos, (float)sin, (float)-sin, (float)cos);
        x0 = (float)(mx - cos * (mx + dx) - sin * (my + dy));
        y0 = (float)(my + sin * (mx + dx) - cos * (my + dy));
    }

    public void Sample(ReadOnlySpan<float> from, Span<float> to)
    {
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                to[y * width + x] = At(from, xx * x + xy * y + x0, yx * x + yy * y + y0);
    }

    private float At(ReadOnlySpan<float> from, float x, float y)
    {
        float left = MathF.Floor(x), top = MathF.Floor(y), fx = x - left, fy = y - top;
        if (left < -1 || top < -1 || left >= width || top >= height) return 0;
        int i = (int)left, j = (int)top;
        return (1 - fy) * ((1 - fx) * Pixel(from, i, j) + fx * Pixel(from, i + 1, j))
            + fy * ((1 - fx) * Pixel(from, i, j + 1) + fx * Pixel(from, i + 1, j + 1));
    }

    private float Pixel(ReadOnlySpan<float> from, int x, int y)
        => (uint)x < (uint)width && (uint)y < (uint)height ? from[y * width + x] : 0;
}
