using System.Diagnostics;
using System.Globalization;

namespace DeepNet.Bench;

/// <summary>From process start to the first gradient: the price of a short program.</summary>
internal static class StartUp
{
    public static int Run(int rounds)
    {
        string self = Environment.ProcessPath!;
        string[] arguments = Path.GetFileNameWithoutExtension(self) == "dotnet" ? [typeof(StartUp).Assembly.Location, "first"] : ["first"];
        var seconds = new List<double>();
        string said = "";
        for (int i = 0; i < rounds + 1; i++)
        {
            long start = Stopwatch.GetTimestamp();
            using var process = Process.Start(new ProcessStartInfo(self, arguments) { RedirectStandardOutput = true })!;
            said = process.StandardOutput.ReadLine() ?? "";
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            process.WaitForExit();
        }
        Console.WriteLine($"process start to gradient: median {Units.Time(Timing.Median(seconds.Skip(1)))} of {rounds}; {said}");
        return 0;
    }

    /// <summary>The program that is timed.</summary>
    public static int First()
    {
        var a = Tensor.From<float>(1, 2, 3).WithGrad();
        var b = Tensor.From<float>(4, 5, 6);
        (a * b).Backward(Tensor.Ones(3));
        string memory = File.Exists("/proc/self/status") ? File.ReadLines("/proc/self/status").First(l => l.StartsWith("VmHWM", StringComparison.Ordinal)) : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gradient {a.Grad!.ToArray()[2]}; {memory}"));
        return 0;
    }
}
