namespace DeepNet.Data.Made.Digits;

/// <summary>A hand that writes a digit a little differently each time.</summary>
internal static class Hand
{
    private const int StepsPerPoint = 6;
    private const int InkLevels = 15;              // few levels, so that files pack well
    private const double BoxHeight = 19, BoxWidth = 15;

    /// <summary>Writes a digit into 28×28 bytes, white on black.</summary>
    public static void Write(int digit, Generator generator, Span<byte> pixels)
    {
        var ways = Glyphs.All[digit];
        var glyph = ways[generator.Below(ways.Length)];
        // The middle of the box goes to the middle of the image, moved; the box is stretched, slanted and turned about it.
        double angle = 0.14 * Bounded(generator), slant = 0.16 * Bounded(generator);
        double size = generator.Uniform(0.82, 1.12), width = BoxWidth * size * generator.Uniform(0.78, 1.18), height = BoxHeight * size;
        double middleX = Canvas.Side / 2.0 - 0.5 + generator.Uniform(-2, 2), middleY = Canvas.Side / 2.0 - 0.5 + generator.Uniform(-2, 2);
        double cos = Math.Cos(angle), sin = Math.Sin(angle);
        float radius = (float)generator.Uniform(0.75, 1.65);
        double shake = generator.Uniform(0.01, 0.035);

        var canvas = new Canvas();
        foreach (var stroke in glyph)
        {
            var points = new (float X, float Y)[stroke.Points.Length / 2];
            for (int i = 0; i < points.Length; i++)
            {
                double u = (stroke.Points[2 * i] - 0.5 + shake * Bounded(generator)) * width,
                    v = (stroke.Points[2 * i + 1] - 0.5 + shake * Bounded(generator)) * height;
                u -= slant * v;
                points[i] = ((float)(middleX + cos * u - sin * v), (float)(middleY + sin * u + cos * v));
            }
            if (stroke.IsSmooth) Curve(canvas, points, radius);
            else
                for (int i = 1; i < points.Length; i++) canvas.Line(points[i - 1].X, points[i - 1].Y, points[i].X, points[i].Y, radius);
        }
        Develop(canvas, generator, pixels);
    }

    // Catmull and Rom: a curve through all points, whose direction at each is that from its predecessor to its successor.
    private static void Curve(Canvas canvas, (float X, float Y)[] p, float radius)
    {
        var from = p[0];
        for (int i = 0; i + 1 < p.Length; i++)
        {
            var (a, b, c, d) = (p[Math.Max(0, i - 1)], p[i], p[i + 1], p[Math.Min(p.Length - 1, i + 2)]);
            for (int step = 1; step <= StepsPerPoint; step++)
            {
                float t = (float)step / StepsPerPoint;
                var to = (X: At(a.X, b.X, c.X, d.X, t), Y: At(a.Y, b.Y, c.Y, d.Y, t));
                canvas.Line(from.X, from.Y, to.X, to.Y, radius);
                from = to;
            }
        }
    }

    private static float At(float a, float b, float c, float d, float t)
        => b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));

    // Ink is uneven, and paper now and then has a speck.
    private static void Develop(Canvas canvas, Generator generator, Span<byte> pixels)
    {
        double strength = generator.Uniform(0.8, 1), grain = generator.Uniform(0, 0.12);
        for (int i = 0; i < pixels.Length; i++)
        {
            double dark = canvas.Ink[i] * strength;
            if (dark > 0) dark += grain * Bounded(generator);
            pixels[i] = (byte)(Math.Round(InkLevels * Math.Clamp(dark, 0, 1)) * (255 / InkLevels));
        }
        for (int speck = generator.Below(4); speck > 0; speck--)
            pixels[generator.Below(pixels.Length)] = (byte)((1 + generator.Below(InkLevels / 2)) * (255 / InkLevels));
    }

    /// <summary>About normal with deviation 1, within ±3: four uniform numbers, so that every machine makes the same digits.</summary>
    private static double Bounded(Generator generator)
        => Math.Clamp(
            (generator.NextDouble() + generator.NextDouble() + generator.NextDouble() + generator.NextDouble() - 2) * 1.7320508, -3, 3);
}
