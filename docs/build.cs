// Builds the documentation site into artifacts/site: dotnet run docs/build.cs
//   --atlas      runs the labs as well (some minutes), for the page that the site links to
//   --serve      shows the site on http://localhost:8080
using System.Diagnostics;

string root = Path.GetFullPath(Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, ".."));
if (args.Except(["--atlas", "--serve"]).FirstOrDefault() is { } unknown)
{
    Console.Error.WriteLine($"build: there is no option '{unknown}'. There are --atlas and --serve.");
    return 2;
}
string atlas = Path.Combine(root, "docs", "atlas");
Directory.CreateDirectory(atlas);
if (args.Contains("--atlas")) Run("run", "-c", "Release", "--project", "samples/Labs", "--", "all", "--out", atlas);
else if (!File.Exists(Path.Combine(atlas, "index.html")))
    File.WriteAllText(
        Path.Combine(atlas, "index.html"),
        "<!doctype html><title>Atlas</title><p>Built without the atlas: <code>dotnet run docs/build.cs --atlas</code>");
Run("tool", "restore");
if (Directory.Exists(Path.Combine(root, "artifacts", "site"))) Directory.Delete(Path.Combine(root, "artifacts", "site"), recursive: true);
Run(["docfx", "docs/docfx.json", "--warningsAsErrors", .. args.Contains("--serve") ? (string[])["--serve"] : []]);
Console.WriteLine($"The site is {Path.Combine(root, "artifacts", "site", "index.html")}.");
return 0;

void Run(params string[] arguments)
{
    using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { WorkingDirectory = root })!;
    process.WaitForExit();
    if (process.ExitCode == 0) return;
    Console.Error.WriteLine($"build: 'dotnet {string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    Environment.Exit(process.ExitCode);
}
