using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using DeepNet.Training;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DeepNet.Hosting.Live;

/// <summary>
/// Serves a board on the loopback interface while somebody uses it. All live pages of a process share one, unless they ask for other ports.
/// </summary>
internal sealed class LiveServer
{
    public const string TokenHeader = "X-DeepNet-Token";

    private const int MostStreams = 32;
    private static readonly TimeSpan ToFinish = TimeSpan.FromSeconds(2);
    private static readonly Lock Servers = new();
    private static readonly Dictionary<int, LiveServer> ByPort = [];

    private readonly int asked;
    private readonly byte[] token = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
    private readonly HashSet<LiveStream> streams = [];
    private TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Opened? opened;
    private int users;

    private LiveServer(int asked) => this.asked = asked;

    /// <summary>Gets the runs.</summary>
    public LiveBoard Board { get; } = new();

    /// <summary>Gets the port; 0 before it was opened for the first time.</summary>
    public int Port { get; private set; }

    /// <summary>Gets the address, with the token in the part that browsers do not send.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}/#token={Encoding.ASCII.GetString(token)}");

    /// <summary>Gets a task that ends when the page is asked to close, or the server closes.</summary>
    public Task Closed => closed.Task;

    /// <summary>Opens the server of a port for one more user.</summary>
    /// <param name="port">The port; 0 for that of any page that is open, or a free one.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static LiveServer Open(int port)
    {
        lock (Servers)
        {
            var server = ByPort.Values.FirstOrDefault(s => s.users > 0 && (port == 0 || s.Port == port));
            if (server is null && !ByPort.TryGetValue(port, out server)) ByPort[port] = server = new LiveServer(port);
            if (server.users == 0) server.Start();
            server.users++;
            return server;
        }
    }

    /// <summary>Leaves the server, which closes with its last user: browsers get what they have not had yet first.</summary>
    public void Leave()
    {
        lock (Servers)
        {
            if (--users == 0) Stop();
        }
    }

    private void Start()
    {
        closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // A page that is still open in a browser finds the next run where it found the last.
        int[] ports = asked == 0 && Port != 0 ? [Port, 0] : [asked];
        foreach (int port in ports)
        {
            try
            {
                Task.Run(() => StartAsync(port)).GetAwaiter().GetResult();
                return;
            }
            catch (IOException) when (port != ports[^1])
            {
                // Somebody else has it by now.
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                throw new IOException(
                    $"[live] port {port} cannot be opened: {e.Message} Another program may have it; new LivePage() takes a free one.", e);
            }
        }
    }

    private async Task StartAsync(int port)
    {
        // An empty builder reads no settings of the environment, such as other addresses to listen on.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = 1024;
            options.Limits.MaxConcurrentConnections = 4 * MostStreams;
            options.Listen(IPAddress.Loopback, port);
        });
        builder.Services.AddSingleton<IHostLifetime, NoSignals>();
        var made = builder.Build();
        made.Run(AnswerAsync);
        try
        {
            await made.StartAsync().ConfigureAwait(false);
        }
        catch
        {
            await made.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        opened = new(made, new CancellationTokenSource());
        Port = new Uri(made.Urls.First()).Port;
    }

    private void Stop()
    {
        var (app, closing) = opened!;
        opened = null;
        Task.Run(async () =>
        {
            await Board.DrainAsync().ConfigureAwait(false);
            await closing.CancelAsync().ConfigureAwait(false);
            using var patience = new CancellationTokenSource(ToFinish);
            await app.StopAsync(patience.Token).ConfigureAwait(false);
            await app.DisposeAsync().ConfigureAwait(false);
        }).GetAwaiter().GetResult();
        closing.Dispose();
        closed.TrySetResult();
    }

    private Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-store";
        // A page of another site can have its name resolve to this machine; what the browser calls the host gives it away.
        if (context.Request.Host.Host is not ("127.0.0.1" or "localhost"))
            return SayAsync(context, StatusCodes.Status403Forbidden, "This page answers at 127.0.0.1 and localhost only.");
        string path = context.Request.Path.Value ?? "";
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool acts = parts is ["runs", _, "stop" or "checkpoint"] or ["close"];
        if (!acts && path is not ("/" or "/events") && LiveFiles.Find(path) is null)
            return SayAsync(context, StatusCodes.Status404NotFound, "There is nothing here.");
        string method = acts ? HttpMethods.Post : HttpMethods.Get;
        if (context.Request.Method != method)
        {
            headers.Allow = method;
            return SayAsync(context, StatusCodes.Status405MethodNotAllowed, $"Use {method}.");
        }
        if (acts) return ActAsync(context, parts);
        return path == "/events" ? StreamAsync(context) : LiveFiles.Find(path)!.SendAsync(context);
    }

    private Task ActAsync(HttpContext context, string[] parts)
    {
        byte[] given = Encoding.UTF8.GetBytes(context.Request.Headers[TokenHeader].ToString());
        if (!CryptographicOperations.FixedTimeEquals(given, token))
            return SayAsync(
                context, StatusCodes.Status403Forbidden, "The token is missing or wrong. Open the address that the program printed.");
        if (parts is ["close"])
        {
            closed.TrySetResult();
            return SayAsync(context, StatusCodes.Status202Accepted, "The page closes.");
        }
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int number) || Board.Find(number) is not { } run)
            return SayAsync(context, StatusCodes.Status404NotFound, "There is no such run.");
        if (run.End != TrainingEnd.Running) return SayAsync(context, StatusCodes.Status409Conflict, "The run has ended.");
        if (parts[2] == "stop")
        {
            run.WishStop();
            Board.Touch(run);
            return SayAsync(context, StatusCodes.Status202Accepted, "The run stops after its present step.");
        }
        if (!run.CanSave)
            return SayAsync(context, StatusCodes.Status409Conflict, "The trainer has no Checkpoints among its callbacks.");
        run.WishSave();
        return SayAsync(context, StatusCodes.Status202Accepted, "A checkpoint is saved after the present step.");
    }

    private async Task StreamAsync(HttpContext context)
    {
        var (response, stop) = (context.Response, opened?.Closing.Token ?? new CancellationToken(canceled: true));
        var stream = new LiveStream(Board, response.Body);
        lock (streams)
        {
            if (streams.Count >= MostStreams) stream = null;
            else streams.Add(stream);
        }
        if (stream is null)
        {
            await SayAsync(context, StatusCodes.Status503ServiceUnavailable, "Too many pages are open.").ConfigureAwait(false);
            return;
        }
        try
        {
            response.ContentType = "text/event-stream";
            long after = LiveStream.VersionOf(Board, context.Request.Headers["Last-Event-ID"]);
            if (!await stream.RunAsync(after, stop, context.RequestAborted).ConfigureAwait(false)) context.Abort();
        }
        finally
        {
            lock (streams) streams.Remove(stream);
        }
    }

    private static Task SayAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text);
    }

    /// <summary>Represents an open port.</summary>
    private sealed record Opened(WebApplication App, CancellationTokenSource Closing);

    /// <summary>Leaves Ctrl-C to the trainer.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
