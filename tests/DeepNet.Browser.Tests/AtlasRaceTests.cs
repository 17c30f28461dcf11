using System.Text.Json;
using DeepNet.Labs.Running.Race;
using Microsoft.Playwright;

namespace DeepNet.Browser.Tests;

/// <summary>The race of optimizers: its script takes DeepNet's steps, and does what readers ask.</summary>
public sealed class AtlasRaceTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly string Shell = $$"""
        <!doctype html><meta name="viewport" content="width=device-width"><style>:root{color-scheme:light dark;--paper:#fff;--ink:#123;
        --line:#ccc;--link:#06c;--soft:#666}</style><style>{{RaceWidget.Css}}</style>{{RaceWidget.Html(t => t, t => t, [])}}
        <script>{{RaceWidget.Script}}</script>
        """;

    private async Task<IPage> Open(int width = 1280, bool script = true)
    {
        var page = await chromium.OpenAsync(width, script: script);
        await page.SetContentAsync(Shell);
        return page;
    }

    private static Task<double[]> Start(IPage page) => page.EvaluateAsync<double[]>("window.race.start");

    [BrowserFact]
    public async Task Every_path_is_that_of_DeepNet()
    {
        var page = await Open();
        RaceSettings[] all = [new(), new() { Rate = 0.5, Momentum = 0.5 }, new() { Noise = 0.5, Batch = 4, Seed = 7 }];
        foreach (var landscape in Landscape.All)
            foreach (var (racer, i) in Racer.All.Select((r, i) => (r, i)))
                foreach (var settings in all)
                {
                    var wanted = racer.Path(landscape, settings);
                    var path = await page.EvaluateAsync<JsonElement>(
                        "([name, racer, settings]) => window.race.path(name, racer, settings)",
                        new object[]
                        {
                            landscape.Name, i,
                            new
                            {
                                rate = settings.Rate, momentum = settings.Momentum, noise = settings.Noise, batch = settings.Batch,
                                seed = (int)settings.Seed,
                            },
                        });
                    Assert.Equal(wanted.Count, path.GetArrayLength());
                    double difference = wanted.Zip(path.EnumerateArray(), (a, b)
                        => Math.Max(Math.Abs(a.X - b[0].GetDouble()), Math.Abs(a.Y - b[1].GetDouble()))).Max();
                    Assert.True(difference < 1e-6, $"{racer.Name} on {landscape.Name} with {settings}: {difference}");
                }
        Assert.Matches(@"^\de−1[0-9]$", await page.Locator(".race-difference").InnerTextAsync());
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task A_drag_moves_the_start_and_the_paths_follow()
    {
        var page = await Open();
        var map = page.Locator(".race-map");
        var box = (await map.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + 0.2f * box.Width, box.Y + 0.2f * box.Height);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + 0.75f * box.Width, box.Y + 0.25f * box.Height, new() { Steps = 4 });
        await page.Mouse.UpAsync();
        var ravine = Landscape.Of("ravine");
        double[] start = await Start(page);
        Assert.Equal(ravine.X.Low + 0.75 * (ravine.X.High - ravine.X.Low), start[0], 0.02);
        Assert.Equal(ravine.Y.High - 0.25 * (ravine.Y.High - ravine.Y.Low), start[1], 0.02);

        // The losses beside the picture are those of DeepNet from there.
        for (int i = 0; i < Racer.All.Count; i++)
        {
            double loss = ravine.LossAt([Racer.All[i].Path(ravine, new(), (start[0], start[1]))[^1]])[0];
            Assert.Equal(loss.ToString("0.0000"), await page.Locator($"[data-racer='{i}'] td:nth-child(3)").InnerTextAsync());
        }
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Plays_pauses_steps_and_resets()
    {
        var page = await Open();
        var play = page.Locator(".race-play");
        Task<int> Shown() => page.EvaluateAsync<int>("window.race.shown");
        Assert.Equal(150, await Shown());
        await play.ClickAsync();
        await page.WaitForFunctionAsync("window.race.shown > 2 && window.race.shown < 150");
        await play.ClickAsync();
        int at = await Shown();
        Assert.InRange(at, 3, 149);
        await page.Locator(".race-next").ClickAsync();
        Assert.Equal(at + 1, await Shown());
        Assert.Equal("false", await play.GetAttributeAsync("aria-pressed"));
        await page.Locator(".race-reset").ClickAsync();
        Assert.Equal(150, await Shown());
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Sliders_landscapes_and_keys_change_the_race()
    {
        var page = await Open();
        var loss = page.Locator("[data-racer='0'] td:nth-child(3)");
        string before = await loss.InnerTextAsync();
        await page.Locator("[data-set='rate']").FillAsync("-1");
        Assert.NotEqual(before, await loss.InnerTextAsync());
        Assert.Equal("0.0045", await page.Locator("[data-racer='0'] td:nth-child(2)").InnerTextAsync());
        await page.Locator(".race-choice label", new() { HasText = "Saddle" }).ClickAsync();
        double[] start = await Start(page);
        Assert.Equal([-2, 0.001], start);
        Assert.True(await page.Locator("[data-note='saddle']").IsVisibleAsync());
        Assert.False(await page.Locator("[data-note='ravine']").IsVisibleAsync());
        await page.Locator(".race-map").FocusAsync();
        await page.Keyboard.PressAsync("ArrowUp");
        Assert.Equal(0.081, (await Start(page))[1], 1e-9);
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Fits_a_narrow_screen_and_stands_still_without_script()
    {
        var page = await Open(360);
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= 360);
        page = await Open(script: false);
        Assert.Equal(Landscape.All.Count, await page.Locator(".race-still svg").CountAsync());
        Assert.True(await page.Locator(".race-still svg").First.IsVisibleAsync());
        Assert.False(await page.Locator(".race-map").IsVisibleAsync());
    }
}
