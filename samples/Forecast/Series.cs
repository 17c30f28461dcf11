using DeepNet.Data;

namespace DeepNet.Samples.Forecast;

/// <summary>A number for each hour, or for each step of another length.</summary>
/// <param name="Values">The numbers.</param>
/// <param name="Unrest">How strongly an event acts at each step, from 0 to 1; null if that is not known.</param>
internal sealed record Series(float[] Values, double[]? Unrest)
{
    public const int Day = 24, Week = 7 * Day;

    private const double Level = 100, Growth = 0.01, OfDay = 18, OfWeekend = -14, Noise = 2.5, Memory = 0.7;
    private const double HoursBetweenEvents = 110, HalfLife = 9, Flattening = 0.85;

    public int Count => Values.Length;

    /// <summary>
    /// Makes hours of a consumption: a trend, a curve of the day, weekends, noise with a memory, and events that nobody sees coming. An
    /// event lifts the level and flattens the day, and both fade: not a sum of what was, but a product.
    /// </summary>
    public static Series Make(int hours, ulong seed)
    {
        var chance = new Generator(seed);
        var (values, unrest) = (new float[hours], new double[hours]);
        double noise = 0, strength = 0, lift = 0, fade = Math.Pow(0.5, 1 / HalfLife);
        for (int t = 0; t < hours; t++)
        {
            strength *= fade;
            if (chance.NextDouble() < 1 / HoursBetweenEvents) (strength, lift) = (1, 15 + 30 * chance.NextDouble());
            double hour = 2 * Math.PI * t / Day, day = -Math.Cos(hour) + 0.4 * Math.Sin(2 * hour);
            noise = Memory * noise + Noise * Normal(chance);
            values[t] = (float)(Level + Growth * t + OfDay * day * (1 - Flattening * strength) + (t % Week >= 5 * Day ? OfWeekend : 0)
                + lift * strength + noise);
            unrest[t] = strength;
        }
        return new(values, unrest);
    }

    /// <summary>Reads a column of a table.</summary>
    public static Series Read(string file, string column) => new(CsvTable.Read(file).Numbers(column), null);

    private static double Normal(Generator chance)
        => Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());
}
