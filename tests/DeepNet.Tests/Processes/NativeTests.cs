using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace DeepNet.Tests.Processes;

/// <summary>The sample that trains, as a native program and as one trimmed file.</summary>
[Trait(ChildProcess.Trait, ChildProcess.Children)]
public sealed class NativeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("deepnet-native").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [MatrixFact]
    public async Task A_native_program_is_small_and_trains_with_wide_vectors()
    {
        if (!Avx2.IsSupported) return;                   // it is compiled for processors that have it
        var (bytes, text) = await PublishAndRun();
        Assert.InRange(bytes, 1_000_000, 5_000_000);
        Assert.Contains("vectors of 256 bits", text, StringComparison.Ordinal);
        Assert.DoesNotContain("deepnet:", text, StringComparison.Ordinal);
    }

    [MatrixFact]
    public async Task A_native_program_of_narrow_vectors_says_so()
    {
        var (_, text) = await PublishAndRun("-p:IlcInstructionSet=x86-64-v2");
        Assert.Contains("vectors of 128 bits", text, StringComparison.Ordinal);
        Assert.Equal(Vector256.IsHardwareAccelerated, text.Contains("IlcInstructionSet", StringComparison.Ordinal));
    }

    [MatrixFact]
    public async Task A_trimmed_program_is_one_file()
    {
        var (bytes, _) = await PublishAndRun(
            "-p:PublishAot=false", "-p:PublishTrimmed=true", "-p:PublishSingleFile=true", "--self-contained");
        Assert.InRange(bytes, 1_000_000, 16_000_000);
    }

    private async Task<(long Bytes, string Text)> PublishAndRun(params string[] options)
    {
        // In a folder of its own: what the solution was built to stays, and so do the lock files, which know no runtime.
        await Packing.Dotnet(Packing.Repository, ["publish", "samples/Native", "-c", "Release", "--use-current-runtime", "-o", folder,
            "--artifacts-path", Path.Combine(folder, "build"), "-p:RestoreLockedMode=false",
            "-p:NuGetLockFilePath=" + Path.Combine("obj", "publish.lock.json"), .. options, .. Packing.OneOff]);
        string program = Path.Combine(folder, OperatingSystem.IsWindows() ? "Native.exe" : "Native");
        var (exitCode, text) = await Packing.Start(program, folder, []);
        Assert.True(exitCode == 0, text);
        return (new FileInfo(program).Length, text);
    }
}
