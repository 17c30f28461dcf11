using System.Text.RegularExpressions;
using DeepNet.Tests.Processes;

namespace DeepNet.Tests.Repository;

public partial class VersionTests
{
    [Fact]
    public void Templates_ask_for_the_packages_of_this_version()
    {
        string props = File.ReadAllText(Path.Combine(Packing.Repository, "Directory.Build.props"));
        string version = Regex.Match(props, "<Version>(.+)</Version>").Groups[1].Value;
        string templates = Path.Combine(Packing.Repository, "src", "DeepNet.Templates", "templates");
        string[] asked = [.. Directory.GetFiles(templates, "*", SearchOption.AllDirectories).SelectMany(
            f => Reference().Matches(File.ReadAllText(f)).Select(m => m.Groups[1].Value))];
        Assert.Equal(3, asked.Length);
        Assert.All(asked, a => Assert.Equal(version, a));
    }

    [GeneratedRegex("(?:Include=\"DeepNet[.A-Za-z]*\" Version=\"|#:package DeepNet[.A-Za-z]*@)([^\"\\s]+)")]
    private static partial Regex Reference();
}
