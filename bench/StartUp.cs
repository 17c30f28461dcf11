using System.Diagnostics;
using System.Globalization;
using DeepNet.Bench.Cases;
using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Bench;

/// <summary>From process start to the first gradient, and to the first step of training: the price of a short program.</summary>
internal static class StartUp
{
    public static int Run(int rounds)
    {
        foreach (string program in new[] { "gradient", "step" })
        {
            Once(program);
            var runs = Enumerable.Range(0, rounds).Select(_ => Once(program)).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"process start to first {program}: median {Units.Time(Timing.Median(runs.Select(r => r.Seconds)))} of {rounds}; at most "
                    + $"{Timing.Median(runs.Select(r => r.Megabytes)):F1} MiB resident"));
        }
        return 0;
    }

    /// <summary>Starts a process, and waits for its word that it is done. Its end is waited for too, and does not count.</summary>
    public static (double Seconds, double Megabytes) Once(string program)
    {
        string self = Environment.ProcessPath!;
        string[] arguments = Path.GetFileNameWithoutExtension(self) == "dotnet"
            ? [typeof(StartUp).Assembly.Location, "first", program]
            : ["first", program];
        long start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(self, arguments) { RedirectStandardOutput = true })!;
        _ = process.StandardOutput.ReadLine();
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        string said = process.StandardOutput.ReadLine() ?? "";
        process.WaitForExit();
        return (seconds, double.TryParse(said, CultureInfo.InvariantCulture, out double kilobytes) ? kilobytes / 1024 : double.NaN);
    }

    /// <summary>The program that is timed. Says that it is done, and then how many KiB it took at most, where the system tells.</summary>
    public static int First(string? program)
    {
        if (program == "step") Step();
        else Gradient();
        Console.WriteLine("done");
        string peak = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal))
            : "";
        Console.WriteLine(new string([.. peak.Where(char.IsDigit)]));
        return 0;
    }

    private static void Gradient()
    {
        var a = Tensor.From<float>(1, 2, 3).WithGrad();
        var b = Tensor.From<float>(4, 5, 6);
        (a * b).Backward(Tensor.Ones(3));
    }

    private static void Step()
    {
        var model = Networks.Mlp();
        var optimizer = new Sgd(model.Parameters(), 0.1, momentum: 0.9);
        Tensor x = Tensor.Randn(new Shape(64, 784)), y = Tensor.RandInt(0, 10, new Shape(64));
        optimizer.ZeroGrad();
        Loss.CrossEntropy(model.Forward(x), y).Backward();
        optimizer.Step();
    }
}
