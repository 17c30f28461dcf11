using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace DeepNet.Bench.Gpu;

/// <summary>PyTorch's seconds for the same cases on the same GPU, if a python3 here can import it and sees one; else none.</summary>
internal static class TorchFigures
{
    public static Dictionary<string, double> Read(bool small)
    {
        var figures = new Dictionary<string, double>();
        try
        {
            var start = new ProcessStartInfo(
                "python3", [Path.Combine(AppContext.BaseDirectory, "torch_gpu.py"), .. small ? ["--small"] : Array.Empty<string>()])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            while (process.StandardOutput.ReadLine() is { } line)
                if (line.Split('\t') is [var name, var seconds] && double.TryParse(seconds, CultureInfo.InvariantCulture, out double value))
                    figures[name] = value;
            process.WaitForExit();
        }
        catch (Win32Exception)
        {
            // No python3: our own figures stand alone.
        }
        Console.WriteLine(figures.Count == 0 ? "PyTorch: none here that sees a GPU" : $"PyTorch: {figures.Count} cases beside ours");
        return figures;
    }
}
