using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using static Microsoft.Playwright.Assertions;

namespace DeepNet.Browser.Tests;

/// <summary>The sample whose networks learn inside the page, published as WebAssembly.</summary>
public class WebAssemblyTests(Chromium chromium) : IClassFixture<Chromium>
{
    [PublishedFact]
    [Trait("Runs", "long")]
    public async Task Networks_learn_in_the_page()
    {
        string folder = Directory.CreateTempSubdirectory("deepnet-wasm").FullName;
        try
        {
            await PublishAsync(folder);
            await using var server = await ServeAsync(Path.Combine(folder, "wwwroot"));
            var page = await chromium.OpenAsync(width: 360, height: 740);
            page.SetDefaultTimeout(120_000);
            await page.GotoAsync(server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

            var xor = page.Locator("#xor");
            await xor.GetByRole(Microsoft.Playwright.AriaRole.Button).ClickAsync();
            await Expect(xor.Locator("output")).ToContainTextAsync(
                new System.Text.RegularExpressions.Regex(@"0 xor 0 = 0\.[01]\d, 0 xor 1 = (0\.[89]\d|1\.00), 1 xor 0 = (0\.[89]\d|1\.00)"),
                new() { Timeout = 120_000 });

            var digits = page.Locator("#digits");
            await digits.GetByRole(Microsoft.Playwright.AriaRole.Button).ClickAsync();
            await Expect(digits.Locator("output")).ToContainTextAsync("digits that it never saw", new() { Timeout = 240_000 });
            string said = await digits.Locator("output").InnerTextAsync();
            Assert.Matches(@"accuracy (0\.[89]|1\.0)", said);
            Assert.Empty(chromium.Errors);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task PublishAsync(string folder)
    {
        string sample = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Here())!, "../../samples/Browser"));
        var start = new ProcessStartInfo("dotnet", ["publish", sample, "-c", "Release", "-o", folder, "-p:CompressionEnabled=false",
            "-p:RestoreLockedMode=false", "-p:NuGetLockFilePath=" + Path.Combine("obj", "publish.lock.json"), "-p:Analyze=false",
            "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
        };
        foreach (string name in start.Environment.Keys.Where(n => n.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        using var process = Process.Start(start)!;
        string text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, text);
    }

    private static async Task<WebApplication> ServeAsync(string root)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.UseFileServer(new FileServerOptions
        {
            FileProvider = new PhysicalFileProvider(root),
            StaticFileOptions = { ServeUnknownFileTypes = true },
        });
        await server.StartAsync();
        return server;
    }

    private static string Here([CallerFilePath] string source = "") => source;
}

/// <summary>A test in a browser that publishes first, which takes a minute: part of the long matrix.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PublishedFactAttribute : FactAttribute
{
    public PublishedFactAttribute() => Skip = Chromium.Path is null ? "no Chromium or Chrome found; DEEPNET_CHROMIUM names one"
        : Environment.GetEnvironmentVariable("DEEPNET_TEST_MATRIX") != "1" ? "part of the long matrix: DEEPNET_TEST_MATRIX=1 dotnet test"
        : null;
}
