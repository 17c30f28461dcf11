using System.Text;

namespace DeepNet.Labs.Running;

/// <summary>Reads the scripts and styles of the page, which lie within the program.</summary>
internal static class PageFiles
{
    public static string Read(string name)
    {
        using var stream = typeof(PageFiles).Assembly.GetManifestResourceStream($"page.{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
