using System.Diagnostics;
using System.Globalization;
using DeepNet.Nn;

namespace DeepNet.Samples.Generate;

/// <summary>How a model learned: what it made on the way, its losses, and what it made at the end.</summary>
internal sealed class Learning
{
    private const int Batch = 64, Looks = 8, LossesOfPlot = 100, LookOfEach = 10;

    private Learning(Maker maker) => Maker = maker;

    public Maker Maker { get; }

    public long Parameters => Maker.Models.SelectMany(model => model.Parameters()).Sum(p => p.Value.Count);

    public double Seconds { get; private set; }

    /// <summary>Gets the looks at it on the way: one picture of each digit, of the same random numbers each time, and the share of more
    /// pictures that the judge takes for what they were to be.</summary>
    public List<(int Step, Tensor Pictures, double Recognised)> Moments { get; } = [];

    /// <summary>Gets the mean losses of parts of the training.</summary>
    public List<(int Step, double[] Losses)> Losses { get; } = [];

    /// <summary>Gets what it made at the end.</summary>
    public Pictures? Made { get; private set; }

    /// <summary>Gets the share of them that the judge takes for what they were to be.</summary>
    public double Recognised { get; private set; }

    /// <summary>Trains a model, and lets a judge look at it.</summary>
    public static Learning Of(Maker maker, Pictures pictures, Judge judge, int ofEach, ulong seed)
    {
        var learning = new Learning(maker);
        var chance = new Generator(seed);
        var clock = new Stopwatch();
        double[] sums = new double[maker.Losses.Count];
        int part = Math.Max(1, maker.Steps / LossesOfPlot), inPart = 0;
        for (int step = 1; step <= maker.Steps; step++)
        {
            clock.Start();
            using (Memory.Scope())
            {
                double[] losses = maker.Learn(pictures.Draw(Batch, chance));
                for (int i = 0; i < sums.Length; i++) sums[i] += losses[i];
            }
            clock.Stop();
            if (++inPart == part)
            {
                learning.Losses.Add((step, [.. sums.Select(sum => sum / part)]));
                (sums, inPart) = (new double[sums.Length], 0);
            }
            // Looks are closer at the beginning, where most changes.
            int look = learning.Moments.Count + 1;
            if (look <= Looks && step >= maker.Steps * Math.Pow((double)look / Looks, 2)) learning.Look(step, judge);
        }
        learning.Seconds = clock.Elapsed.TotalSeconds;
        learning.Made = Make(maker, ofEach, seed + 1);
        learning.Recognised = judge.Accuracy(learning.Made);
        return learning;
    }

    /// <summary>Makes pictures of all digits.</summary>
    public static Pictures Make(Maker maker, int ofEach, ulong seed)
    {
        using var scope = Memory.Scope();
        var labels = Pictures.Labels(ofEach);
        return new(Memory.Keep(maker.Make(labels, new Generator(seed)).Clamp(0, 1)), Memory.Keep(labels));
    }

    private void Look(int step, Judge judge)
    {
        Moments.Add((step, Make(Maker, 1, 1).X, judge.Accuracy(Make(Maker, LookOfEach, 2))));
        string losses = string.Join(", ", Maker.Losses.Zip(Losses.LastOrDefault().Losses ?? [],
            (name, loss) => string.Create(CultureInfo.InvariantCulture, $"{name} {loss:0.000}")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  step {step,5}: {100 * Moments[^1].Recognised,3:0} % recognised; {losses}"));
    }
}
