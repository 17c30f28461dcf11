using System.Collections.Concurrent;
using DeepNet.Data;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests;

/// <summary>Training from an application with a thread that must not be blocked.</summary>
public class FitAsyncTests
{
    /// <summary>A user interface: one thread that does what is posted to it.</summary>
    private sealed class UserInterface : SynchronizationContext
    {
        private readonly BlockingCollection<(SendOrPostCallback Call, object? State)> posted = [];

        public override void Post(SendOrPostCallback d, object? state) => posted.Add((d, state));

        public override void Send(SendOrPostCallback d, object? state) => throw new InvalidOperationException("training waited for it");

        /// <summary>Runs a method on this thread until its task has ended.</summary>
        public static void Run(Func<UserInterface, Task> main)
        {
            var before = Current;
            var context = new UserInterface();
            SetSynchronizationContext(context);
            try
            {
                var task = main(context);
                task.ContinueWith(_ => context.posted.CompleteAdding(), TaskScheduler.Default);
                foreach (var (call, state) in context.posted.GetConsumingEnumerable()) call(state);
                task.GetAwaiter().GetResult();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }
    }

    [Fact]
    public void It_gives_the_bits_of_Fit_and_its_progress_arrives_on_the_thread_of_the_user_interface()
    {
        var expected = Small.Model();
        var reference = Small.Trainer(expected).Fit(Small.Train(), Small.Validation(), epochs: 3);

        var model = Small.Model();
        var reports = new List<TrainingProgress>();
        int training = 0, thread = Environment.CurrentManagedThreadId;
        History? history = null;
        UserInterface.Run(async _ =>
        {
            var trainer = Small.Trainer(model, new Probe { Step = (_, _) => training = Environment.CurrentManagedThreadId });
            var progress = new Progress<TrainingProgress>(p =>
            {
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                reports.Add(p);
            });
            history = await trainer.FitAsync(Small.Train(), Small.Validation(), epochs: 3, progress);
            Assert.Equal(thread, Environment.CurrentManagedThreadId);
        });

        Assert.Equal(Small.Weights(expected), Small.Weights(model));
        Assert.Equal(reference.StepLosses, history!.StepLosses);
        Assert.NotEqual(thread, training);
        Assert.Equal(1, reports[0].Step);
        var ended = reports.Where(p => p.Ended is not null).ToList();
        Assert.Equal(history.Epochs, ended.Select(p => p.Ended));
        Assert.Equal([1.0 / 3, 2.0 / 3, 1], ended.Select(p => p.Fraction));
        Assert.Equal(history.Last!["loss"], ended[^1].Loss);
        Assert.All(reports, p => Assert.Equal((3, Small.Batches), (p.Epochs, p.Batches)));
    }

    [Fact]
    public void The_user_interface_goes_on_in_the_middle_of_a_step()
    {
        // A step that waits for the user interface would never end if FitAsync blocked it.
        UserInterface.Run(async context =>
        {
            int clicks = 0;
            var trainer = Small.Trainer(Small.Model(), new Probe
            {
                Step = (_, _) =>
                {
                    using var clicked = new ManualResetEventSlim();
                    context.Post(_ =>
                    {
                        clicks++;
                        clicked.Set();
                    }, null);
                    Assert.True(clicked.Wait(TimeSpan.FromSeconds(60)));
                },
            });
            await trainer.FitAsync(Small.Train(), epochs: 2);
            Assert.Equal(2 * Small.Batches, clicks);
        });
    }

    [Fact]
    public async Task A_token_ends_it_in_order_and_it_goes_on_where_it_was()
    {
        using var folder = new Folder();
        var reference = Small.Model();
        Small.Trainer(reference).Fit(Small.Train(), epochs: 2);

        using var cancel = new CancellationTokenSource();
        var ends = new List<TrainingEnd>();
        var trainer = Small.Trainer(Small.Model(), new Checkpoints(folder.Path), new Probe
        {
            Step = (_, step) =>
            {
                if (step.Step == 5) cancel.Cancel();
            },
            End = t => ends.Add(t.History.End),
        });
        var fit = trainer.FitAsync(Small.Train(), epochs: 2, cancellationToken: cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fit);
        Assert.True(fit.IsCanceled);
        Assert.Equal((5, TrainingEnd.Interrupted), (trainer.Step, trainer.History.End));
        Assert.Equal([TrainingEnd.Interrupted], ends);

        var model = Small.Model();
        var second = Small.Trainer(model, new Checkpoints(folder.Path), new Probe());
        Assert.True(second.Resume(folder.Path));
        await second.FitAsync(Small.Train(), epochs: 2);
        Assert.Equal(Small.Weights(reference), Small.Weights(model));
    }

    [Fact]
    public async Task Mistakes_and_failures_are_those_of_the_task()
    {
        var trainer = Small.Trainer(Small.Model(), new Probe { Step = (_, _) => throw new InvalidOperationException("enough") });
        Assert.Equal("enough", (await Assert.ThrowsAsync<InvalidOperationException>(() => trainer.FitAsync(Small.Train()))).Message);
        Assert.Equal(TrainingEnd.Failed, trainer.History.End);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => trainer.FitAsync(Small.Train(), epochs: 0));
    }

    [Fact]
    public async Task A_second_run_of_the_trainer_is_refused_while_the_first_goes_on()
    {
        using var entered = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var trainer = Small.Trainer(Small.Model(), new Probe
        {
            Step = (_, _) =>
            {
                entered.Set();
                go.Wait();
            },
        });
        var first = trainer.FitAsync(Small.Train());
        entered.Wait();
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => trainer.FitAsync(Small.Train()));
        Assert.Contains("runs on another thread", e.Message, StringComparison.Ordinal);
        go.Set();
        await first;
    }

    [Fact]
    public async Task Batches_of_another_type_are_trained_on_too()
    {
        var model = Small.Model();
        var trainer = new Trainer<Batch>(model, new Optim.Adam(model.Parameters()), b => new(Nn.Loss.CrossEntropy(model.Forward(b.X), b.Y)))
        {
            Progress = ProgressStyle.None,
        };
        await trainer.FitAsync(Small.Train(), epochs: 2);
        Assert.Equal(16, trainer.Step);
    }
}
