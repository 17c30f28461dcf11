using System.Diagnostics;
using System.Text.RegularExpressions;
using DeepNet.Tests.Processes;

namespace DeepNet.Docs.Tests;

/// <summary>The site is built by one command, without warnings, and its links lead to pages.</summary>
public partial class SiteTests
{
    [MatrixFact]
    [Trait(Matrix.Trait, Matrix.Long)]
    public async Task Is_built_and_its_links_lead_to_pages()
    {
        var start = new ProcessStartInfo("dotnet", ["run", "docs/build.cs"])
        {
            WorkingDirectory = Page.Root,
            RedirectStandardOutput = true
        };
        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, output);

        string site = Path.Combine(Page.Root, "artifacts", "site");
        string[] pages = Directory.GetFiles(site, "*.html", SearchOption.AllDirectories);
        Assert.True(pages.Length > 400, $"the site has only {pages.Length} pages");
        Assert.True(File.Exists(Path.Combine(site, "api", "DeepNet.Tensor.html")));
        string[] broken =
        [
            .. from page in pages
               from Match link in Link().Matches(File.ReadAllText(page))
               let target = Uri.UnescapeDataString(link.Groups[1].Value.Split('#', '?')[0])
               where target.Length > 0 && !target.Contains(':', StringComparison.Ordinal)
               where !File.Exists(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, target)))
               select $"{Path.GetRelativePath(site, page)}: {target}",
        ];
        Assert.True(broken.Length == 0, string.Join('\n', broken.Take(20)));
    }

    [GeneratedRegex("<a [^>]*href=\"([^\"]+)\"")]
    private static partial Regex Link();
}
