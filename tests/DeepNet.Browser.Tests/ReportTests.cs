using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using DeepNet.Plots;
using Microsoft.Playwright;

namespace DeepNet.Browser.Tests;

/// <summary>Reports as a browser shows them and a reader moves them.</summary>
public sealed partial class ReportTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly double[] Grid = [.. Enumerable.Range(0, 21).Select(i => -1 + i / 10.0)];

    [BrowserFact]
    public async Task Shows_its_title_and_its_figure()
    {
        var page = await chromium.OpenAsync();
        await page.SetContentAsync(new HtmlReport("Digits").Figure(new Plot("Loss").Line([1, 2, 3], [3, 2, 1])).ToHtml());
        Assert.Equal("Digits", await page.TitleAsync());
        Assert.True(await page.Locator("figure svg").IsVisibleAsync());
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task A_slider_shows_the_frame_that_it_names()
    {
        var page = await chromium.OpenAsync();
        await page.SetContentAsync(Frames(9).ToHtml());
        var slider = page.GetByRole(AriaRole.Slider);
        Assert.Equal(["9"], await Shown(page));
        var box = (await slider.BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + box.Width - 8, box.Y + box.Height / 2);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + box.Height / 2, new() { Steps = 5 });
        await page.Mouse.UpAsync();
        Assert.Equal(["5"], await Shown(page));
        Assert.Equal("epoch 5", await slider.GetAttributeAsync("aria-valuetext"));
        await slider.PressAsync("ArrowRight");
        Assert.Equal(["6"], await Shown(page));
        await slider.PressAsync("Home");
        Assert.Equal(["1"], await Shown(page));
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Play_goes_to_the_last_frame_and_stops()
    {
        var page = await chromium.OpenAsync();
        await page.SetContentAsync(Frames(3).ToHtml());
        var play = page.GetByRole(AriaRole.Button, new() { Name = "Play" });
        Assert.Equal("false", await play.GetAttributeAsync("aria-pressed"));
        await play.ClickAsync();
        Assert.Equal(["1"], await Shown(page));        // from the start again
        Assert.Equal("true", await play.GetAttributeAsync("aria-pressed"));
        await Assertions.Expect(play).ToHaveAttributeAsync("aria-pressed", "false");
        Assert.Equal(["3"], await Shown(page));
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Several_sliders_choose_from_a_grid()
    {
        var page = await chromium.OpenAsync();
        await page.SetContentAsync(new HtmlReport("t").Sliders([new("rate", ["0.1", "1"]), new("momentum", ["0", "0.5", "0.9"])],
            at => new Plot($"{at[0]}{at[1]}").Line([0, 1], [at[0], at[1]])).ToHtml());
        Assert.Equal(["00"], await Shown(page));
        await page.GetByLabel("rate").PressAsync("ArrowRight");
        await page.GetByLabel("momentum").PressAsync("End");
        Assert.Equal(["12"], await Shown(page));
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task A_choice_goes_by_click_and_by_arrow_keys()
    {
        var page = await chromium.OpenAsync();
        await page.SetContentAsync(
            new HtmlReport("t").Choice([("healthy", p => p.Paragraph("first")), ("spoilt", p => p.Paragraph("second")),
                ("worse", p => p.Paragraph("third"))]).ToHtml());
        async Task Sees(string text)
            => Assert.Equal([text], await page.Locator(".part p:visible").AllInnerTextsAsync());
        await Sees("first");
        await page.GetByRole(AriaRole.Tab, new() { Name = "spoilt" }).ClickAsync();
        await Sees("second");
        await page.Keyboard.PressAsync("ArrowRight");
        await Sees("third");
        await page.Keyboard.PressAsync("ArrowRight");
        await Sees("first");
        await page.Keyboard.PressAsync("End");
        await Sees("third");
        Assert.Equal("worse", await page.GetByRole(AriaRole.Tabpanel).Locator("xpath=.").EvaluateAsync<string>(
            "e => document.getElementById(e.getAttribute('aria-labelledby')).innerText"));
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Without_a_script_all_stands_there()
    {
        var page = await chromium.OpenAsync(script: false);
        await page.SetContentAsync(
            Frames(4).Choice([("healthy", p => p.Paragraph("first")), ("spoilt", p => p.Paragraph("second"))]).ToHtml());
        Assert.Equal(["4"], await Shown(page));
        Assert.False(await page.GetByRole(AriaRole.Slider).IsVisibleAsync());
        foreach (string text in (string[])["first", "second", "healthy", "spoilt"])
            Assert.True(await page.GetByText(text, new() { Exact = true }).Locator("visible=true").CountAsync() == 1, text);
    }

    [BrowserFact]
    public async Task The_language_changes_in_words_and_figures()
    {
        foreach (bool script in (bool[])[true, false])
        {
            var page = await chromium.OpenAsync(script: script);
            await page.SetContentAsync(Chinese().ToHtml());
            Assert.Equal("Loss", await page.Locator("h1").InnerTextAsync());
            Assert.True(await page.GetByText("training", new() { Exact = true }).IsVisibleAsync());
            Assert.False(await page.GetByText("训练").IsVisibleAsync());
            await page.GetByText("中文").ClickAsync();
            Assert.Equal("损失", await page.Locator("h1").InnerTextAsync());
            Assert.True(await page.GetByText("训练").IsVisibleAsync());
            Assert.False(await page.GetByText("training", new() { Exact = true }).IsVisibleAsync());
            Assert.True(await page.GetByText("only English").IsVisibleAsync());
            if (!script) continue;
            Assert.Equal("zh", await page.EvaluateAsync<string>("document.documentElement.lang"));
            Assert.Equal("损失", await page.TitleAsync());
        }
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Language_and_theme_are_remembered()
    {
        string folder = Directory.CreateTempSubdirectory("report").FullName;
        try
        {
            string path = Path.Combine(folder, "report.html");
            Chinese().Save(path);
            var page = await chromium.OpenAsync();
            await page.GotoAsync(new Uri(path).AbsoluteUri);
            await page.GetByText("中文").ClickAsync();
            await page.Locator("label[for=theme-dark]").ClickAsync();
            await page.ReloadAsync();
            Assert.Equal("损失", await page.Locator("h1").InnerTextAsync());
            Assert.Equal("rgb(22, 24, 29)", await Ground(page));
        }
        finally
        {
            Directory.Delete(folder, true);
        }
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task The_theme_follows_the_system_until_it_is_chosen()
    {
        const string Light = "rgb(255, 255, 255)", Dark = "rgb(22, 24, 29)";
        foreach (var (scheme, own, other, theme) in ((ColorScheme, string, string, string)[])[
            (ColorScheme.Light, Light, Dark, "dark"), (ColorScheme.Dark, Dark, Light, "light")])
            foreach (bool script in (bool[])[true, false])
            {
                var page = await chromium.OpenAsync(scheme: scheme, script: script);
                await page.SetContentAsync(Frames(2).ToHtml());
                Assert.Equal(own, await Ground(page));
                await page.Locator($"label[for=theme-{theme}]").ClickAsync();
                Assert.Equal(other, await Ground(page));
                Assert.Equal(other, await page.Locator("svg rect.bg").EvaluateAsync<string>("e => getComputedStyle(e).fill"));
            }
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task A_turned_surface_is_where_the_library_sees_it()
    {
        var page = await chromium.OpenAsync();
        Plot Seen(double azimuth, double elevation) => new Plot("Saddle")
        {
            XLabel = "x", YLabel = "y", ZLabel = "z", Azimuth = azimuth, Elevation = elevation,
        }.Surface(Grid, Grid, Field((x, y) => x * x - y * y)).Surface(Grid, Grid, Field((x, y) => x), opacity: 0.5, color: 1);
        await page.SetContentAsync(new HtmlReport("t").Figure(Seen(-60, 30)).ToHtml());
        var surface = page.Locator(".surface");
        string before = await surface.InnerHTMLAsync();
        await surface.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowUp");
        await page.WaitForFunctionAsync("before => document.querySelector('.surface').innerHTML !== before", before);
        Assert.Equal("-55 35", await surface.GetAttributeAsync("data-view"));
        // All that is drawn: walls, edges, pieces from far to near, words. Pieces are written to a tenth of a pixel.
        Compare(Seen(-55, 35).ToSvg(), await page.Locator("figure svg").InnerHTMLAsync(), 0.1001);

        // A drag across the whole figure is 240 degrees around.
        var box = (await page.Locator("figure svg").BoundingBoxAsync())!;
        await page.Mouse.MoveAsync(box.X + box.Width / 2, box.Y + box.Height / 2);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(box.X + box.Width / 4, box.Y + box.Height / 2 + 20, new() { Steps = 3 });
        await page.Mouse.UpAsync();
        double[] view = Numbers((await surface.GetAttributeAsync("data-view"))!);
        Assert.Equal(5, view[0], 1e-3);
        Assert.Equal(35 + 20 * 240 / box.Width, view[1], 1e-3);
        await page.WaitForTimeoutAsync(50);
        Compare(Seen(view[0], view[1]).ToSvg(), await page.Locator("figure svg").InnerHTMLAsync(), 0.1001);

        await page.Keyboard.PressAsync("Home");
        Assert.Equal("-60 30", await surface.GetAttributeAsync("data-view"));
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Points_are_projected_as_the_library_does()
    {
        var page = await chromium.OpenAsync();
        await page.SetContentAsync(new HtmlReport("t").Figure(new Plot().Surface(Grid, Grid, Field((x, y) => x * y))).ToHtml());
        foreach (var (azimuth, elevation) in ((double, double)[])[(-60, 30), (17.3, 5), (123.4, 61), (-179, 90), (90, 2)])
        {
            var view = new View(azimuth, elevation, new Box(66, 18, 522, 334));
            foreach (var (x, y, z) in ((double, double, double)[])[(0.3, -0.7, 0.2), (-1, 1, -0.6), (0.123456, 0.654321, 0.6)])
            {
                var (px, py, near) = view.See(x, y, z);
                var seen = await page.EvaluateAsync<JsonElement>(
                    "([a, e, x, y, z]) => deepnet.view(a, e, [66, 18, 522, 334]).see(x, y, z)", new[] { azimuth, elevation, x, y, z });
                Assert.Equal(px, seen[0].GetDouble(), 1e-6);
                Assert.Equal(py, seen[1].GetDouble(), 1e-6);
                Assert.Equal(near, seen[2].GetDouble(), 1e-6);
            }
        }
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task A_surface_turns_by_touch()
    {
        var page = await chromium.OpenAsync(width: 360);
        await page.SetContentAsync(new HtmlReport("t").Figure(new Plot().Surface(Grid, Grid, Field((x, y) => x * y))).ToHtml());
        await page.Locator(".surface").EvaluateAsync("""
            e => {
              const box = e.getBoundingClientRect(), at = { pointerId: 1, pointerType: 'touch', button: 0, isPrimary: true, bubbles: true };
              e.setPointerCapture = () => {};
              e.dispatchEvent(new PointerEvent('pointerdown', { ...at, clientX: box.x + 100, clientY: box.y + 50 }));
              e.dispatchEvent(new PointerEvent('pointermove', { ...at, clientX: box.x + 60, clientY: box.y + 50 }));
              e.dispatchEvent(new PointerEvent('pointerup', at));
            }
            """);
        double width = (await page.Locator("figure svg").BoundingBoxAsync())!.Width;
        string view = (await page.Locator(".surface").GetAttributeAsync("data-view"))!;
        Assert.Equal(-60 + 40 * 240 / width, double.Parse(view.Split(' ')[0], CultureInfo.InvariantCulture), 1e-3);
        Assert.Equal("pan-y", await page.Locator("figure svg").EvaluateAsync<string>("e => getComputedStyle(e).touchAction"));
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task No_page_is_wider_than_its_window()
    {
        var report = Chinese().Section("Figures").Figures((new Plot("a").Line([1, 2]), "c"), (new Plot("b").Line([1, 2]), null))
            .Figure(new PlotGrid("wide", 3, new Plot().Line([1, 2]), new Plot().Line([1, 2]), new Plot().Line([1, 2])))
            .Formula(@"\sum_{i=1}^{n} a_i + b_i + c_i + d_i + e_i + f_i + g_i + h_i + i_i + j_i + k_i + l_i + m_i + n_i + o_i")
            .Table([.. Enumerable.Range(0, 12).Select(i => $"a column {i}")], [[.. Enumerable.Range(0, 12).Select(i => $"{i}")]])
            .Choice([.. Enumerable.Range(0, 8)
                .Select(i => ($"a part with a name {i}", (Action<HtmlReport>)(p => p.Code(new string('x', 300)))))])
            .Sliders([new("a slider with a name", ["1", "2"]), new("another slider", ["1", "2"])], _ => new Plot().Line([1, 2]));
        foreach (int width in (int[])[360, 800, 1280, 1920])
        {
            var page = await chromium.OpenAsync(width);
            await page.SetContentAsync(report.ToHtml());
            Assert.Equal(0, await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth"));
        }
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Figures_fill_a_wide_page_in_columns()
    {
        var plot = new Plot { Width = 480, Height = 320 }.Line([1, 2]);
        string html = new HtmlReport("t").Section("a").Figure(plot).Figure(plot).Figure(plot).Section("b").ToHtml();
        foreach (var (width, columns) in ((int, int)[])[(360, 1), (1280, 2), (1760, 3)])
        {
            var page = await chromium.OpenAsync(width);
            await page.SetContentAsync(html);
            double[] lefts = await page.Locator("figure").EvaluateAllAsync<double[]>("all => all.map(e => e.getBoundingClientRect().left)");
            Assert.Equal(columns, lefts.Distinct().Count());
        }
    }

    [BrowserFact]
    public async Task A_widget_runs_its_script_once()
    {
        var page = await chromium.OpenAsync();
        const string Script = "for (const e of document.querySelectorAll('.mine')) e.textContent += '!';";
        await page.SetContentAsync(
            new HtmlReport("t").Widget("<p class=\"mine\">one</p>", Script).Widget("<p class=\"mine\">two</p>", Script).ToHtml());
        Assert.Equal(["one!", "two!"], await page.Locator(".mine").AllInnerTextsAsync());
        Assert.Empty(chromium.Errors);
    }

    [BrowserFact]
    public async Task Formulas_are_set()
    {
        var page = await chromium.OpenAsync();
        await page.SetContentAsync(new HtmlReport("t").Formula(@"\frac{a}{b}").ToHtml());
        // The numerator stands above the denominator.
        double[] tops = await page.Locator("mfrac mi").EvaluateAllAsync<double[]>("all => all.map(e => e.getBoundingClientRect().top)");
        Assert.True(tops[0] + 5 < tops[1], $"{tops[0]} and {tops[1]}");
    }

    private static HtmlReport Frames(int count)
        => new HtmlReport("Frames").Frames([.. Enumerable.Range(1, count).Select(k => new Plot($"{k}").Line([0, 1], [0, k]))],
            [.. Enumerable.Range(1, count).Select(k => $"epoch {k}")]);

    private static HtmlReport Chinese() => new HtmlReport("Loss")
        .Language("zh", "中文", text => text switch { "Loss" => "损失", "training" => "训练", _ => null })
        .Figure(new Plot("Loss").Line([3, 2, 1], "training")).Paragraph("only English");

    private static double[,] Field(Func<double, double, double> f)
    {
        double[,] z = new double[Grid.Length, Grid.Length];
        for (int i = 0; i < Grid.Length; i++)
            for (int j = 0; j < Grid.Length; j++) z[i, j] = f(Grid[j], Grid[i]);
        return z;
    }

    /// <summary>Returns the titles of the frames that are seen.</summary>
    private static async Task<IReadOnlyList<string>> Shown(IPage page) => await page.Locator("svg text.tt:visible").AllTextContentsAsync();

    private static Task<string> Ground(IPage page) => page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");

    /// <summary>Compares all paths and words of two drawings, in order.</summary>
    private static void Compare(string expected, string actual, double tolerance)
    {
        foreach (var what in (Regex[])[Path_(), Word()])
        {
            string[] a = [.. what.Matches(expected).Select(m => m.Groups[1].Value)],
                b = [.. what.Matches(actual).Where(m => !m.Value.Contains("display", StringComparison.Ordinal))
                    .Select(m => m.Groups[1].Value)];
            Assert.Equal(a.Length, b.Length);
            for (int i = 0; i < a.Length; i++)
            {
                double[] p = Numbers(a[i]), q = Numbers(b[i]);
                Assert.Equal(p.Length, q.Length);
                for (int k = 0; k < p.Length; k++) Assert.True(Math.Abs(p[k] - q[k]) < tolerance, $"{i}: {a[i]} and {b[i]}");
            }
        }
    }

    private static double[] Numbers(string text)
        => [.. Number().Matches(text).Select(m => double.Parse(m.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex("<path[^>]*? d=\"([^\"]*)\"")]
    private static partial Regex Path_();

    [GeneratedRegex("<text class=\"(?:tk|lb)\" (x=\"[^\"]*\" y=\"[^\"]*\")[^>]*>")]
    private static partial Regex Word();

    [GeneratedRegex(@"-?\d+(\.\d+)?")]
    private static partial Regex Number();
}
