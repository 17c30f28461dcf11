using System.Globalization;

namespace DeepNet.Fuzz;

/// <summary>Many damaged files of one format, read one after the other. The same seed makes the same files.</summary>
public sealed class FuzzRun(Format format, ulong seed, string failures)
{
    private const int WarmUps = 2;

    private TimeSpan worstTime;
    private long worstAllocated, worstTensors;
    private double worstRatio;

    public int Accepted { get; private set; }

    public int Refused { get; private set; }

    public TimeSpan MostTime { get; init; } = Outcome.DefaultTime;

    /// <summary>Tries a number of files.</summary>
    /// <exception cref="FuzzException">A reader broke a promise. The file was saved.</exception>
    public void Run(int inputs)
    {
        string folder = Directory.CreateTempSubdirectory("deepnet-fuzz-").FullName;
        try
        {
            string path = Path.Combine(folder, format.FileName);
            var seeds = format.Seeds();
            // code is compiled while the first are read, which costs time and memory
            for (int i = 0; i < WarmUps * seeds.Count; i++)
            {
                File.WriteAllBytes(path, seeds[i % seeds.Count]);
                var outcome = Outcome.Of(format, path, TimeSpan.MaxValue);
                if (!outcome.Accepted)
                    throw new FuzzException(
                        $"{format}: the well-formed file {i % seeds.Count} is not read: {outcome.Fault ?? "it is refused"}.",
                        outcome.Error);
            }
            for (int i = 0; i < inputs; i++)
            {
                var chance = new Chance(seed, i);
                byte[] file = format.Mutate(chance.Pick(seeds), chance);
                File.WriteAllBytes(path, file);
                var outcome = Outcome.Of(format, path, MostTime);
                if (outcome.Fault is not null) throw Failure(outcome, Save(file, i), $"input {i} of seed {seed}");
                Count(outcome, file.Length);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Reads one file that was saved.</summary>
    public void Replay(string saved)
    {
        string folder = Directory.CreateTempSubdirectory("deepnet-fuzz-").FullName;
        try
        {
            string path = Path.Combine(folder, format.FileName);
            File.Copy(saved, path);
            var outcome = Outcome.Of(format, path, MostTime);
            if (outcome.Fault is not null) throw Failure(outcome, saved, "this file");
            Count(outcome, new FileInfo(saved).Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private void Count(Outcome outcome, long bytes)
    {
        if (outcome.Accepted) Accepted++;
        else Refused++;
        if (outcome.Elapsed > worstTime) worstTime = outcome.Elapsed;
        worstAllocated = Math.Max(worstAllocated, outcome.Allocated);
        worstTensors = Math.Max(worstTensors, outcome.Tensors);
        worstRatio = Math.Max(worstRatio, Math.Max(0, outcome.Allocated - format.Managed.Constant) / (double)Math.Max(1, bytes));
    }

    private string Save(byte[] file, int number)
    {
        Directory.CreateDirectory(failures);
        string path = Path.Combine(failures, string.Create(CultureInfo.InvariantCulture, $"{format.Name}-{seed}-{number}.bin"));
        File.WriteAllBytes(path, file);
        return path;
    }

    private FuzzException Failure(Outcome outcome, string saved, string which)
        => new(
            $"{format}, {which}: {outcome.Fault}.\nSaved as {saved}. Again: dotnet run --project tests/DeepNet.Fuzz -- {format} "
                + $"--replay {saved}", outcome.Error);

    /// <summary>The figures in a line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{format.Name,-12} seed {seed}: {Accepted + Refused} inputs, {Accepted} accepted, {Refused} refused; worst: "
            + $"{worstTime.TotalMilliseconds:0.0} ms, "
        + $"{worstAllocated / 1024.0:0} KiB managed ({worstRatio:0.0} × the file beyond {format.Managed.Constant / 1024} KiB; "
        + $"{format.Managed.PerByte} × allowed), {worstTensors / 1024.0:0} KiB of tensors");
}
