using System.IO.Compression;
using System.Xml.Linq;

namespace DeepNet.Tests.Processes;

/// <summary>Packages of <c>dotnet pack</c> are complete, and a project that has nothing else compiles and runs with them.</summary>
[Trait(ChildProcess.Trait, ChildProcess.Children)]
[Collection(PackedLibrariesGroup.Name)]
public class PackageTests(PackedLibraries packed)
{
    [MatrixFact]
    public async Task Packages_are_complete()
    {
        Assert.True(PackedLibraries.Names.Length > 10, string.Join(' ', PackedLibraries.Names));
        foreach (string library in PackedLibraries.Names)
        {
            using var package = ZipFile.OpenRead(PackedLibraries.Package(library));
            string[] files = [.. package.Entries.Select(e => e.FullName)];
            Assert.Contains("README.md", files);
            Assert.Contains("icon.png", files);
            Assert.DoesNotContain(files, f => f.StartsWith("runtimes/", StringComparison.Ordinal));
            using var nuspec = package.GetEntry($"{library}.nuspec")!.Open();
            var metadata = (await XDocument.LoadAsync(nuspec, default, default)).Root!.Elements().Single();
            string? Of(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;
            Assert.Equal("0.2.0", Of("version"));
            Assert.Equal("MIT", Of("license"));
            Assert.Equal("README.md", Of("readme"));
            Assert.Equal("icon.png", Of("icon"));
            Assert.InRange(Of("description")!.Length, 40, 400);
            Assert.Contains("deep-learning", Of("tags"), StringComparison.Ordinal);
            if (Of("packageTypes") is not null) continue;           // a tool, or templates

            Assert.Contains($"lib/net10.0/{library}.dll", files);
            Assert.Contains($"lib/net10.0/{library}.xml", files);
            using var symbols = ZipFile.OpenRead(PackedLibraries.Package(library, "snupkg"));
            Assert.NotNull(symbols.GetEntry($"lib/net10.0/{library}.pdb"));
            string[] dependencies =
                [.. metadata.Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => e.Attribute("id")!.Value)];
            if (library == "DeepNet") Assert.Equal(["System.Numerics.Tensors"], dependencies);
            else Assert.Contains(dependencies, d => PackedLibraries.Names.Contains(d));
        }
    }

    [MatrixFact]
    public async Task The_program_of_the_readme_runs_with_the_packages()
    {
        string folder = packed.Folder("readme");
        string readme = File.ReadAllText(Path.Combine(Packing.Repository, "README.md"));
        File.WriteAllText(Path.Combine(folder, "Program.cs"), readme.Split("```csharp\n")[1].Split("```")[0]);
        File.WriteAllText(Path.Combine(folder, "readme.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="DeepNet.Training" Version="0.2.0" />
              </ItemGroup>
            </Project>
            """);
        string digits = Directory.CreateDirectory(Path.Combine(folder, "data", "digits")).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(Packing.Repository, "data", "digits")))
            File.Copy(file, Path.Combine(digits, Path.GetFileName(file)));

        string text = await packed.Dotnet(folder, "run", "-c", "Release");
        Assert.Matches(@"accuracy 0\.9[5-9]", text);
        Assert.True(File.Exists(Path.Combine(folder, "runs", "digits", "mlp.safetensors")), text);

        // No other DeepNet of this version, that the machine may have from elsewhere, was taken for the packed one.
        using var package = ZipFile.OpenRead(PackedLibraries.Package("DeepNet"));
        using var bytes = new MemoryStream();
        using (var assembly = package.GetEntry("lib/net10.0/DeepNet.dll")!.Open()) await assembly.CopyToAsync(bytes);
        Assert.Equal(bytes.ToArray(), File.ReadAllBytes(Path.Combine(folder, "bin", "Release", "net10.0", "DeepNet.dll")));
    }

    [MatrixFact]
    public async Task The_tool_can_be_installed()
    {
        string folder = packed.Folder("tool");
        await packed.Dotnet(folder, "tool", "install", "DeepNet.Tool", "--tool-path", Path.Combine(folder, "tools"));
        string table = Path.Combine(Packing.Repository, "data", "houses", "houses.csv");
        var (exitCode, text) = await Packing.Start(Path.Combine(folder, "tools", "deepnet"), folder, ["inspect", table]);
        Assert.True(exitCode == 0, text);
        Assert.Matches(@"price +number +\(1200,\)", text);
    }
}
