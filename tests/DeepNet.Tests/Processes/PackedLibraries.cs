namespace DeepNet.Tests.Processes;

/// <summary>
/// All packages, made once by <c>dotnet pack</c> at the root, and a folder outside the repository whose projects take them from artifacts/.
/// Other packages come from where the machine has them.
/// </summary>
public sealed class PackedLibraries : IAsyncLifetime
{
    private string root = "";

    /// <summary>Gets the folder of the packages.</summary>
    public static string Artifacts => Path.Combine(Packing.Repository, "artifacts");

    /// <summary>Gets the names of the packages, which are the folders of src/.</summary>
    public static string[] Names => [.. Directory.GetDirectories(Path.Combine(Packing.Repository, "src")).Select(p => Path.GetFileName(p))
        .Where(n => File.Exists(Path.Combine(Packing.Repository, "src", n, n + ".csproj"))).Order(StringComparer.Ordinal)];

    public async Task InitializeAsync()
    {
        if (Matrix.SkipReason is not null) return;
        if (Directory.Exists(Artifacts)) foreach (string old in Directory.GetFiles(Artifacts, "*.*nupkg")) File.Delete(old);
        await Packing.Dotnet(Packing.Repository, ["pack", .. Packing.OneOff], ("CI", "true"));
        root = Directory.CreateTempSubdirectory("deepnet-packages").FullName;
        string installed = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        File.WriteAllText(Path.Combine(root, "nuget.config"), $"""
            <configuration>
              <packageSources><add key="artifacts" value="{Artifacts}" /></packageSources>
              <fallbackPackageFolders><add key="installed" value="{installed}" /></fallbackPackageFolders>
              <config><add key="globalPackagesFolder" value="{Path.Combine(root, "packages")}" /></config>
            </configuration>
            """);
    }

    public Task DisposeAsync()
    {
        if (root.Length > 0) Directory.Delete(root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Gets the path of a package in artifacts/.</summary>
    public static string Package(string name, string extension = "nupkg")
        => Directory.GetFiles(Artifacts, $"{name}.*.{extension}").Single(p => char.IsAsciiDigit(Path.GetFileName(p)[name.Length + 1]));

    /// <summary>Makes an empty folder of the given name.</summary>
    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(root, name)).FullName;

    /// <summary>Runs <c>dotnet</c> in such a folder, as a user who has the packages.</summary>
    public Task<string> Dotnet(string folder, params string[] arguments)
        => Packing.Dotnet(folder, arguments, ("NUGET_PACKAGES", Path.Combine(root, "packages")), ("CI", ""));
}

/// <summary>Tests that share the packages.</summary>
[CollectionDefinition(Name)]
public sealed class PackedLibrariesGroup : ICollectionFixture<PackedLibraries>
{
    public const string Name = "packed libraries";
}
