using System.IO.Compression;
using System.Security.Cryptography;

namespace DeepNet.Tests.Processes;

/// <summary>The same sources, packed in two folders, give the same packages byte for byte.</summary>
[Trait(ChildProcess.Trait, ChildProcess.Children)]
public class ReproducibleBuildTests
{
    private static readonly string[] Libraries = ["DeepNet", "DeepNet.Data", "DeepNet.Plots", "DeepNet.Training", "DeepNet.Analysis",
        "DeepNet.Models", "DeepNet.Onnx", "DeepNet.Ilgpu"];

    [MatrixFact]
    public async Task Packages_of_two_folders_are_equal()
    {
        string root = Directory.CreateTempSubdirectory("deepnet-repro").FullName;
        try
        {
            string[] folders = [Path.Combine(root, "one"), Path.Combine(root, "another folder")];
            foreach (string folder in folders)
            {
                CopySources(folder);
                foreach (string library in Libraries) await Packing.Run(library, folder, Path.Combine(folder, "out"));
            }
            string[][] packages = [.. folders.Select(
                f => Directory.GetFiles(Path.Combine(f, "out")).Order(StringComparer.Ordinal).ToArray())];
            Assert.Equal(2 * Libraries.Length, packages[0].Length);
            Assert.Equal(packages[0].Select(Hash), packages[1].Select(Hash));

            using var symbols = ZipFile.OpenRead(
                packages[0].Single(
                    p => Path.GetFileName(p).StartsWith("DeepNet.0", StringComparison.Ordinal)
                        && p.EndsWith(".snupkg", StringComparison.Ordinal)));
            using var pdb = new MemoryStream();
            await symbols.GetEntry("lib/net10.0/DeepNet.pdb")!.Open().CopyToAsync(pdb);
            Assert.True(pdb.Length > 500_000, $"The symbols have {pdb.Length} bytes: the sources are not embedded in them.");
            Assert.Equal(-1, pdb.ToArray().AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(root)));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static void CopySources(string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(Packing.Repository).Where(f => !f.EndsWith(".sln", StringComparison.Ordinal)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        string source = Path.Combine(Packing.Repository, "src");
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string relative = Path.GetRelativePath(source, file);
            if (relative.Split(Path.DirectorySeparatorChar) is [_, "bin" or "obj", ..]) continue;
            string target = Path.Combine(to, "src", relative);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private static string Hash(string path) => $"{Path.GetFileName(path)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}";
}
