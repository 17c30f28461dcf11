using System.Diagnostics;
using static TorchSharp.torch;

namespace DeepNet.Bench.Anchor;

/// <summary>From process start to the first training step done, in a process of its own.</summary>
internal static class FirstStep
{
    public static IEnumerable<Case> Cases => [new("startup_to_first_step", () => Start)];

    /// <summary>The work of the process.</summary>
    public static int Take()
    {
        var model = Networks.Mlp(false);
        var optimizer = optim.SGD(model.parameters(), 0.1, momentum: 0.9);
        Tensor x = randn(64, 784), y = randint(0, 10, [64]);
        optimizer.zero_grad();
        nn.functional.cross_entropy(model.call(x), y).backward();
        optimizer.step();
        Console.WriteLine("done");
        return 0;
    }

    /// <summary>Starts a process, and waits for its word that it is done and for its end.</summary>
    private static void Start()
    {
        var start = new ProcessStartInfo("dotnet", [typeof(FirstStep).Assembly.Location, "first-step"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadLine();
        process.WaitForExit();
    }
}
