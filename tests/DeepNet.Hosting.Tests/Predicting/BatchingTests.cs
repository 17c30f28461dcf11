using DeepNet.Hosting.Tests.Support;
using DeepNet.Nn;
using Microsoft.Extensions.DependencyInjection;

namespace DeepNet.Hosting.Tests.Predicting;

/// <summary>Tests the batches that requests are computed in, their order, and the answers to their callers.</summary>
public class BatchingTests
{
    private static readonly TimeSpan Ever = TimeSpan.FromHours(1);

    private static void Of(PredictorOptions options, int most, TimeSpan delay)
        => (options.MaxBatchSize, options.MaxDelay) = (most, delay);

    private static Task<float>[] Ask(IPredictor<float, float> predictor, int count, float from = 0)
        => [.. Enumerable.Range(0, count).Select(i => predictor.PredictAsync(from + i))];

    private static void Equal<T>(T[] expected, T[] actual) => Assert.Equal(expected, actual);

    /// <summary>A model that forgets the axis of the batch.</summary>
    private sealed class Total : Module
    {
        public override Tensor Forward(Tensor x) => x.Sum();
    }

    [Fact]
    public async Task A_full_batch_does_not_wait()
    {
        var model = new Gate { Weight = 100 }.Open();
        await using var app = await Application.StartAsync(model, o => Of(o, 4, Ever));
        Equal([100, 101, 102, 103], await Task.WhenAll(Ask(app.Predictor, 4)));
        Assert.Equal([0, 1, 2, 3], Assert.Single(model.Batches));
    }

    [Fact]
    public async Task A_batch_that_is_not_full_goes_when_its_first_input_has_waited()
    {
        var model = new Gate().Open();
        await using var app = await Application.StartAsync(model, o => Of(o, 1000, TimeSpan.FromMilliseconds(30)));
        Equal([0, 1, 2], await Task.WhenAll(Ask(app.Predictor, 3)));
        Assert.Equal(3, model.Batches.Sum(b => b.Length));
    }

    [Fact]
    public async Task What_comes_while_a_batch_is_computed_makes_the_next_ones_in_order()
    {
        var model = new Gate { Weight = 1 };
        await using var app = await Application.StartAsync(model, o => Of(o, 4, TimeSpan.Zero));
        var first = app.Predictor.PredictAsync(50);
        await model.EnteredAsync();
        var others = Ask(app.Predictor, 10);
        model.Open();
        Assert.Equal(51, await first);
        Assert.Equal(Enumerable.Range(1, 10).Select(i => (float)i), await Task.WhenAll(others));
        Assert.Equal([[50], [0, 1, 2, 3], [4, 5, 6, 7], [8, 9]], model.Batches);
    }

    [Fact]
    public async Task Many_threads_get_each_their_own_answer()
    {
        var model = new Gate { Weight = 0.5f }.Open();
        await using var app = await Application.StartAsync(model, o => Of(o, 16, TimeSpan.FromMilliseconds(1)));
        await Task.WhenAll(Enumerable.Range(0, 32).Select(client => Task.Run(async () =>
        {
            for (int i = 0; i < 50; i++)
                Assert.Equal(client * 1000 + i + 0.5f, await app.Predictor.PredictAsync(client * 1000 + i));
        })));
        Assert.Equal(1600, model.Batches.Sum(b => b.Length));
        Assert.All(model.Batches, b => Assert.InRange(b.Length, 1, 16));
    }

    [Fact]
    public async Task A_request_that_waits_can_be_taken_back()
    {
        var model = new Gate();
        await using var app = await Application.StartAsync(model, o => Of(o, 8, TimeSpan.Zero));
        var first = app.Predictor.PredictAsync(1);
        await model.EnteredAsync();
        using var cancel = new CancellationTokenSource();
        var (kept, withdrawn) = (app.Predictor.PredictAsync(2), app.Predictor.PredictAsync(3, cancel.Token));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withdrawn);
        Assert.True(withdrawn.IsCanceled);
        model.Open();
        Equal([1, 2], [await first, await kept]);
        Assert.Equal([[1], [2]], model.Batches);            // the model never saw it
    }

    [Fact]
    public async Task A_caller_that_leaves_a_batch_that_is_computed_is_free_at_once()
    {
        var model = new Gate();
        await using var app = await Application.StartAsync(model, o => Of(o, 2, Ever));
        using var cancel = new CancellationTokenSource();
        var (stays, leaves) = (app.Predictor.PredictAsync(1), app.Predictor.PredictAsync(2, cancel.Token));
        await model.EnteredAsync();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaves);
        Assert.False(stays.IsCompleted);
        model.Open();
        Assert.Equal(1, await stays);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.Predictor.PredictAsync(1, cancel.Token));
    }

    [Fact]
    public async Task More_than_the_queue_holds_are_refused_and_those_in_it_are_not()
    {
        var model = new Gate();
        await using var app = await Application.StartAsync(model, o =>
        {
            Of(o, 2, TimeSpan.Zero);
            o.QueueCapacity = 3;
        });
        var first = app.Predictor.PredictAsync(10);
        await model.EnteredAsync();
        using var cancel = new CancellationTokenSource();
        var waiting = Ask(app.Predictor, 2);
        var withdrawn = app.Predictor.PredictAsync(9, cancel.Token);
        var e = await Assert.ThrowsAsync<PredictorBusyException>(() => app.Predictor.PredictAsync(4));
        Assert.Contains("'adder'", e.Message, StringComparison.Ordinal);
        Assert.Contains("3 requests wait already", e.Message, StringComparison.Ordinal);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withdrawn);
        var late = app.Predictor.PredictAsync(5);           // there is a place again
        model.Open();
        Equal([10, 0, 1, 5], [await first, .. await Task.WhenAll(waiting), await late]);
    }

    [Fact]
    public async Task An_error_of_the_model_reaches_the_callers_of_its_batch_and_nobody_else()
    {
        var model = new Gate { Failure = numbers => numbers.Contains(2) ? new InvalidOperationException("no twos") : null };
        await using var app = await Application.StartAsync(model, o => Of(o, 2, TimeSpan.Zero));
        var first = app.Predictor.PredictAsync(7);
        await model.EnteredAsync();
        var others = Ask(app.Predictor, 6);
        model.Open();
        Assert.Equal(7, await first);
        for (int i = 0; i < 6; i++)
        {
            if (i is 2 or 3) Assert.Equal("no twos", (await Assert.ThrowsAsync<InvalidOperationException>(() => others[i])).Message);
            else Assert.Equal(i, await others[i]);
        }
        Assert.Equal(8, await app.Predictor.PredictAsync(8));
        Assert.Contains("Error: Predictor adder failed on a batch of 2, whose callers get the error (no twos)", app.Log.Lines);
    }

    [Fact]
    public async Task An_input_that_cannot_be_read_or_is_unlike_the_others_is_the_mistake_of_its_caller_alone()
    {
        var model = new Gate();
        for (int i = 0; i < 2; i++) model.Pass();           // to warm up
        await using var app = await Application.StartAsync(services => services.AddPredictor<float[], float>(
            "adder", _ => model, x => x.Length == 3 ? throw new FormatException("three") : x, y => y[0], o => Of(o, 2, TimeSpan.Zero))
            .WarmUp([1, 2]));
        for (int i = 0; i < 2; i++) await model.EnteredAsync();
        var predictor = app.Services.GetRequiredService<IPredictor<float[], float>>();
        var good = predictor.PredictAsync([5, 6]);
        await model.EnteredAsync();
        var e = await Assert.ThrowsAsync<PredictorInputException>(() => predictor.PredictAsync([1, 2, 3]));
        Assert.Equal("[predictor 'adder'] the input cannot be used: three", e.Message);
        Assert.IsType<FormatException>(e.InnerException);
        e = await Assert.ThrowsAsync<PredictorInputException>(() => predictor.PredictAsync([1]));
        Assert.Contains("it is float32 (1,), and those before it were float32 (2,)", e.Message, StringComparison.Ordinal);
        model.Open();
        Assert.Equal(5, await good);
    }

    [Fact]
    public async Task An_output_that_does_not_count_the_inputs_is_reported()
    {
        await using var app = await Application.StartAsync(services =>
        {
            services.AddPredictor<float, float>("sum", _ => new Total(), x => x, y => y[0]);
            services.AddPredictor<Module, int, int>("few", _ => new Total(), (_, some) => []);
        });
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => app.Predictor.PredictAsync(1));
        Assert.Contains("the first axis of its output has to count the inputs", e.Message, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<InvalidOperationException>(
            () => app.Services.GetRequiredService<IPredictor<int, int>>().PredictAsync(1));
        Assert.Contains("0 outputs were made of a batch of 1 inputs", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_function_of_whole_batches_sees_the_inputs_as_they_are()
    {
        await using var app = await Application.StartAsync(services => services.AddPredictor<Linear, string, int>(
            "lengths", _ => new Linear(1, 1), (_, texts) => [.. texts.Select(t => t.Length)], o => Of(o, 2, Ever)));
        var predictor = app.Services.GetRequiredService<IPredictor<string, int>>();
        Equal([3, 4], await Task.WhenAll(predictor.PredictAsync("one"), predictor.PredictAsync("four")));
    }

    [Fact]
    public async Task Memory_is_flat()
    {
        await using var app = await Application.StartAsync(services => services.AddPredictor<Tensor, float>(
            "net", _ => new Sequential(new Linear(64, 64, activation: new Relu()), new Linear(64, 1)), x => x, y => y[0],
            o => Of(o, 32, TimeSpan.Zero)));
        var predictor = app.Services.GetRequiredService<IPredictor<Tensor, float>>();
        using var x = Memory.Keep(Tensor.Ones(64));
        await Round();
        Memory.Reclaim();
        long live = Memory.LiveBytes;
        for (int i = 0; i < 20; i++) await Round();
        // Nothing is left to be reclaimed either.
        Assert.InRange(Memory.LiveBytes, 0, live);

        async Task Round() => await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => predictor.PredictAsync(x)));
    }
}
