using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DeepNet.Data.Tests.Download;

/// <summary>A server that answers each connection as the test says, lies included: what a script writes goes out as it is.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<int, string, Stream, Task> answer;
    private readonly Task running;

    /// <param name="answer">Gets the number of the request, its headers, and where to write.</param>
    public LoopbackServer(Func<int, string, Stream, Task> answer)
    {
        this.answer = answer;
        listener.Start();
        running = Task.Run(Serve);
    }

    public string Url => $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/file";

    public List<string> Requests { get; } = [];

    private async Task Serve()
    {
        try
        {
            while (true)
            {
                _ = Answer(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // Stopped: what accepting then throws depends on where it was.
        }
    }

    private async Task Answer(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var stream = client.GetStream();
                string request = await Headers(stream);
                int number;
                lock (Requests)
                {
                    number = Requests.Count;
                    Requests.Add(request);
                }
                await answer(number, request, stream);
            }
            catch (IOException)
            {
                // The other side has had enough.
            }
        }
    }

    private static async Task<string> Headers(NetworkStream stream)
    {
        var text = new StringBuilder();
        byte[] one = new byte[1];
        while (!text.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one) > 0)
            text.Append((char)one[0]);
        return text.ToString();
    }

    /// <summary>Sends a status, a length and a body, which need not fit each other.</summary>
    public static async Task Send(Stream to, string status, long? length, ReadOnlyMemory<byte> body, string headers = "")
    {
        string head = $"HTTP/1.1 {status}\r\nConnection: close\r\n{(length is { } l ? $"Content-Length: {l}\r\n" : "")}{headers}\r\n";
        await to.WriteAsync(Encoding.ASCII.GetBytes(head));
        await to.WriteAsync(body);
    }

    /// <summary>Answers as a good server does, ranges included.</summary>
    public static Task SendWell(Stream to, string request, byte[] file)
    {
        int from = request.IndexOf("bytes=", StringComparison.OrdinalIgnoreCase);
        if (from < 0) return Send(to, "200 OK", file.Length, file);
        int start = int.Parse(request[(from + 6)..request.IndexOf('-', from)], System.Globalization.CultureInfo.InvariantCulture);
        return start >= file.Length
            ? Send(to, "416 Range Not Satisfiable", 0, default)
            : Send(
                to, "206 Partial Content", file.Length - start, file.AsMemory(start),
                $"Content-Range: bytes {start}-{file.Length - 1}/{file.Length}\r\n");
    }

    public void Dispose()
    {
        listener.Stop();
        running.Wait(TimeSpan.FromSeconds(5));
    }
}
