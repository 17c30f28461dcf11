namespace DeepNet.Samples.Embedding;

/// <summary>The page on which one draws; it lies within the program.</summary>
internal static class Pages
{
    public static void Map(IEndpointRouteBuilder app)
    {
        Serve(app, "/", "index.html", "text/html; charset=utf-8");
        Serve(app, "/draw.js", "draw.js", "text/javascript; charset=utf-8");
        Serve(app, "/draw.css", "draw.css", "text/css; charset=utf-8");
    }

    private static void Serve(IEndpointRouteBuilder app, string path, string file, string type)
    {
        byte[] content = Read(file);
        app.MapGet(path, (RequestDelegate)(async context =>
        {
            context.Response.ContentType = type;
            context.Response.ContentLength = content.Length;
            // The page loads nothing from elsewhere, and may not be made to.
            context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'";
            context.Response.Headers.XContentTypeOptions = "nosniff";
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }));
    }

    private static byte[] Read(string file)
    {
        using var stream = typeof(Pages).Assembly.GetManifestResourceStream($"page/{file}")!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
