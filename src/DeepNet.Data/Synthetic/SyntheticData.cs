using DeepNet.Data.Made.Digits;

namespace DeepNet.Data;

/// <summary>
/// Data sets made on the spot, to try things on: nothing to download, and the truth is known. Equal seeds make equal sets.
/// </summary>
public static class SyntheticData
{
    /// <summary>Round clouds of points, one a class, about centres at random places.</summary>
    /// <param name="count">The number of points.</param>
    /// <param name="classes">The number of clouds.</param>
    /// <param name="features">The number of coordinates of a point.</param>
    /// <param name="std">The standard deviation of a cloud; centres lie within 10 of the origin along each axis.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>x float32 (count, features), y int64 (count,).</returns>
    public static TensorDataset Blobs(int count = 300, int classes = 3, int features = 2, double std = 1, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(features, 1);
        var generator = DrawKey.FromSeed(seed).Generator();
        var centres = new double[classes, features];
        for (int c = 0; c < classes; c++)
            for (int f = 0; f < features; f++) centres[c, f] = generator.Uniform(-10, 10);
        return Points(count, features, (i, point) =>
        {
            for (int f = 0; f < features; f++) point[f] = (float)(centres[i % classes, f] + std * generator.Normal());
            return i % classes;
        });
    }

    /// <summary>Two half circles that reach into each other: two classes that no straight line parts.</summary>
    /// <param name="count">The number of points.</param>
    /// <param name="noise">The standard deviation of what is added to each coordinate; the circles have radius 1.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>x float32 (count, 2), y int64 (count,).</returns>
    public static TensorDataset Moons(int count = 300, double noise = 0.1, ulong seed = 0)
    {
        var generator = DrawKey.FromSeed(seed).Generator();
        return Points(count, 2, (i, point) =>
        {
            double angle = Math.PI * generator.NextDouble();
            bool isUpper = i % 2 == 0;
            point[0] = (float)((isUpper ? Math.Cos(angle) : 1 - Math.Cos(angle)) + noise * generator.Normal());
            point[1] = (float)((isUpper ? Math.Sin(angle) : 0.5 - Math.Sin(angle)) + noise * generator.Normal());
            return i % 2;
        });
    }

    /// <summary>Arms that wind about the origin, one a class.</summary>
    /// <param name="count">The number of points.</param>
    /// <param name="arms">The number of arms.</param>
    /// <param name="turns">The number of turns of an arm.</param>
    /// <param name="noise">The standard deviation of what is added to each coordinate; the arms end at radius 1.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>x float32 (count, 2), y int64 (count,).</returns>
    public static TensorDataset Spirals(int count = 300, int arms = 2, double turns = 1, double noise = 0.02, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(arms, 1);
        var generator = DrawKey.FromSeed(seed).Generator();
        return Points(count, 2, (i, point) =>
        {
            double radius = Math.Sqrt(generator.NextDouble()), angle = 2 * Math.PI * (turns * radius + (double)(i % arms) / arms);
            point[0] = (float)(radius * Math.Cos(angle) + noise * generator.Normal());
            point[1] = (float)(radius * Math.Sin(angle) + noise * generator.Normal());
            return i % arms;
        });
    }

    /// <summary>A linear relation with noise: y = x·coefficients + intercept + noise, with x normal.</summary>
    /// <param name="count">The number of examples.</param>
    /// <param name="coefficients">One for each feature.</param>
    /// <param name="intercept">The value of y at x = 0.</param>
    /// <param name="noise">The standard deviation of the noise.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>x float32 (count, features), y float32 (count, 1).</returns>
    public static TensorDataset Regression(
        int count, ReadOnlySpan<double> coefficients, double intercept = 0, double noise = 0.1, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var generator = DrawKey.FromSeed(seed).Generator();
        var x = new float[count * coefficients.Length];
        var y = new float[count];
        for (int i = 0; i < count; i++)
        {
            double sum = intercept;
            for (int f = 0; f < coefficients.Length; f++)
            {
                float v = (float)generator.Normal();
                x[i * coefficients.Length + f] = v;
                sum += v * coefficients[f];
            }
            y[i] = (float)(sum + noise * generator.Normal());
        }
        return new(Tensor.From<float>(x, new Shape(count, coefficients.Length)), Tensor.From<float>(y, new Shape(count, 1)));
    }

    /// <summary>A curve with noise: y = f(x) + noise, with x uniform.</summary>
    /// <param name="count">The number of examples.</param>
    /// <param name="curve">f.</param>
    /// <param name="low">The smallest x.</param>
    /// <param name="high">The largest x.</param>
    /// <param name="noise">The standard deviation of the noise.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>x float32 (count, 1), y float32 (count, 1).</returns>
    public static TensorDataset Curve(
        int count, Func<double, double> curve, double low = -1, double high = 1, double noise = 0.05, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentNullException.ThrowIfNull(curve);
        var generator = DrawKey.FromSeed(seed).Generator();
        var x = new float[count];
        var y = new float[count];
        for (int i = 0; i < count; i++)
        {
            x[i] = (float)generator.Uniform(low, high);
            y[i] = (float)(curve(x[i]) + noise * generator.Normal());
        }
        return new(Tensor.From<float>(x, new Shape(count, 1)), Tensor.From<float>(y, new Shape(count, 1)));
    }

    /// <summary>
    /// Digits drawn with a pen that shakes: 28×28 grey images in the manner of MNIST, as many of each digit, each turned, slanted,
    /// stretched, moved and inked a little differently.
    /// </summary>
    /// <param name="count">The number of digits; digit i is i modulo 10.</param>
    /// <param name="seed">The seed.</param>
    public static ImageDataset Digits(int count, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var key = DrawKey.FromSeed(seed);
        byte[] pixels = new byte[checked(count * Canvas.Side * Canvas.Side)];
        var labels = new int[count];
        for (int i = 0; i < count; i++)
        {
            labels[i] = i % 10;
            Hand.Write(labels[i], key.At((ulong)i).Generator(), pixels.AsSpan(i * Canvas.Side * Canvas.Side, Canvas.Side * Canvas.Side));
        }
        return new ImageDataset(pixels, labels, 1, Canvas.Side, Canvas.Side, ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    }

    private delegate int Place(int index, Span<float> point);

    private static TensorDataset Points(int count, int features, Place place)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var x = new float[count * features];
        var y = new long[count];
        for (int i = 0; i < count; i++) y[i] = place(i, x.AsSpan(i * features, features));
        return new(Tensor.From<float>(x, new Shape(count, features)), Tensor.From<long>(y));
    }
}
