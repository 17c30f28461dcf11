using System.Net;
using System.Net.Sockets;

namespace DeepNet.Labs.Running;

/// <summary>Shows the files of a folder to browsers on this machine, and to nobody else.</summary>
/// <remarks>
/// It listens on the loopback address alone, answers for the names <c>127.0.0.1</c> and <c>localhost</c> only, so that no page from
/// elsewhere can read it under a name of its own, and gives nothing that lies outside the folder.
/// </remarks>
internal sealed class PageServer : IDisposable
{
    private static readonly Dictionary<string, string> Types = new()
    {
        [".html"] = "text/html; charset=utf-8", [".svg"] = "image/svg+xml", [".json"] = "application/json", [".png"] = "image/png",
    };

    private readonly HttpListener listener = new();
    private readonly string root;

    /// <summary>Begins to listen.</summary>
    /// <param name="folder">The folder; <c>index.html</c> in it is the page of the address itself.</param>
    /// <param name="port">The port; any that is free if 0.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public PageServer(string folder, int port = 0)
    {
        root = Path.GetFullPath(folder);
        Port = port > 0 ? port : FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{Port}/");
        listener.Prefixes.Add($"http://localhost:{Port}/");
        try
        {
            listener.Start();
        }
        catch (HttpListenerException e)
        {
            throw new IOException($"cannot listen on port {Port}: {e.Message}. Another one is named by --port.", e);
        }
    }

    public int Port { get; }

    /// <summary>Gets the address for the browser.</summary>
    public string Url => $"http://127.0.0.1:{Port}/";

    /// <summary>Answers until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var _ = cancellation.Register(listener.Abort);
        while (!cancellation.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;     // stopped
            }
            try
            {
                await AnswerAsync(context);
            }
            catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException)
            {
                // The browser has gone.
            }
        }
    }

    public void Dispose() => ((IDisposable)listener).Dispose();

    /// <summary>Returns the file that an address means; null where the folder has none that may be shown.</summary>
    /// <param name="address">The part of the address after the port, as it was sent.</param>
    public string? FileOf(string address)
    {
        string name = Uri.UnescapeDataString(address.Split('?')[0]).TrimStart('/');
        if (name.Length == 0) name = "index.html";
        if (name.Contains('\\', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal)) return null;
        string path = Path.GetFullPath(Path.Combine(root, name));
        string within = root.TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        if (!path.StartsWith(within, StringComparison.Ordinal)) return null;
        return Types.ContainsKey(Path.GetExtension(path)) && new FileInfo(path) is { Exists: true, LinkTarget: null } ? path : null;
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var response = context.Response;
        response.Headers["X-Content-Type-Options"] = "nosniff";
        if (context.Request.HttpMethod is not ("GET" or "HEAD"))
        {
            response.StatusCode = (int)HttpStatusCode.MethodNotAllowed;
            return;
        }
        if (FileOf(context.Request.RawUrl ?? "/") is not { } path)
        {
            response.StatusCode = (int)HttpStatusCode.NotFound;
            return;
        }
        await using var file = File.OpenRead(path);
        response.ContentType = Types[Path.GetExtension(path)];
        response.ContentLength64 = file.Length;
        if (context.Request.HttpMethod == "GET") await file.CopyToAsync(response.OutputStream);
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
