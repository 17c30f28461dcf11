using System.Text;

namespace DeepNet.Plots;

/// <summary>Gives the scripts of pages, which are files of this assembly.</summary>
internal static class PageScripts
{
    public static string Read(string name)
    {
        using var stream = typeof(PageScripts).Assembly.GetManifestResourceStream($"scripts/{name}.js")
            ?? throw new InvalidOperationException($"[report] the assembly has no script '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
