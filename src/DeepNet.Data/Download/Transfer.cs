using System.Net;
using System.Net.Http.Headers;
using DeepNet.IO;

namespace DeepNet.Data.Download;

/// <summary>One attempt to get a file from one mirror into its .part, from where the last attempt ended.</summary>
internal sealed class Transfer(
    HttpClient client, RemoteFile file, string part, TimeSpan stallTimeout, IProgress<DownloadProgress>? progress)
{
    private const int BufferBytes = 1 << 16;

    public async Task RunAsync(string mirror, CancellationToken cancellation)
    {
        // Opened for itself alone: two processes must not write into one file.
        var stream = FileSystem.Current.Open(part, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        await using (stream.ConfigureAwait(false))
        {
            if (file.Sha256 is null || file.Length is { } known && stream.Length > known) stream.SetLength(0);
            if (file.Length != stream.Length || stream.Length == 0) await ReceiveAsync(mirror, stream, cancellation).ConfigureAwait(false);
            FileSystem.Current.Sync(stream);
        }
        if (await Downloader.HasHashAsync(part, file.Sha256, cancellation).ConfigureAwait(false)) return;
        // Nothing of it can be trusted, so nothing of it is continued.
        FileSystem.Current.Delete(part);
        throw new RefusedException($"the SHA-256 is not {file.Sha256}: this is another file, or a damaged one");
    }

    private async Task ReceiveAsync(string mirror, Stream stream, CancellationToken cancellation)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        stall.CancelAfter(stallTimeout);
        try
        {
            using var response = await AskAsync(mirror, stream, stall.Token).ConfigureAwait(false);
            long? total = file.Length ?? stream.Position + response.Content.Headers.ContentLength;
            using var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            byte[] buffer = new byte[BufferBytes];
            while (true)
            {
                stall.CancelAfter(stallTimeout);
                int got = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
                if (got == 0) break;
                if (file.Length is { } most && stream.Position + got > most)
                {
                    stream.SetLength(0);
                    throw new RefusedException($"it sends more than the {most} bytes of the file");
                }
                await stream.WriteAsync(buffer.AsMemory(0, got), stall.Token).ConfigureAwait(false);
                progress?.Report(new DownloadProgress(file.Name, stream.Position, total));
            }
            if (file.Length is { } length && stream.Position < length)
                throw new RefusedException($"it ended after {stream.Position} of {length} bytes");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"it sent nothing for {stallTimeout.TotalSeconds:0.#} seconds");
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        try
        {
            return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is UriFormatException or NotSupportedException)
        {
            throw new RefusedException($"it redirects to what is no http address ({e.Message.TrimEnd('.')})");
        }
    }

    /// <summary>Asks for the rest, and places the stream where the answer belongs.</summary>
    private async Task<HttpResponseMessage> AskAsync(string mirror, Stream stream, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(mirror, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new RefusedException("it is no http address");
        long have = stream.Length;
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        // Packed as published: the hash is that of the packed file.
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        if (have > 0) request.Headers.Range = new RangeHeaderValue(have, null);
        var response = await SendAsync(request, cancellation).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            response.Dispose();
            stream.SetLength(0);
            throw new RefusedException($"it does not have what should follow byte {have}; what was there is dropped");
        }
        if (!response.IsSuccessStatusCode)
        {
            string status = $"{(int)response.StatusCode} {response.ReasonPhrase}";
            response.Dispose();
            throw new RefusedException($"it answers {status}");
        }
        // A server that does not do ranges sends all of it.
        bool continues = response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange?.From == have;
        if (!continues && response.StatusCode == HttpStatusCode.PartialContent)
        {
            response.Dispose();
            stream.SetLength(0);
            throw new RefusedException("it sends another part than asked for");
        }
        if (!continues) stream.SetLength(0);
        stream.Position = stream.Length;
        return response;
    }
}
