using DeepNet.IO;

namespace DeepNet.Training.Running;

/// <summary>Means by name over what an epoch has seen so far; part of a checkpoint, so that an epoch can go on in the middle.</summary>
internal sealed class Meters
{
    private const string Section = "meters/", SumEnd = "/sum", WeightEnd = "/weight";

    private readonly OrderedDictionary<string, (double Sum, double Weight)> meters = [];

    /// <summary>The means, in the order in which the names first came.</summary>
    public IEnumerable<KeyValuePair<string, double>> Means => meters.Select(m => KeyValuePair.Create(m.Key, m.Value.Sum / m.Value.Weight));

    public double Mean(string name) => meters.TryGetValue(name, out var meter) ? meter.Sum / meter.Weight : double.NaN;

    /// <summary>Takes in a value. A NaN does not count: a metric says by it that the batch had nothing to measure.</summary>
    public void Add(string name, double value, double weight)
    {
        if (double.IsNaN(value)) return;
        var (sum, total) = meters.TryGetValue(name, out var meter) ? meter : default;
        meters[name] = (sum + value * weight, total + weight);
    }

    public void Clear() => meters.Clear();

    public void Capture(Checkpoint checkpoint)
    {
        foreach (var (name, (sum, weight)) in meters)
        {
            checkpoint.Numbers[Section + name + SumEnd] = sum;
            checkpoint.Numbers[Section + name + WeightEnd] = weight;
        }
    }

    /// <summary>Reads and checks what <see cref="Capture"/> wrote; what is returned takes it over.</summary>
    /// <exception cref="InvalidDataException">A mean has no weight.</exception>
    public Action Prepare(Checkpoint checkpoint)
    {
        var saved = new List<(string Name, double Sum, double Weight)>();
        foreach (var (key, sum) in checkpoint.Numbers)
        {
            if (!key.StartsWith(Section, StringComparison.Ordinal) || !key.EndsWith(SumEnd, StringComparison.Ordinal)) continue;
            if (key.Length < Section.Length + SumEnd.Length) throw new InvalidDataException($"its '{key}' has no name");
            string name = key[Section.Length..^SumEnd.Length];
            double weight = SavedNumbers.NotNegative(checkpoint, Section + name + WeightEnd);
            if (weight == 0) throw new InvalidDataException($"its mean '{name}' has no weight");
            saved.Add((name, sum, weight));
        }
        return () =>
        {
            meters.Clear();
            foreach (var (name, sum, weight) in saved) meters[name] = (sum, weight);
        };
    }
}
