using System.Net;

namespace DeepNet.Samples.Embedding;

/// <summary>
/// Refuses requests that ask for another host. A page from elsewhere can give its own name this machine's address, and a browser would let
/// it read the answers; the name that it asks for gives it away.
/// </summary>
internal sealed class HostCheck
{
    private readonly HashSet<string> known = new(StringComparer.OrdinalIgnoreCase) { "localhost", Environment.MachineName };

    /// <summary>Knows the hosts of the addresses that are listened on, and further names.</summary>
    public HostCheck(string urls, string? names)
    {
        foreach (string url in Parts(urls))
            if (Uri.TryCreate(url, UriKind.Absolute, out var uri)) known.Add(uri.Host);
        known.UnionWith(Parts(names ?? ""));
    }

    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        string host = context.Request.Host.Host;
        // An address cannot be made to mean this machine: it does or does not.
        if (known.Contains(host) || IPAddress.TryParse(host.Trim('[', ']'), out _)) return next(context);
        return Api.FailAsync(
            context, StatusCodes.Status400BadRequest,
            "this server does not answer for the host that was asked for. The option --hosts names further ones.");
    }

    private static string[] Parts(string list) => list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
