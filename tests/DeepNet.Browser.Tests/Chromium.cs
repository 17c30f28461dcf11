using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Playwright;

namespace DeepNet.Browser.Tests;

/// <summary>A Chromium without a window, one for all tests of a class.</summary>
/// <remarks>
/// It is that of the system, or the program that <c>DEEPNET_CHROMIUM</c> names; nothing is downloaded. Where there is none, tests marked
/// <see cref="BrowserFactAttribute"/> are skipped.
/// </remarks>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Places =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        @"C:\Program Files\Google\Chrome\Application\chrome.exe", @"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Gets the path of the browser; null where there is none.</summary>
    public static string? Path { get; } = Environment.GetEnvironmentVariable("DEEPNET_CHROMIUM") ?? Places.FirstOrDefault(File.Exists);

    /// <summary>Gets the errors that scripts of the opened pages threw; tests of pages with scripts assert that there are none.</summary>
    public ConcurrentQueue<string> Errors { get; } = [];

    /// <summary>Opens an empty page with a context of its own.</summary>
    public async Task<IPage> OpenAsync(int width = 1280, int height = 900, bool script = true, ColorScheme scheme = ColorScheme.Light)
    {
        var context = await browser!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height }, JavaScriptEnabled = script, ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
        });
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        page.PageError += (_, error) => Errors.Enqueue(error);
        return page;
    }

    public async Task InitializeAsync()
    {
        if (Path is null) return;
        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Path,
            Args =
            [
                "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
                "--disable-sync", .. RuntimeInformation.IsOSPlatform(OSPlatform.Linux) ? (string[])["--no-sandbox"] : [],
            ],
        });
    }

    public async Task DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        playwright?.Dispose();
    }
}
