using DeepNet.Plots;
using Microsoft.Playwright;

namespace DeepNet.Browser.Tests;

/// <summary>Reports as a browser shows them.</summary>
public sealed class ReportTests(Chromium chromium) : IClassFixture<Chromium>
{
    [BrowserFact]
    public async Task Shows_its_title_and_its_figure()
    {
        var page = await chromium.OpenAsync();
        await page.SetContentAsync(new HtmlReport("Digits").Figure(new Plot("Loss").Line([1, 2, 3], [3, 2, 1])).ToHtml());
        Assert.Equal("Digits", await page.TitleAsync());
        Assert.True(await page.Locator("figure svg").IsVisibleAsync());
    }
}
