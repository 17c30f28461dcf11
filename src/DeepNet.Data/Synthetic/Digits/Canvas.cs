namespace DeepNet.Data.Made.Digits;

/// <summary>Lines of some width, drawn with soft edges.</summary>
internal sealed class Canvas
{
    public const int Side = 28;

    private readonly float[] ink = new float[Side * Side];

    /// <summary>Gets the darkness of each pixel, from 0 to 1.</summary>
    public ReadOnlySpan<float> Ink => ink;

    /// <summary>Draws a line. A pixel is dark within the radius, and fades over the width of one pixel.</summary>
    public void Line(float x0, float y0, float x1, float y1, float radius)
    {
        float reach = radius + 1;
        int left = Clamp(MathF.Min(x0, x1) - reach), right = Clamp(MathF.Max(x0, x1) + reach + 1);
        int top = Clamp(MathF.Min(y0, y1) - reach), bottom = Clamp(MathF.Max(y0, y1) + reach + 1);
        float dx = x1 - x0, dy = y1 - y0, length = dx * dx + dy * dy;
        for (int y = top; y < bottom; y++)
            for (int x = left; x < right; x++)
            {
                float t = length > 0 ? Math.Clamp(((x - x0) * dx + (y - y0) * dy) / length, 0, 1) : 0;
                float ex = x - x0 - t * dx, ey = y - y0 - t * dy;
                float dark = Math.Clamp(radius + 0.5f - MathF.Sqrt(ex * ex + ey * ey), 0, 1);
                ref float pixel = ref ink[y * Side + x];
                if (dark > pixel) pixel = dark;
            }
    }

    private static int Clamp(float at) => (int)Math.Clamp(at, 0, Side);
}
