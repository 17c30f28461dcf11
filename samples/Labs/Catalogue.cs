using DeepNet.Labs.Architectures;
using DeepNet.Labs.Batches;
using DeepNet.Labs.CriticalPoints;
using DeepNet.Labs.Depth;
using DeepNet.Labs.Fitting;
using DeepNet.Labs.Generalisation;
using DeepNet.Labs.Losses;
using DeepNet.Labs.Normalisation;
using DeepNet.Labs.Optimizers;
using DeepNet.Labs.Tuning;

namespace DeepNet.Labs;

/// <summary>A part of the course.</summary>
internal sealed record Topic(string Name, IReadOnlyList<Lab> Labs);

/// <summary>All experiments in the order of the course. Each topic's folder has its own list.</summary>
internal static class Catalogue
{
    public static IReadOnlyList<Topic> Topics { get; } =
    [
        new("Fitting", FittingLabs.All),
        new("Critical points", CriticalPointLabs.All),
        new("Optimizers", OptimizerLabs.All),
        new("Batches", BatchLabs.All),
        new("Losses", LossLabs.All),
        new("Depth", DepthLabs.All),
        new("Normalisation", NormalisationLabs.All),
        new("Architectures", ArchitectureLabs.All),
        new("Generalisation", GeneralisationLabs.All),
        new("Tuning", TuningLabs.All),
    ];

    public static IReadOnlyList<Lab> All { get; } = [.. Topics.SelectMany(t => t.Labs)];

    /// <summary>The experiment of a name or a number; null if there is none.</summary>
    public static Lab? Find(string name)
        => All.FirstOrDefault(l => l.Name.Equals(name, StringComparison.OrdinalIgnoreCase) || l.Number.ToString() == name);

    /// <summary>Returns the place of an experiment in the course, from 1; 0 for one that is not in it.</summary>
    public static int PlaceOf(Lab lab) => Places.GetValueOrDefault(lab);

    private static Dictionary<Lab, int> Places { get; } = All.Select((lab, i) => (lab, i)).ToDictionary(p => p.lab, p => p.i + 1);
}
