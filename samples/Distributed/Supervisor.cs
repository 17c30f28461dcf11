using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DeepNet.Samples.Scale;

/// <summary>
/// Keeps a run going: starts its processes by a launcher of MPI and, when one of them is lost, starts those that are left, which go on from
/// the last checkpoint.
/// </summary>
/// <param name="launcher">The launcher with its options.</param>
/// <param name="hosts">The hosts, a process on each; none for processes on this machine.</param>
/// <param name="shards">The parts of a batch, which the number of processes has to divide; null if any number will do.</param>
/// <param name="folder">The folder of the checkpoints.</param>
internal sealed class Supervisor(string[] launcher, string[] hosts, int? shards, string folder)
{
    private const int MostFailures = 3;                         // in a row, without a checkpoint between them
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);       // for a host to answer

    private volatile bool isStopped;
    private Process? running;

    /// <summary>Runs the program to its end; returns its exit code.</summary>
    public int Run(int processes, string[] arguments)
    {
        string[] left = hosts;
        // Ctrl-C reaches the launcher by itself; both are no failures.
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            Stop(context);
            if (running is { } process) Process.Start("kill", ["-TERM", $"{process.Id}"]).WaitForExit();
        });
        for (int failures = 0; ;)
        {
            var saved = LastSaved();
            int code = Start(processes, left, arguments);
            if (code == 0 || isStopped) return code;
            failures = LastSaved() > saved ? 1 : failures + 1;
            if (hosts.Length > 0) left = [.. left.Where(Answers)];
            processes = Fitting(hosts.Length > 0 ? left.Length : processes - 1);
            if (processes == 0 || failures == MostFailures) return code;
            Console.WriteLine($"The run has ended with code {code}; {processes} processes go on from the last checkpoint.");
        }
    }

    private void Stop(PosixSignalContext context) => (context.Cancel, isStopped) = (true, true);

    private int Start(int processes, string[] left, string[] arguments)
    {
        string[] places = hosts.Length == 0 ? [] : ["-host", string.Join(',', left[..processes])];
        string[] program = [Environment.ProcessPath!, typeof(Supervisor).Assembly.Location, .. arguments, "--resume"];
        running = Process.Start(launcher[0], [.. launcher[1..], .. places, "-n", $"{processes}", .. program]);
        running.WaitForExit();
        return running.ExitCode;
    }

    private bool Answers(string host)
    {
        using var process = Process.Start(launcher[0], [.. launcher[1..], "-host", host, "-n", "1", "true"]);
        if (process.WaitForExit(Patience)) return process.ExitCode == 0;
        process.Kill(entireProcessTree: true);
        return false;
    }

    /// <summary>The largest number of processes that divides the parts of a batch.</summary>
    private int Fitting(int processes)
    {
        while (shards is { } parts && processes > 0 && parts % processes != 0) processes--;
        return processes;
    }

    private DateTime LastSaved() => !Directory.Exists(folder) ? default
        : Directory.EnumerateFiles(folder).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty().Max();
}
