using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace DeepNet.Bench;

/// <summary>
/// PyTorch in a process of its own, which does one case when told its name: bench/TorchSharp if that is built, Python's otherwise.
/// Python's side refuses the reference BLAS, with which any comparison would be a lie in our favour.
/// </summary>
internal sealed class TorchSide : IDisposable
{
    private readonly Process process;
    private readonly StringBuilder errors = new();

    private TorchSide(ProcessStartInfo start)
    {
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => errors.AppendLine(line.Data);
        process.BeginErrorReadLine();
        Description = process.StandardOutput.ReadLine() ?? "";
    }

    /// <summary>The version, the libraries and the instruction set that it uses.</summary>
    public string Description { get; }

    /// <summary>Starts it, or says why there is nothing to compare with.</summary>
    public static TorchSide? TryStart(int threads, out string reason)
    {
        reason = "";
        foreach (var start in Candidates(threads.ToString(CultureInfo.InvariantCulture)))
            if (TryStart(start, out reason) is { } side) return side;
        return null;
    }

    private static IEnumerable<ProcessStartInfo> Candidates(string threads)
    {
        string script = Path.Combine(AppContext.BaseDirectory, "torch_side.py");
        if (Environment.GetEnvironmentVariable("DEEPNET_BENCH_PYTHON") is { } chosen)
        {
            yield return new(chosen, ["-u", script, threads]);
            yield break;
        }
        // From bench/bin/Release/net10.0 to what `dotnet build -c Release bench/TorchSharp` makes.
        string anchor = Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "../../../TorchSharp/bin/Release/net10.0/linux-x64/DeepNet.Bench.TorchSharp.dll"));
        if (File.Exists(anchor))
        {
            var start = new ProcessStartInfo("dotnet", [anchor, threads]);
            // LibTorch brings MKL and OpenMP of its own; threads that stay on their cores are faster.
            foreach (string name in new[] { "MKL_NUM_THREADS", "OMP_NUM_THREADS" }) start.Environment.Remove(name);
            start.Environment.TryAdd("OMP_PROC_BIND", "true");
            start.Environment.TryAdd("OMP_PLACES", "cores");
            yield return start;
        }
        foreach (string python in new[] { "python3", "/usr/bin/python3" }) yield return new(python, ["-u", script, threads]);
    }

    private static TorchSide? TryStart(ProcessStartInfo start, out string reason)
    {
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        try
        {
            var side = new TorchSide(start);
            bool isReady = side.Description.StartsWith("torch ", StringComparison.Ordinal);
            reason = isReady ? "" : side.Description.Length > 0 ? side.Description : side.End();
            if (isReady) return side;
            side.Dispose();
            return null;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            reason = $"{start.FileName} cannot be started: {e.Message}";
            return null;
        }
    }

    /// <summary>Does a case on both sides, and says in what the results differ; null if they agree, or if it is not known there.</summary>
    public string? FindDifference(Case item, out bool isKnown)
    {
        string answer = Ask("check " + item.Name);
        isKnown = answer != "none";
        if (!isKnown) return null;
        double[] ours = Outcome.Of(item.Setup);
        foreach (var (way, theirs) in JsonSerializer.Deserialize<Dictionary<string, double[]>>(answer)!)
        {
            if (ours.Length != theirs.Length) return $"{ours.Length / 2} results, and {theirs.Length / 2} in PyTorch ({way})";
            for (int i = 0; i < ours.Length; i += 2)
            {
                // The first of two numbers is the norm of a result: what they differ by is compared with it.
                double by = Math.Max(Math.Abs(ours[i] - theirs[i]), Math.Abs(ours[i + 1] - theirs[i + 1]));
                if (!(by <= item.Tolerance * Math.Max(ours[i], 1e-30)))
                {
                    return string.Create(CultureInfo.InvariantCulture,
                        $"result {i / 2} is ({ours[i]:G6}, {ours[i + 1]:G6}), and ({theirs[i]:G6}, {theirs[i + 1]:G6}) in PyTorch ({way})");
                }
            }
        }
        return null;
    }

    /// <summary>Seconds per call in one round; null if it has no such case.</summary>
    public Sample? Time(string name)
    {
        string answer = Ask(name);
        if (answer == "none") return null;
        double[] seconds = [.. answer.Split(' ').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        return new(seconds[0], seconds[1]);
    }

    private string Ask(string question)
    {
        process.StandardInput.WriteLine(question);
        process.StandardInput.Flush();
        return process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"Asked: {question}. {End()}");
    }

    /// <summary>What it said before it ended.</summary>
    private string End()
    {
        process.WaitForExit();
        return $"{process.StartInfo.FileName} {process.StartInfo.ArgumentList[^2]} ended: {errors.ToString().Trim()}";
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000)) process.Kill();
        process.Dispose();
    }
}
