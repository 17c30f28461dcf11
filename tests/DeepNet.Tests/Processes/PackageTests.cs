using System.IO.Compression;

namespace DeepNet.Tests.Processes;

/// <summary>
/// Packages of <c>dotnet pack</c> are complete: the assembly, its documentation, the README, the licence, symbols, and one dependency.
/// </summary>
[Trait(ChildProcess.Trait, ChildProcess.Children)]
public class PackageTests
{
    [MatrixFact]
    public async Task Package_is_complete()
    {
        string folder = Directory.CreateTempSubdirectory("deepnet-pack").FullName;
        try
        {
            await Packing.Run("DeepNet", Packing.Repository, folder);
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
}
