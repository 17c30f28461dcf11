using DeepNet.Labs;
using DeepNet.Labs.Running;
using Microsoft.Playwright;

namespace DeepNet.Browser.Tests;

/// <summary>The page of the labs as a browser shows it.</summary>
public sealed class AtlasPageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private sealed class Guessing : Lab
    {
        public override string Name => "guessing";

        public override string Title => "A lab that asks";

        public override string Claim => "One and one is two.";

        public override string Question => "How much is one and one?";

        public override Guess? Guess => new(["one", "two"], 1);

        public override string Explanation => "Because $1 + 1 = 2$.";

        public override IReadOnlyList<string> Mutations => ["three"];

        public override void Run(LabContext lab)
            => lab.Check($"the sum is {(lab.Mutated("three") ? 3 : 2)}", lab.Mutated("three") ? 3 : 2, atLeast: 2, atMost: 2);
    }

    private static readonly Lab[] Labs = [Catalogue.Find("saddle")!, Catalogue.Find("polynomial-degree")!, new Guessing()];

    private static readonly Lazy<(IReadOnlyList<Chapter> Chapters, string Html)> Made = new(() =>
    {
        LabResult Run(Lab lab, string? mutation) => LabResult.Of(lab, LabSize.Reduced, mutation);
        Chapter[] chapters =
            [.. Labs.Select(lab => new Chapter(Run(lab, null), [.. lab.Mutations.Select(m => new Spoilt(m, Run(lab, m)))]))];
        return (chapters, Atlas.Page(chapters).ToHtml());
    });

    private async Task<IPage> Open(int width = 1280, bool script = true, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await chromium.OpenAsync(width, script: script, scheme: scheme);
        await page.SetContentAsync(Made.Value.Html);
        return page;
    }

    /// <summary>The section of a lab.</summary>
    private static ILocator Section(IPage page, Lab lab) => page.Locator($"section:has(#{LabPage.IdOf(lab)})");

    [BrowserFact]
    public async Task Numbers_are_those_of_the_runs()
    {
        var page = await Open();
        foreach (var (lab, result) in Made.Value.Chapters.Select(c => (c.Lab, c.Result)))
        {
            var checks = Section(page, lab).Locator(".checks").First.Locator("li");
            Assert.Equal(result.Checks.Count(), await checks.CountAsync());
            foreach (var (check, i) in result.Checks.Select((c, i) => (c, i)))
            {
                // Not its inner text: a section out of sight is not laid out and has none.
                string text = await checks.Nth(i).TextContentAsync() ?? "";
                Assert.Contains(check.What, text, StringComparison.Ordinal);
                Assert.Contains($"{CheckItem.Text(check.Value)} ({check.Bounds}", text, StringComparison.Ordinal);
            }
        }
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task A_spoilt_run_stands_beside_the_healthy_one()
    {
        var page = await Open();
        foreach (var chapter in Made.Value.Chapters)
        {
            var beside = Section(page, chapter.Lab).Locator(".spoil");
            foreach (var spoilt in chapter.Spoilt)
            {
                await beside.GetByRole(AriaRole.Tab, new() { Name = spoilt.Mutation, Exact = true }).ClickAsync();
                var seen = beside.Locator(".checks:visible");
                Assert.Equal(1, await seen.CountAsync());
                string text = await seen.InnerTextAsync();
                Assert.Contains("✗", text, StringComparison.Ordinal);
                Assert.All(spoilt.Result.Checks, c => Assert.Contains(CheckItem.Text(c.Value), text, StringComparison.Ordinal));
            }
        }
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task A_guess_is_answered()
    {
        var page = await Open();
        var guess = Section(page, Labs[2]).Locator(".guess");
        Assert.False(await guess.GetByText("It is not").IsVisibleAsync());
        await guess.GetByText("one", new() { Exact = true }).ClickAsync();
        Assert.True(await guess.GetByText("✗ It is not; look below.").IsVisibleAsync());
        Assert.False(await guess.GetByText("✓ That is so.").IsVisibleAsync());
        await guess.GetByText("two", new() { Exact = true }).ClickAsync();
        Assert.True(await guess.GetByText("✓ That is so.").IsVisibleAsync());
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Languages_are_switched()
    {
        var page = await Open();
        var english = page.Locator("h2").GetByText("Where to begin");
        var chinese = page.Locator("h2").GetByText("从哪里开始");
        Assert.True(await english.IsVisibleAsync());
        Assert.False(await chinese.IsVisibleAsync());
        await page.GetByText("中文", new() { Exact = true }).ClickAsync();
        Assert.False(await english.IsVisibleAsync());
        Assert.True(await chinese.IsVisibleAsync());
        Assert.True(await page.Locator(".race").GetByText("峡谷").First.IsVisibleAsync());
        Assert.True(await page.Locator(".tree").GetByText("过拟合").IsVisibleAsync());
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Sliders_show_another_fit()
    {
        var page = await Open();
        var slider = Section(page, Labs[1]).Locator("input[type=range]").First;
        await slider.FillAsync("14");
        Assert.Equal("14", (await Section(page, Labs[1]).Locator(".slider .value").First.InnerTextAsync()).Trim());
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Every_link_leads_somewhere_and_no_id_is_there_twice()
    {
        var page = await Open();
        Assert.Empty(await page.EvaluateAsync<string[]>(
            "[...document.querySelectorAll('a[href^=\"#\"]')].map(a => a.getAttribute('href').slice(1))"
                + ".filter(id => !document.getElementById(id))"));
        Assert.Empty(await page.EvaluateAsync<string[]>(
            "(ids => ids.filter((id, i) => ids.indexOf(id) !== i))([...document.querySelectorAll('[id]')].map(e => e.id))"));
        await page.Locator(".card[href='#lab-saddle']").ClickAsync();
        Assert.EndsWith("#lab-saddle", page.Url, StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task Fits_narrow_and_wide_screens_and_needs_no_script()
    {
        foreach (int width in new[] { 360, 768, 1280, 1800 })
        {
            var page = await Open(width);
            Assert.True(
                await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width,
                $"at {width} pixels something sticks out");
        }
        var still = await Open(script: false);
        Assert.True(await still.Locator(".race-still svg").First.IsVisibleAsync());
        Assert.True(await Section(still, Labs[0]).Locator("figure svg").First.IsVisibleAsync());
        Assert.Equal(
            Labs[0].Mutations.Count + 1, await Section(still, Labs[0]).Locator(".spoil figure:visible").CountAsync());
        Assert.Empty(chromium.Errors);
    }
}
