using BenchmarkDotNet.Running;

namespace DeepNet.Bench.Kernels;

/// <summary>Runs the kernels under BenchmarkDotNet, which knows how to wait for the JIT and how sure a figure is.</summary>
internal static class Kernels
{
    public static int Run(string[] arguments)
    {
        BenchmarkSwitcher.FromAssembly(typeof(Kernels).Assembly).Run(arguments.Length > 0 ? arguments : ["--filter", "*"]);
        return 0;
    }
}
