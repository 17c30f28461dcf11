using System.Runtime.Intrinsics;

namespace DeepNet.Tests.Processes;

/// <summary>The suite again with fewer instructions and one thread. The kernels choose their width when the process starts, so each is a process.</summary>
[Trait(ChildProcess.Trait, ChildProcess.Children)]
public class InstructionSetTests
{
    // Everything but the long loops that watch memory and damage files, which have nothing to do with instructions.
    private const string Suite = "FullyQualifiedName~DeepNet.Tests&FullyQualifiedName!~FlatMemoryTests&FullyQualifiedName!~FuzzTests";

    [Theory]
    [InlineData("no AVX-512", "DOTNET_EnableAVX512=0 DOTNET_EnableAVX512F=0 DOTNET_PreferredVectorBitWidth=256")]
    [InlineData("no AVX2", "DOTNET_EnableAVX2=0")]
    [InlineData("no intrinsics", "DOTNET_EnableHWIntrinsic=0")]
    [InlineData("one thread", "DEEPNET_THREADS=1")]
    public async Task The_suite_passes_with(string what, string environment)
    {
        if (ChildProcess.IsChild) return;
        var settings = environment.Split(' ').Select(e => e.Split('=')).Select(e => (e[0], e[1])).Append((Width.Expected, what)).ToArray();
        string output = await ChildProcess.Test(Suite, settings);
        Assert.Contains("Passed", output, StringComparison.Ordinal);
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
            case "no AVX-512": Assert.False(Vector512.IsHardwareAccelerated); break;
            case "no AVX2": Assert.False(Vector256.IsHardwareAccelerated); break;
            case "no intrinsics": Assert.False(Vector128.IsHardwareAccelerated); break;
            case "one thread": Assert.Equal(1, CpuDevice.Threads); break;
            case null: break;
            case var unknown: Assert.Fail($"A child run named '{unknown}' says nothing to check."); break;
        }
    }
}
