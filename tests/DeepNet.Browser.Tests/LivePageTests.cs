using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DeepNet.Data;
using DeepNet.Hosting;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training;
using Microsoft.Playwright;

namespace DeepNet.Browser.Tests;

/// <summary>The live page as a browser shows it, while runs are held and let go on.</summary>
public sealed class LivePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const int Batches = 8;

    [BrowserFact]
    public async Task Curves_grow_with_the_run_and_figures_are_those_of_the_history()
    {
        using var run = new Run("Blobs", epochs: 4, heldAfter: 2 * Batches + 3);
        var page = await OpenAsync();
        await page.GotoAsync(run.Address);
        var card = page.Locator(".run", new() { HasText = "Blobs" });
        var curve = page.Locator("figure", new() { HasText = "accuracy" });
        await Assertions.Expect(card).ToHaveAttributeAsync("data-state", "Running");
        await Assertions.Expect(card.Locator(".epoch")).ToContainTextAsync("epoch 3 of 4");
        await Assertions.Expect(curve.Locator("circle")).ToHaveCountAsync(4);                   // two epochs, training and validation
        Assert.NotEmpty(await page.Locator("#gradients svg").AllAsync());

        var history = await run.EndAsync();
        await Assertions.Expect(card).ToHaveAttributeAsync("data-state", "Completed");
        await Assertions.Expect(curve.Locator("circle")).ToHaveCountAsync(8);
        await Assertions.Expect(page.Locator("#activations svg")).ToHaveCountAsync(2);
        foreach (var (name, value) in history.Last!.Values)
        {
            var figure = card.Locator($"[data-figure={name}] dd span").First;
            Assert.Equal(value, double.Parse((await figure.GetAttributeAsync("title"))!, CultureInfo.InvariantCulture));
            Assert.Equal(value.ToString("0.0000", CultureInfo.InvariantCulture), await figure.TextContentAsync());
        }
        Assert.Contains("validation", await curve.GetAttributeAsync("aria-label"));
        await AssertCalm(page);
    }

    [BrowserFact]
    public async Task Stop_asks_first_and_then_ends_the_run()
    {
        using var run = new Run("To be stopped", epochs: 50, heldAfter: 5);
        var page = await OpenAsync();
        await page.GotoAsync(run.Address);
        var card = page.Locator(".run", new() { HasText = "To be stopped" });
        await card.GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Go on training" }).ClickAsync();
        await Assertions.Expect(card.GetByRole(AriaRole.Button, new() { Name = "Stop" })).ToBeEnabledAsync();
        Assert.Equal("▸ running", await card.Locator(".badge").TextContentAsync());

        await card.GetByRole(AriaRole.Button, new() { Name = "Stop" }).PressAsync("Enter");
        await page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Assertions.Expect(card.Locator(".badge")).ToHaveTextAsync("▸ stopping");
        var history = await run.EndAsync();
        Assert.Equal(TrainingEnd.Stopped, history.End);
        Assert.Equal(5, history.StepLosses.Count);
        await Assertions.Expect(card.Locator(".badge")).ToHaveTextAsync("■ stopped");
        await Assertions.Expect(card.Locator(".do button:visible")).ToHaveCountAsync(0);
        await AssertCalm(page);
    }

    [BrowserFact]
    public async Task Without_the_token_the_page_only_shows()
    {
        using var run = new Run("Looked at", epochs: 1, heldAfter: 5);
        var page = await OpenAsync();
        await page.GotoAsync(run.Address[..run.Address.IndexOf('#', StringComparison.Ordinal)]);
        var card = page.Locator(".run", new() { HasText = "Looked at" });
        await Assertions.Expect(card.Locator(".do")).ToContainTextAsync("open the address that the program printed");
        await Assertions.Expect(card.Locator(".do button:visible")).ToHaveCountAsync(0);
        await run.EndAsync();
        await AssertCalm(page);
    }

    [BrowserFact]
    public async Task What_was_shown_stays_when_the_program_closes_the_page()
    {
        var run = new Run("Gone", epochs: 1, heldAfter: 5);
        var page = await OpenAsync();
        await page.GotoAsync(run.Address);
        await page.Locator(".run").First.WaitForAsync();
        await run.EndAsync();
        run.Dispose();
        await Assertions.Expect(page.Locator("#link")).ToContainTextAsync("closed the page");
        await Assertions.Expect(page.Locator(".run", new() { HasText = "Gone" }).Locator(".badge")).ToHaveTextAsync("✓ completed");
        await AssertCalm(page);
    }

    [BrowserFact]
    public async Task Two_runs_are_side_by_side_and_share_the_charts()
    {
        using var first = new Run("Narrow", epochs: 2, heldAfter: 0);
        using var second = new Run("Wide", epochs: 2, heldAfter: 0, first.Port);
        await first.EndAsync();
        await second.EndAsync();
        var page = await OpenAsync();
        await page.GotoAsync(first.Address);
        var (a, b) = (page.Locator(".run", new() { HasText = "Narrow" }), page.Locator(".run", new() { HasText = "Wide" }));
        await a.WaitForAsync();
        await b.WaitForAsync();
        Assert.Equal((await a.BoundingBoxAsync())!.Y, (await b.BoundingBoxAsync())!.Y);
        var curve = page.Locator("figure", new() { HasText = "accuracy" });
        await Assertions.Expect(curve).ToContainTextAsync("Narrow validation");
        await Assertions.Expect(curve).ToContainTextAsync("Wide validation");
        await page.Locator("#chosen").SelectOptionAsync(new SelectOptionValue { Label = "Wide" });
        await Assertions.Expect(page.Locator("#about td").First).ToHaveTextAsync("Adam");
        await AssertCalm(page);
    }

    [BrowserFact]
    public async Task A_chart_is_read_with_the_keyboard()
    {
        using var run = new Run("Read aloud", epochs: 3, heldAfter: 0);
        var history = await run.EndAsync();
        var page = await OpenAsync();
        await page.GotoAsync(run.Address);
        var curve = page.Locator("figure", new() { HasText = "accuracy" });
        await curve.FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await Assertions.Expect(page.Locator("#say")).ToContainTextAsync("epoch 1:");
        await page.Keyboard.PressAsync("ArrowRight");
        await Assertions.Expect(page.Locator("#say")).ToContainTextAsync("epoch 2:");
        string last = history.Epochs[1]["val_accuracy"].ToString("0.0000", CultureInfo.InvariantCulture);
        await Assertions.Expect(page.Locator("#say")).ToContainTextAsync(last);
        await AssertCalm(page);
    }

    [BrowserFact]
    public async Task Fits_a_telephone_and_the_dark()
    {
        using var run = new Run("Small and dark", epochs: 2, heldAfter: 0);
        await run.EndAsync();
        var page = await OpenAsync(width: 360, scheme: ColorScheme.Dark);
        await page.GotoAsync(run.Address);
        await page.Locator("figure path.ln").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"));
        double[] colors = await page.EvaluateAsync<double[]>(
            "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color].map(c => +c.match(/\\d+/)[0])");
        Assert.True(colors[0] < 40 && colors[1] > 200);
        await AssertCalm(page);
    }

    private async Task<IPage> OpenAsync(int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        var page = await chromium.OpenAsync(width, scheme: scheme);
        page.Console += (_, message) =>
        {
            if (message.Text.Contains("Content Security Policy", StringComparison.Ordinal)) chromium.Errors.Enqueue(message.Text);
        };
        return page;
    }

    /// <summary>No script failed, and nothing was refused by the page's own rules.</summary>
    private async Task AssertCalm(IPage page)
    {
        await page.Context.CloseAsync();
        Assert.Empty(chromium.Errors);
    }

    /// <summary>A small run on another thread, held after a step, or to its end for 0; its page stays open until it is disposed.</summary>
    private sealed class Run : Callback, IDisposable
    {
        private readonly TaskCompletionSource started = new(), going = new();
        private readonly LivePage page;
        private readonly Task<History> run;
        private readonly long heldAfter;
        private readonly Seconds clock = new();

        public Run(string name, int epochs, long heldAfter, int? port = null)
        {
            this.heldAfter = heldAfter;
            Port = port ?? FreePort();          // a page of its own, without the runs of other tests
            page = new LivePage(Port) { Title = name, KeepOpen = true, HistogramsEvery = 4, Clock = clock };
            run = Task.Run(() => Train(epochs));
            Task.WaitAny(started.Task, run);
        }

        public int Port { get; }

        public string Address => page.Address!.AbsoluteUri;

        public async Task<History> EndAsync()
        {
            going.TrySetResult();
            return await run.WaitAsync(TimeSpan.FromSeconds(60));
        }

        public void Dispose()
        {
            going.TrySetResult();
            run.Wait(TimeSpan.FromSeconds(60));
            page.Dispose();
        }

        protected override int Order => -1;

        protected override void OnStepEnd(Trainer trainer, in StepRecord step)
        {
            clock.Now++;
            if (step.Step != heldAfter) return;
            started.TrySetResult();
            going.Task.Wait(TimeSpan.FromSeconds(60));
        }

        private static int FreePort()
        {
            using var socket = new TcpListener(IPAddress.Loopback, 0);
            socket.Start();
            return ((IPEndPoint)socket.LocalEndpoint).Port;
        }

        private History Train(int epochs)
        {
            var generator = new Generator(5);
            var y = Tensor.RandInt(0, 3, new Shape(120), generator: generator);
            var x = Tensor.From<float>(2, 0, -1, 1.7f, -1, -1.7f).Reshape(3, 2).IndexSelect(0, y)
                + Tensor.Randn(new Shape(120, 2), generator: generator);
            var data = new TensorDataset(x, y);
            var model = new Sequential(new Linear(2, 16, activation: new Relu()), new Linear(16, 3));
            var trainer = new Trainer(model, new Adam(model.Parameters(), 0.02), (a, b) => Loss.CrossEntropy(a, b))
            {
                Metrics = [new Accuracy()], Callbacks = [page, this], Progress = ProgressStyle.None,
            };
            return trainer.Fit(new DataLoader(data, 16, shuffle: true, seed: 3), new DataLoader(data, 50), epochs);
        }
    }

    /// <summary>A clock by which each step takes a second: what a step brings is on the page before the next.</summary>
    private sealed class Seconds : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }
}
