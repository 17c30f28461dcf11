using System.Runtime.Intrinsics;

namespace DeepNet.Tests.Processes;

/// <summary>
/// The suite again with fewer instructions, and with one thread. The kernels choose their width when the process starts, so each is a
/// process.
/// </summary>
[Trait(ChildProcess.Trait, ChildProcess.Children)]
public class InstructionSetTests
{
    // Everything but the long loops that watch memory and damage files, which have nothing to do with instructions.
    private const string Suite = "FullyQualifiedName~DeepNet.Tests&FullyQualifiedName!~FlatMemoryTests&FullyQualifiedName!~FuzzTests"
        + "&FullyQualifiedName!~Tests.Programs.";

    private static readonly Dictionary<string, string> Settings = new()
    {
        // What threads change does not depend on the width of vectors, so these two settings share a run.
        ["one thread without AVX-512"] =
            "DEEPNET_THREADS=1 DOTNET_EnableAVX512=0 DOTNET_EnableAVX512F=0 DOTNET_PreferredVectorBitWidth=256",
        ["no AVX2"] = "DOTNET_EnableAVX2=0",
        ["no intrinsics"] = "DOTNET_EnableHWIntrinsic=0",
    };

    // All are started by whoever asks first, two at a time: a run keeps little more than one core busy.
    private static readonly Lazy<Dictionary<string, Task<string>>> Runs = new(() =>
    {
        var places = new SemaphoreSlim(2);
        return Settings.ToDictionary(s => s.Key, s => Run(s.Key, s.Value, places));
    });

    [MatrixTheory]
    [InlineData("one thread without AVX-512")]
    [InlineData("no AVX2")]
    [InlineData("no intrinsics")]
    public async Task The_suite_passes_with(string what)
    {
        Assert.Contains("Passed", await Runs.Value[what], StringComparison.Ordinal);
    }

    private static async Task<string> Run(string what, string environment, SemaphoreSlim places)
    {
        await places.WaitAsync();
        try
        {
            var settings = environment.Split(' ').Select(e => e.Split('=')).Select(e => (e[0], e[1])).Append((Width.Expected, what))
                .ToArray();
            return await ChildProcess.Test(Suite, settings);
        }
        finally
        {
            places.Release();
        }
    }
}

/// <summary>In a child: the settings have done what they say, so that the run is worth something.</summary>
public class Width
{
    internal const string Expected = "DEEPNET_TEST_EXPECTS";

    [Fact]
    public void Of_vectors_is_what_the_run_asked_for()
    {
        switch (Environment.GetEnvironmentVariable(Expected))
        {
            case "one thread without AVX-512":
                Assert.False(Vector512.IsHardwareAccelerated);
                Assert.Equal(1, CpuDevice.Threads);
                break;
            case "no AVX2": Assert.False(Vector256.IsHardwareAccelerated); break;
            case "no intrinsics": Assert.False(Vector128.IsHardwareAccelerated); break;
            case null: break;
            case var unknown: Assert.Fail($"A child run named '{unknown}' says nothing to check."); break;
        }
    }
}
