using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace DeepNet.Hosting.Http;

/// <summary>
/// Tells requests that ask for this machine from those that ask for another host. A page from elsewhere can give its own name this
/// machine's address, and a browser would let it read the answers; the name that it asks for gives it away.
/// </summary>
internal sealed class HostCheck(IEnumerable<string> names)
{
    public const string Refusal = "this server does not answer for the host that was asked for.";

    private readonly HashSet<string> given = new(
        ["localhost", Environment.MachineName, .. names], StringComparer.OrdinalIgnoreCase);
    private volatile HashSet<string>? known;

    public bool Knows(HttpContext context)
    {
        string host = context.Request.Host.Host;
        // An address cannot be made to mean this machine: it does or does not.
        return IPAddress.TryParse(host.Trim('[', ']'), out _) || (known ?? WithAddresses(context.RequestServices)).Contains(host);
    }

    // The server knows its addresses once it listens, which it does when a request comes.
    private HashSet<string> WithAddresses(IServiceProvider services)
    {
        var all = new HashSet<string>(given, StringComparer.OrdinalIgnoreCase);
        foreach (string address in services.GetService<IServer>()?.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            if (Uri.TryCreate(address, UriKind.Absolute, out var uri)) all.Add(uri.Host);
        return known = all;
    }
}
