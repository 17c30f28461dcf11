using System.Text;
using DeepNet.Plots;
using Microsoft.AspNetCore.Http;

namespace DeepNet.Hosting.Live;

/// <summary>Represents a file of the page. They are in the assembly; the style begins with that of reports and figures.</summary>
internal sealed class LiveFile(string type, string text)
{
    private readonly byte[] bytes = Encoding.UTF8.GetBytes(text);

    public async Task SendAsync(HttpContext context)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }
}

/// <summary>Holds the files of the page.</summary>
internal static class LiveFiles
{
    private static readonly LiveFile Page = new("text/html; charset=utf-8", Read("live.html")),
        Script = new("text/javascript; charset=utf-8", Read("live.js")),
        Style = new("text/css; charset=utf-8", $"{HtmlStyle.Css}\n{Theme.Css(":root")}\n{Read("live.css")}");

    /// <summary>Returns the file at a path; null if there is none.</summary>
    public static LiveFile? Find(string path) => path switch
    {
        "/" => Page,
        "/live.js" => Script,
        "/live.css" => Style,
        _ => null,
    };

    private static string Read(string name)
    {
        using var stream = typeof(LiveFiles).Assembly.GetManifestResourceStream($"DeepNet.Hosting.Live.Page.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
