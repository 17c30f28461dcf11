using System.Diagnostics;
using System.Globalization;

namespace DeepNet.Bench;

/// <summary>
/// PyTorch in a process of its own, which times one case when told its name. Refuses the reference BLAS, with which any
/// comparison would be a lie in our favour.
/// </summary>
internal sealed class TorchSide : IDisposable
{
    private readonly Process process;

    private TorchSide(Process process, string description)
    {
        this.process = process;
        Description = description;
    }

    /// <summary>The version, the BLAS and the instruction set it uses.</summary>
    public string Description { get; }

    /// <summary>Starts it, or says why there is nothing to compare with.</summary>
    public static TorchSide? TryStart(int threads, out string reason)
    {
        reason = "";
        string[] pythons = Environment.GetEnvironmentVariable("DEEPNET_BENCH_PYTHON") is { } chosen
            ? [chosen]
            : ["python3", "/usr/bin/python3"];
        foreach (string python in pythons)
            if (TryStart(python, threads, out reason) is { } side) return side;
        return null;
    }

    private static TorchSide? TryStart(string python, int threads, out string reason)
    {
        var start = new ProcessStartInfo(
            python, ["-u", Path.Combine(AppContext.BaseDirectory, "torch_side.py"), threads.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            string? hello = process.StandardOutput.ReadLine();
            if (hello is null || !hello.StartsWith("torch ", StringComparison.Ordinal))
            {
                reason = hello ?? $"{python} cannot import torch (set DEEPNET_BENCH_PYTHON to one that can)";
                return null;
            }
            reason = "";
            return new TorchSide(process, hello);
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            reason = $"{python} cannot be started: {e.Message}";
            return null;
        }
    }

    /// <summary>Seconds per call in one round; null if it has no such case.</summary>
    public double? Time(string name)
    {
        process.StandardInput.WriteLine(name);
        process.StandardInput.Flush();
        string answer = process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"PyTorch's side ended while timing {name}.");
        return double.TryParse(answer, CultureInfo.InvariantCulture, out double seconds) && seconds > 0 ? seconds : null;
    }

    public void Dispose()
    {
        process.StandardInput.Close();
        if (!process.WaitForExit(5000)) process.Kill();
        process.Dispose();
    }
}
