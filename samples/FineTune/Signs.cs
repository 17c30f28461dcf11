using DeepNet.Data;

namespace DeepNet.Samples.FineTune;

/// <summary>
/// Made pictures of 32×32 pixels in colour: signs of an invented alphabet, and the digits 0 to 9, drawn with dark pens of any colour on
/// light paper of any colour. What a sign is made of, strokes with ends, bends and crossings, digits are made of too.
/// </summary>
internal static class Signs
{
    public const int Side = 32;

    private const int DigitSide = 28, Border = (Side - DigitSide) / 2;

    /// <summary>Draws signs; picture i shows sign i modulo the number of signs, which are the same for every seed.</summary>
    public static ImageDataset Alphabet(int signs, int count, ulong seed)
    {
        var alphabet = new Stroke[signs][];
        for (int i = 0; i < signs; i++)
        {
            var generator = DrawKey.FromSeed(0).At((ulong)i).Generator();
            alphabet[i] = [.. Enumerable.Range(0, 2 + (int)(2 * generator.NextDouble())).Select(_ => Stroke.Random(generator))];
        }
        return Draw(count, seed, [.. Enumerable.Range(0, signs).Select(i => $"sign {i + 1}")], (label, generator, ink) =>
        {
            var hand = new Hand(generator);
            foreach (var stroke in alphabet[label]) hand.Draw(stroke, ink);
        });
    }

    /// <summary>Draws digits, as many of each.</summary>
    public static ImageDataset Digits(int count, ulong seed)
    {
        var digits = SyntheticData.Digits(count, seed);
        int at = 0;
        return Draw(count, seed, digits.Classes, (_, _, ink) =>
        {
            var pixels = digits.Image(at++);
            for (int i = 0; i < pixels.Length; i++)
                ink[(i / DigitSide + Border) * Side + i % DigitSide + Border] = pixels[i] / 255f;
        });
    }

    private delegate void Writer(int label, Generator generator, Span<float> ink);

    private static ImageDataset Draw(int count, ulong seed, IReadOnlyList<string> classes, Writer write)
    {
        const int size = Side * Side;
        byte[] pixels = new byte[count * 3 * size];
        var labels = new int[count];
        float[] ink = new float[size];
        var key = DrawKey.FromSeed(seed);
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % classes.Count;
            var generator = key.At((ulong)i).Generator();
            Array.Clear(ink);
            write(labels[i], generator, ink);
            Paint(ink, generator, pixels.AsSpan(i * 3 * size, 3 * size));
        }
        return new ImageDataset(pixels, labels, 3, Side, Side, classes);
    }

    // Paper darkens towards one side, and every pixel has noise.
    private static void Paint(float[] ink, Generator generator, Span<byte> pixels)
    {
        double[] pen = Colour(generator, 0, 0.5), paper = Colour(generator, 0.5, 1);
        double shadeX = generator.Between(-0.2, 0.2), shadeY = generator.Between(-0.2, 0.2);
        for (int c = 0; c < 3; c++)
            for (int i = 0; i < ink.Length; i++)
            {
                double shade = shadeX * (i % Side - Side / 2) / Side + shadeY * (i / Side - Side / 2) / Side;
                double value = paper[c] + shade + (pen[c] - paper[c] - shade) * ink[i] + 0.1 * (generator.NextDouble() - 0.5);
                pixels[c * ink.Length + i] = (byte)Math.Clamp(255 * value, 0, 255);
            }
    }

    private static double[] Colour(Generator generator, double low, double high)
        => [generator.Between(low, high), generator.Between(low, high), generator.Between(low, high)];

    /// <summary>A bend through three points of the unit square.</summary>
    private readonly record struct Stroke(double X0, double Y0, double X1, double Y1, double X2, double Y2)
    {
        public static Stroke Random(Generator generator)
        {
            while (true)
            {
                double Place() => generator.NextDouble();
                var stroke = new Stroke(Place(), Place(), Place(), Place(), Place(), Place());
                if (Math.Abs(stroke.X2 - stroke.X0) + Math.Abs(stroke.Y2 - stroke.Y0) > 0.5) return stroke;     // no dots
            }
        }

        public (double X, double Y) At(double t)
        {
            double a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;
            return (a * X0 + b * X1 + c * X2, a * Y0 + b * Y1 + c * Y2);
        }
    }

    /// <summary>How a sign is written this time: turned, stretched, moved, with a pen of some width.</summary>
    private sealed class Hand
    {
        private const int Steps = 12;

        private readonly double a, b, c, d, x, y, radius;

        public Hand(Generator generator)
        {
            double angle = generator.Between(-0.25, 0.25), slant = generator.Between(-0.2, 0.2);
            double width = Side * generator.Between(0.5, 0.8), height = Side * generator.Between(0.5, 0.8);
            (a, b) = (width * Math.Cos(angle), height * (slant - Math.Sin(angle)));
            (c, d) = (width * Math.Sin(angle), height * Math.Cos(angle));
            (x, y) = (Side / 2 + generator.Between(-2.5, 2.5), Side / 2 + generator.Between(-2.5, 2.5));
            radius = generator.Between(0.8, 1.8);
        }

        public void Draw(Stroke stroke, Span<float> ink)
        {
            var from = Place(stroke.At(0));
            for (int step = 1; step <= Steps; step++)
            {
                var to = Place(stroke.At((double)step / Steps));
                Line(from, to, ink);
                from = to;
            }
        }

        private (double X, double Y) Place((double X, double Y) p)
            => (x + a * (p.X - 0.5) + b * (p.Y - 0.5), y + c * (p.X - 0.5) + d * (p.Y - 0.5));

        // A pixel is dark within the pen's radius, and fades over the width of one pixel.
        private void Line((double X, double Y) from, (double X, double Y) to, Span<float> ink)
        {
            double dx = to.X - from.X, dy = to.Y - from.Y, length = dx * dx + dy * dy, reach = radius + 1;
            int left = Clamp(Math.Min(from.X, to.X) - reach), right = Clamp(Math.Max(from.X, to.X) + reach + 1);
            int top = Clamp(Math.Min(from.Y, to.Y) - reach), bottom = Clamp(Math.Max(from.Y, to.Y) + reach + 1);
            for (int row = top; row < bottom; row++)
                for (int column = left; column < right; column++)
                {
                    double t = length > 0 ? Math.Clamp(((column - from.X) * dx + (row - from.Y) * dy) / length, 0, 1) : 0;
                    double ex = column - from.X - t * dx, ey = row - from.Y - t * dy;
                    ref float pixel = ref ink[row * Side + column];
                    pixel = Math.Max(pixel, (float)Math.Clamp(radius + 0.5 - Math.Sqrt(ex * ex + ey * ey), 0, 1));
                }
        }

        private static int Clamp(double at) => (int)Math.Clamp(at, 0, Side);
    }
}

file static class Draws
{
    public static double Between(this Generator generator, double low, double high) => low + (high - low) * generator.NextDouble();
}
