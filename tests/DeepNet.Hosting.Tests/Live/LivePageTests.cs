using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DeepNet.Training;

namespace DeepNet.Hosting.Tests.Live;

[Collection(LivePages.Name)]
public sealed class LivePageTests
{
    [Fact]
    public void Training_gives_the_same_bits_with_the_page_and_without()
    {
        var alone = Blobs.Trainer();
        alone.Fit(Blobs.Train(), Blobs.Validation(), 4);
        var shown = Blobs.Trainer(new LivePage { HistogramsEvery = 1 });
        shown.Fit(Blobs.Train(), Blobs.Validation(), 4);

        Assert.Equal(Blobs.Weights(alone), Blobs.Weights(shown));
        Assert.Equal(alone.History.StepLosses, shown.History.StepLosses);
        Assert.Equal(alone.History["val_loss"], shown.History["val_loss"]);
    }

    [Fact]
    public void Examples_that_a_user_chooses_draw_no_random_numbers_of_the_run()
    {
        var alone = Blobs.Trainer();
        alone.Fit(Blobs.Train(), Blobs.Validation(), 3);
        int calls = 0;
        var page = new LivePage
        {
            Samples = trainer =>
            {
                calls++;
                return [new LiveSample($"{trainer.Predict(Tensor.Randn(new Shape(1, 2))).Shape}")];
            },
        };
        var shown = Blobs.Trainer(page);
        shown.Fit(Blobs.Train(), Blobs.Validation(), 3);

        Assert.True(calls >= 2);
        Assert.Equal(Blobs.Weights(alone), Blobs.Weights(shown));
    }

    [Fact]
    public async Task The_page_has_every_figure_of_the_history()
    {
        using var page = new LivePage { KeepOpen = true, HistogramsEvery = 4, Title = "Blobs" };
        var trainer = Blobs.Trainer(page);
        var history = trainer.Fit(Blobs.Train(), Blobs.Validation(), 3);
        await page.Board!.DrainAsync();
        using var events = await Events.OpenAsync(page.Address!);
        var run = await events.UntilAsync(r => r.GetProperty("name").GetString() == "Blobs");

        Assert.Equal("Completed", run.GetProperty("state").GetString());
        var epochs = run.GetProperty("epochs").EnumerateArray().ToArray();
        Assert.Equal(3, epochs.Length);
        for (int i = 0; i < epochs.Length; i++)
        {
            var values = epochs[i].GetProperty("values").EnumerateObject().ToDictionary(v => v.Name, v => v.Value.GetDouble());
            Assert.Equal(history.Epochs[i].Values, values);
        }
        // Each step is in one point.
        var points = run.GetProperty("points").EnumerateArray().ToArray();
        Assert.Equal(3 * Blobs.Batches, points.Sum(p => p[2].GetInt32()));
        Assert.Equal(history.StepLosses.Average(l => l), points.Sum(p => p[3].GetDouble() * p[2].GetInt32()) / (3 * Blobs.Batches), 6);
        Assert.Equal((double)history.StepLosses.Max(), points.Max(p => p[5].GetDouble()), 6);
        Assert.Equal(0.02, points[^1][6].GetDouble());
        Assert.True(points[^1][9].GetDouble() > 0);
        var layers = run.GetProperty("layers").EnumerateArray().ToLookup(l => l.GetProperty("kind").GetString());
        Assert.Equal(["0.weight", "0.bias", "2.weight", "2.bias"], layers["gradient"].Select(l => l.GetProperty("name").GetString()));
        Assert.Contains("2", layers["activation"].Select(l => l.GetProperty("name").GetString()));
        Assert.Equal(6, layers["gradient"].First().GetProperty("quantiles").GetArrayLength());
        Assert.All(layers.SelectMany(l => l), l => Assert.Equal(1, l.GetProperty("counts").EnumerateArray().Sum(c => c.GetDouble()), 3));
        var card = run.GetProperty("cards")[0];
        Assert.Matches(@"^\d+ %, true [012]$", card.GetProperty("title").GetString());
        Assert.Matches("^[012]$", card.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Stop_ends_the_run_in_order_and_leaves_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var (hold, page, checkpoints) = (new Hold(5), new LivePage(), new Checkpoints(folder.Path));
        var trainer = Blobs.Trainer(hold, page, checkpoints);
        var run = Task.Run(() => trainer.Fit(Blobs.Train(), Blobs.Validation(), 50));
        await hold.Reached;
        using var events = await Events.OpenAsync(page.Address!);
        int number = (await events.UntilAsync(r => r.GetProperty("state").GetString() == "Running")).GetProperty("run").GetInt32();
        var answer = await Ask.PostAsync(page.Address!, $"/runs/{number}/stop");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.True((await events.UntilAsync(_ => true)).GetProperty("stopping").GetBoolean());
        hold.Go();
        var history = await run;

        Assert.Equal(TrainingEnd.Stopped, history.End);
        Assert.Equal("from the live page", history.Reason);
        Assert.Equal(5, trainer.Step);
        Assert.NotNull(checkpoints.Last);
        var end = await events.UntilAsync(r => r.GetProperty("state").GetString() == "Stopped");
        Assert.False(end.GetProperty("stopping").GetBoolean());
        Assert.Null(await events.NextAsync());                  // the server says goodbye, and closes
        await Assert.ThrowsAsync<HttpRequestException>(() => Ask.SendAsync(HttpMethod.Get, page.Address!, "/"));
        Assert.Equal(5, Resumed(folder.Path));
    }

    [Fact]
    public async Task A_checkpoint_is_saved_after_the_step_in_which_it_was_asked_for()
    {
        using var folder = new TemporaryFolder();
        var (hold, after, page, checkpoints) = (new Hold(3), new Hold(4), new LivePage(), new Checkpoints(folder.Path));
        var trainer = Blobs.Trainer(hold, after, page, checkpoints);
        var run = Task.Run(() => trainer.Fit(Blobs.Train(), null, 1));
        await hold.Reached;
        Assert.Null(checkpoints.Last);
        using var events = await Events.OpenAsync(page.Address!);
        int number = (await events.UntilAsync(r => r.GetProperty("state").GetString() == "Running")).GetProperty("run").GetInt32();
        Assert.Equal(HttpStatusCode.Accepted, (await Ask.PostAsync(page.Address!, $"/runs/{number}/checkpoint")).StatusCode);
        hold.Go();
        await after.Reached;
        Assert.Equal(3, Resumed(folder.Path));
        after.Go();
        await run;
        Assert.Equal(TrainingEnd.Completed, trainer.History.End);
    }

    [Fact]
    public async Task A_run_without_checkpoints_refuses_to_save_and_an_ended_one_to_stop()
    {
        using var page = new LivePage { KeepOpen = true };
        var hold = new Hold(1);
        var run = Task.Run(() => Blobs.Trainer(hold, page).Fit(Blobs.Train(), null, 1));
        await hold.Reached;
        using var events = await Events.OpenAsync(page.Address!);
        int number = (await events.UntilAsync(r => r.GetProperty("state").GetString() == "Running")).GetProperty("run").GetInt32();
        Assert.Equal(HttpStatusCode.Conflict, (await Ask.PostAsync(page.Address!, $"/runs/{number}/checkpoint")).StatusCode);
        hold.Go();
        await run;
        await events.UntilAsync(r => r.GetProperty("state").GetString() == "Completed");
        Assert.Equal(HttpStatusCode.Conflict, (await Ask.PostAsync(page.Address!, $"/runs/{number}/stop")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Ask.PostAsync(page.Address!, "/runs/999999/stop")).StatusCode);
    }

    [Fact]
    public async Task Runs_of_one_process_are_side_by_side_on_one_page()
    {
        var (first, second) = (new Hold(2), new Hold(2));
        using var a = new LivePage { Title = "first" };
        using var b = new LivePage { Title = "second" };
        var runs = new[] { (first, a), (second, b) }
            .Select(r => Task.Run(() => Blobs.Trainer(r.Item1, r.Item2).Fit(Blobs.Train(), null, 1))).ToArray();
        await first.Reached;
        await second.Reached;
        Assert.Equal(a.Address, b.Address);
        using var events = await Events.OpenAsync(a.Address!);
        var names = (await events.NextAsync())!.Value.GetProperty("runs").EnumerateArray()
            .Where(r => r.GetProperty("state").GetString() == "Running").Select(r => r.GetProperty("name").GetString());
        Assert.Equal(["first", "second"], names.Order());
        // The page stays for the second when the first is over.
        first.Go();
        await runs[0];
        await events.UntilAsync(r => r.GetProperty("state").GetString() == "Completed");
        Assert.Equal(HttpStatusCode.OK, (await Ask.SendAsync(HttpMethod.Get, b.Address!, "/")).StatusCode);
        second.Go();
        await Task.WhenAll(runs);
        await events.UntilAsync(r => r.TryGetProperty("state", out var state) && state.GetString() == "Completed");
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task A_later_run_is_found_at_the_same_address_beside_the_earlier_one()
    {
        var page = new LivePage { Title = "earlier" };
        Blobs.Trainer(page).Fit(Blobs.Train(), null, 1);
        using var later = new LivePage { Title = "later", KeepOpen = true };
        Blobs.Trainer(later).Fit(Blobs.Train(), null, 1);
        Assert.Equal(page.Address, later.Address);
        using var events = await Events.OpenAsync(later.Address!);
        var names = (await events.NextAsync())!.Value.GetProperty("runs").EnumerateArray().Select(r => r.GetProperty("name").GetString());
        Assert.Contains("earlier", names);
        Assert.Contains("later", names);
    }

    [Fact]
    public async Task A_run_that_fails_says_so_and_closes_the_page()
    {
        var hold = new Hold(2) { Error = new InvalidDataException("the disk is on fire") };
        var page = new LivePage();
        var run = Task.Run(() => Blobs.Trainer(hold, page).Fit(Blobs.Train(), null, 1));
        await hold.Reached;
        using var events = await Events.OpenAsync(page.Address!);
        hold.Go();
        var end = await events.UntilAsync(r => r.GetProperty("state").GetString() == "Failed");
        Assert.Equal("the disk is on fire", end.GetProperty("reason").GetString());
        await Assert.ThrowsAsync<InvalidDataException>(() => run);
        Assert.Null(await events.NextAsync());
    }

    [Fact]
    public async Task A_run_that_goes_on_is_the_same_run_on_the_page()
    {
        using var page = new LivePage { KeepOpen = true, Title = "twice" };
        var trainer = Blobs.Trainer(page);
        trainer.Fit(Blobs.Train(), null, 1);
        trainer.Fit(Blobs.Train(), null, 3);
        await page.Board!.DrainAsync();
        using var events = await Events.OpenAsync(page.Address!);
        var runs = (await events.NextAsync())!.Value.GetProperty("runs").EnumerateArray()
            .Where(r => r.GetProperty("name").GetString() == "twice").ToArray();
        Assert.Equal([1, 2, 3], Assert.Single(runs).GetProperty("epochs").EnumerateArray().Select(e => e.GetProperty("epoch").GetInt32()));
    }

    [Fact]
    public async Task A_resumed_run_brings_what_came_before()
    {
        using var folder = new TemporaryFolder();
        Blobs.Trainer(new Checkpoints(folder.Path)).Fit(Blobs.Train(), null, 2);
        using var page = new LivePage { KeepOpen = true, Title = "resumed" };
        var trainer = Blobs.Trainer(page, new Checkpoints(folder.Path));
        Assert.True(trainer.Resume(folder.Path));
        trainer.Fit(Blobs.Train(), null, 3);
        await page.Board!.DrainAsync();
        using var events = await Events.OpenAsync(page.Address!);
        var run = await events.UntilAsync(r => r.GetProperty("name").GetString() == "resumed");
        Assert.Equal(3, run.GetProperty("epochs").GetArrayLength());
        Assert.Equal(3 * Blobs.Batches, run.GetProperty("points").EnumerateArray().Sum(p => p[2].GetInt32()));
    }

    [Fact]
    public void A_port_that_is_taken_is_a_clear_error()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var page = new LivePage(port);
        var error = Assert.Throws<IOException>(() => Blobs.Trainer(page).Fit(Blobs.Train(), null, 1));
        Assert.StartsWith($"[live] port {port} cannot be opened:", error.Message);
        Assert.EndsWith("new LivePage() takes a free one.", error.Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new LivePage(70000));
    }

    [Fact]
    public async Task A_page_shows_one_run_at_a_time()
    {
        using var page = new LivePage();
        var hold = new Hold(1);
        var run = Task.Run(() => Blobs.Trainer(hold, page).Fit(Blobs.Train(), null, 1));
        await hold.Reached;
        Assert.Throws<InvalidOperationException>(() => Blobs.Trainer(page).Fit(Blobs.Train(), null, 1));
        hold.Go();
        await run;
    }

    [Fact]
    public async Task Dispose_and_Wait_are_safe_in_every_state()
    {
        var page = new LivePage { KeepOpen = true };
        page.Dispose();
        page.Wait();                                            // nothing is open
        var hold = new Hold(1);
        var trainer = Blobs.Trainer(hold, page);
        var run = Task.Run(() => trainer.Fit(Blobs.Train(), Blobs.Validation(), 2));
        await hold.Reached;
        page.Dispose();                                         // in the middle of a run, which goes on
        page.Dispose();
        hold.Go();
        await run;
        Assert.Equal(TrainingEnd.Completed, trainer.History.End);

        trainer.Fit(Blobs.Train(), Blobs.Validation(), 3);      // opens it again
        var waiting = Task.Run(() => page.Wait());
        Assert.Equal(HttpStatusCode.Accepted, (await Ask.PostAsync(page.Address!, "/close")).StatusCode);
        await waiting.WaitAsync(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAsync<HttpRequestException>(() => Ask.SendAsync(HttpMethod.Get, page.Address!, "/"));

        trainer.Fit(Blobs.Train(), Blobs.Validation(), 4);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        page.Wait(cancelled.Token);
        await Assert.ThrowsAsync<HttpRequestException>(() => Ask.SendAsync(HttpMethod.Get, page.Address!, "/"));
    }

    [Fact]
    public void Training_posts_ten_times_a_second_at_most_however_fast_its_steps_and_epochs_are()
    {
        var clock = new ManualClock();
        using var page = new LivePage { Clock = clock, KeepOpen = true };
        var trainer = Blobs.Trainer(new Tick(clock, TimeSpan.FromMilliseconds(1)), page);
        trainer.Fit(Blobs.Train(), Blobs.Validation(), 100);    // 800 steps of a millisecond
        long before = page.Board!.Posted;
        trainer.Fit(Blobs.Train(), Blobs.Validation(), 200);
        Assert.InRange(page.Board.Posted - before, 7, 10);      // one at each end, and one a tenth of a second
    }

    [Fact]
    public async Task Gradients_are_sampled_every_two_seconds_at_most()
    {
        var clock = new ManualClock();
        using var page = new LivePage { Clock = clock, KeepOpen = true, Title = "seldom" };
        Blobs.Trainer(new Tick(clock, TimeSpan.FromMilliseconds(20)), page).Fit(Blobs.Train(), null, 50);       // eight seconds
        await page.Board!.DrainAsync();
        using var events = await Events.OpenAsync(page.Address!);
        var run = await events.UntilAsync(r => r.GetProperty("name").GetString() == "seldom");
        var layer = run.GetProperty("layers").EnumerateArray().First(l => l.GetProperty("name").GetString() == "0.weight");
        Assert.Equal(4, layer.GetProperty("quantiles").GetArrayLength());
    }

    private static long Resumed(string folder)
    {
        var trainer = Blobs.Trainer(new Checkpoints(folder));
        Assert.True(trainer.Resume(folder));
        return trainer.Step;
    }

    private sealed class Tick(ManualClock clock, TimeSpan time) : Callback
    {
        protected override int Order => -1;

        protected override void OnStepEnd(Trainer trainer, in StepRecord step) => clock.Advance(time);
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("deepnet-live-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
