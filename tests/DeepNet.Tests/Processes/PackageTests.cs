using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace DeepNet.Tests.Processes;

/// <summary>What <c>dotnet pack</c> makes is complete: the assembly, its documentation, the README, the licence, symbols, and one dependency.</summary>
[Trait(ChildProcess.Trait, ChildProcess.Children)]
public class PackageTests
{
    [Fact]
    public async Task Package_is_complete()
    {
        if (ChildProcess.IsChild) return;
        string folder = Directory.CreateTempSubdirectory("deepnet-pack").FullName;
        try
        {
            await Pack(folder);
            using var package = ZipFile.OpenRead(Directory.GetFiles(folder, "DeepNet.*.nupkg").Single());
            string[] files = [.. package.Entries.Select(e => e.FullName)];
            Assert.Contains("lib/net10.0/DeepNet.dll", files);
            Assert.Contains("lib/net10.0/DeepNet.xml", files);
            Assert.Contains("README.md", files);
            Assert.DoesNotContain(files, f => f.StartsWith("runtimes/", StringComparison.Ordinal));

            using var reader = new StreamReader(package.GetEntry("DeepNet.nuspec")!.Open());
            string nuspec = await reader.ReadToEndAsync();
            Assert.Contains("<license type=\"expression\">MIT</license>", nuspec, StringComparison.Ordinal);
            Assert.Contains("<readme>README.md</readme>", nuspec, StringComparison.Ordinal);
            Assert.Equal(2, nuspec.Split("<dependency ").Length);
            Assert.Contains("<dependency id=\"System.Numerics.Tensors\"", nuspec, StringComparison.Ordinal);

            using var symbols = ZipFile.OpenRead(Directory.GetFiles(folder, "DeepNet.*.snupkg").Single());
            Assert.NotNull(symbols.GetEntry("lib/net10.0/DeepNet.pdb"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // In Release: the tests themselves run from Debug, which stays untouched.
    private static async Task Pack(string folder, [CallerFilePath] string source = "")
    {
        string project = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../../src/DeepNet/DeepNet.csproj"));
        var start = new ProcessStartInfo("dotnet", ["pack", project, "-c", "Release", "-o", folder, "-nodeReuse:false"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList()) start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);
    }
}
