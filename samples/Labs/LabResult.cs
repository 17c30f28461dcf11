using System.Diagnostics;

namespace DeepNet.Labs;

/// <summary>A run of an experiment and what came of it.</summary>
internal sealed record LabResult(Lab Lab, IReadOnlyList<LabItem> Items, TimeSpan Time, Exception? Error)
{
    public IEnumerable<CheckItem> Checks => Items.OfType<CheckItem>();

    /// <summary>Whether every check held; without a check, or after an error, none did.</summary>
    public bool Holds => Error is null && Checks.Any() && Checks.All(c => c.Holds);

    /// <summary>One sentence: "claim holds: 4.2 decades per 10 layers".</summary>
    public string Verdict
        => Error is not null ? $"failed to run: {Error.Message}"
        : Holds ? "claim holds: " + string.Join("; ", Checks)
        : !Checks.Any() ? "claim fails: nothing was checked"
        : "claim fails: " + string.Join("; ", Checks.Where(c => !c.Holds));

    /// <summary>Runs an experiment. An exception in it is a finding too; only a cancellation gets out.</summary>
    public static LabResult Of(
        Lab lab, LabSize size = LabSize.Full, string? mutation = null, ulong seed = LabContext.DefaultSeed, Action<LabItem>? seen = null,
            IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        var context = new LabContext(lab, size, mutation, seed, seen, progress, cancellation);
        var watch = Stopwatch.StartNew();
        Exception? error = null;
        try
        {
            using var scope = Memory.Scope();
            lab.Run(context);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            error = e;
        }
        return new(lab, context.Items, watch.Elapsed, error);
    }
}
