namespace DeepNet.Labs.Running.Race;

/// <summary>Represents what readers can set in a race.</summary>
internal sealed record RaceSettings
{
    /// <summary>Gets the factor of all learning rates.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>Gets the momentum, which is Adam's β₁ too.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>Gets the standard deviation of the gradient of one example.</summary>
    public double Noise { get; init; }

    /// <summary>Gets the number of examples that a gradient is the mean of.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Gets the start of the noise; not 0.</summary>
    public uint Seed { get; init; } = 1;
}

/// <summary>Represents an optimizer of a race.</summary>
/// <param name="Name">The name for readers.</param>
/// <param name="Make">Makes it for a parameter, with its learning rate, momentum and what AdaGrad divides by.</param>
internal sealed record Racer(string Name, Func<Parameter, double, double, AdaGradScale, Optimizer> Make)
{
    public static IReadOnlyList<Racer> All { get; } =
    [
        new("SGD", (p, rate, _, _) => new Sgd([p], rate)),
        new("Momentum", (p, rate, momentum, _) => new Sgd([p], rate, momentum)),
        new("AdaGrad", (p, rate, _, scale) => new AdaGrad([p], new AdaGradOptions { LearningRate = rate, Scale = scale })),
        new("RMSProp", (p, rate, _, _) => new RmsProp([p], new RmsPropOptions { LearningRate = rate, Alpha = 0.9 })),
        new("Adam", (p, rate, momentum, _) => new Adam([p], new AdamOptions { LearningRate = rate, Beta1 = momentum })),
    ];

    /// <summary>Returns the places of a race, the start among them.</summary>
    /// <param name="landscape">The loss.</param>
    /// <param name="settings">Rate, momentum and noise.</param>
    /// <param name="start">The place to start from; that of the landscape if null.</param>
    public List<(double X, double Y)> Path(Landscape landscape, RaceSettings settings, (double X, double Y)? start = null)
    {
        using var scope = Memory.Scope();
        var (x, y) = start ?? landscape.Start;
        var place = new Parameter(Tensor.From(x, y));
        var optimizer = Make(
            place, landscape.Rates[All.ToList().IndexOf(this)] * settings.Rate, settings.Momentum, landscape.Scale);
        var noise = new RaceNoise(settings.Seed);
        double size = settings.Noise / Math.Sqrt(settings.Batch);
        var path = new List<(double X, double Y)> { (x, y) };
        for (int step = 0; step < landscape.Steps; step++)
        {
            using var inner = Memory.Scope();
            optimizer.ZeroGrad();
            // A loss that is sloped by the noise has a gradient with the noise in it.
            var sloped = Tensor.From(size * noise.Next(), size * noise.Next());
            (landscape.Loss(place.Value[0], place.Value[1]) + (place.Value * sloped).Sum()).Backward();
            optimizer.Step();
            double[] now = place.Value.ToArray<double>();
            path.Add((now[0], now[1]));
        }
        return path;
    }
}

/// <summary>
/// Represents noise that C# and scripts compute alike, to the last bit: nearly normal, with a mean of 0 and a deviation of 1.
/// </summary>
/// <param name="seed">The state of the xorshift generator; not 0.</param>
internal sealed class RaceNoise(uint seed)
{
    private uint state = seed;

    public double Next()
    {
        // Twelve numbers from 0 to 1 have a variance of 1 in all, and need no logarithm, which differs between machines.
        double sum = 0;
        for (int i = 0; i < 12; i++)
        {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            sum += state / 4294967296.0;
        }
        return sum - 6;
    }
}
