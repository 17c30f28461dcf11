using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace DeepNet.Hosting.Predicting;

/// <summary>
/// A thread that owns the model: it makes it, takes batches from the queue, and lets go of it at the end. New weights are loaded into a new
/// model elsewhere, which the thread takes over between two batches.
/// </summary>
internal sealed class BatchPredictor<TIn, TRow, TOut> : Predictor, IPredictor<TIn, TOut>, IAsyncDisposable, IDisposable
{
    private static readonly ActivitySource Activities = new(PredictorTelemetry.ActivitySourceName);

    private readonly ModelUse<TIn, TRow, TOut> use;
    private readonly IReadOnlyList<TIn> examples;
    private readonly IServiceProvider services;
    private readonly PredictorMetrics metrics;
    private readonly ILogger log;
    private readonly RequestQueue<TRow, TOut> queue;
    private readonly SemaphoreSlim reloading = new(1);
    private readonly TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LoadedModel? model;
    private Exchange? next;

    public BatchPredictor(string name, PredictorOptions options, ModelUse<TIn, TRow, TOut> use, IReadOnlyList<TIn> examples,
        IServiceProvider services, PredictorMetrics metrics, ILoggerFactory loggers) : base(name, options)
    {
        (this.use, this.examples, this.services, this.metrics) = (use, examples, services, metrics);
        log = loggers.CreateLogger(Log.Category);
        queue = new(name, options.QueueCapacity);
        metrics.Observe(this);
        new Thread(Run) { IsBackground = true, Name = $"predictor {name}" }.UnsafeStart();      // it belongs to no request
    }

    public override int Waiting => queue.Count;

    public override Task Ready => ready.Task;

    public override bool IsOpen => !queue.IsClosed;

    public async Task<TOut> PredictAsync(TIn input, CancellationToken cancellationToken = default)
    {
        using var activity = Activities.StartActivity("predict");
        activity?.SetTag("deepnet.predictor", Name);
        long start = Stopwatch.GetTimestamp();
        string outcome = "error";
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            var request = new Request<TRow, TOut>(Prepare(input), activity?.Context);
            Add(request);
            TOut output;
            using (cancellationToken.UnsafeRegister((r, token) => Cancel((Request<TRow, TOut>)r!, token), request))
                output = await request.Task.ConfigureAwait(false);
            outcome = "ok";
            return output;
        }
        catch (PredictorBusyException)
        {
            outcome = "busy";
            throw;
        }
        catch (OperationCanceledException)
        {
            outcome = "cancelled";
            throw;
        }
        finally
        {
            metrics.Request(Name, outcome, Stopwatch.GetElapsedTime(start));
            if (outcome is not "ok") activity?.SetStatus(ActivityStatusCode.Error, outcome);
        }
    }

    public override async Task ReloadAsync(CancellationToken cancellationToken = default)
    {
        await reloading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Ready.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (!IsOpen) throw Gone();
            long start = Stopwatch.GetTimestamp();
            var exchange = new Exchange(await Task.Run(MakeWarm, cancellationToken).ConfigureAwait(false));
            Volatile.Write(ref next, exchange);
            queue.Wake();
            if (await Task.WhenAny(exchange.Done.Task, ended.Task).ConfigureAwait(false) == ended.Task)
            {
                Interlocked.Exchange(ref next, null)?.Model.Dispose();
                throw Gone();
            }
            var old = await exchange.Done.Task.ConfigureAwait(false);
            await Task.Run(old.Release, CancellationToken.None).ConfigureAwait(false);
            ReloadError = null;
            metrics.Reload(Name, "ok");
            Log.Reloaded(log, Name, Milliseconds(start));
        }
        catch (Exception e) when (e is not (OperationCanceledException or ObjectDisposedException))
        {
            ReloadError = e;
            metrics.Reload(Name, "error");
            Log.NotReloaded(log, e, Name);
            throw;
        }
        finally
        {
            reloading.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Close(Gone());
        try
        {
            await ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            FailWaiting();
        }
    }

    /// <summary>Ends at once: requests that wait get an error, those that are being computed their outputs.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Close(Gone());
        FailWaiting();
        await ended.Task.ConfigureAwait(false);
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private TRow Prepare(TIn input)
    {
        try
        {
            return use.Prepare(input);
        }
        catch (Exception e)
        {
            throw new PredictorInputException(Name, e);
        }
    }

    private void Add(Request<TRow, TOut> request)
    {
        try
        {
            queue.Add(request);
        }
        catch
        {
            request.Release();
            throw;
        }
    }

    private void Cancel(Request<TRow, TOut> request, CancellationToken token)
    {
        if (queue.Remove(request)) request.Release();
        request.Cancel(token);
    }

    private void FailWaiting()
    {
        foreach (var request in queue.Empty())
        {
            request.Release();
            request.Fail(Gone());
        }
    }

    private ObjectDisposedException Gone() => new(Name, $"[predictor '{Name}'] the application ends: the predictor was stopped.");

    private void Run()
    {
        try
        {
            long start = Stopwatch.GetTimestamp();
            model = MakeWarm();
            Log.Ready(log, Name, Milliseconds(start), model.Module.GetType().Name, model.Module.ParameterCount);
            ready.SetResult();
            var batch = new List<Request<TRow, TOut>>();
            while (queue.Take(batch, Options.MaxBatchSize, Options.MaxDelay))
            {
                if (Interlocked.Exchange(ref next, null) is { } exchange)
                {
                    var old = model;
                    model = exchange.Model;
                    exchange.Done.SetResult(old);
                }
                if (batch.Count > 0) Compute(model, batch);
            }
            Log.Stopped(log, Name);
        }
        catch (Exception e) when (!ready.Task.IsCompleted)
        {
            Log.NotStarted(log, e, Name);
            queue.Close(e);
            foreach (var request in queue.Empty())
            {
                request.Release();
                request.Fail(e);
            }
            ready.SetException(e);
        }
        finally
        {
            metrics.Forget(this);
            model?.Dispose();
            Interlocked.Exchange(ref next, null)?.Model.Dispose();
            ended.SetResult();
        }
    }

    /// <summary>
    /// Makes the model and computes the examples, one alone and a whole batch, so that no request waits for what is done once.
    /// </summary>
    private LoadedModel MakeWarm()
    {
        var made = LoadedModel.Make(() => use.Make(services), Options.WeightsPath, model);
        try
        {
            foreach (var example in examples)
                foreach (int size in (int[])[1, Options.MaxBatchSize]) WarmUp(made, example, size);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    private void WarmUp(LoadedModel model, TIn example, int size)
    {
        TRow[] rows = [.. Enumerable.Range(0, size).Select(_ => use.Prepare(example))];
        Compute(model, rows);
        foreach (var row in rows) (row as IDisposable)?.Dispose();
    }

    private void Compute(LoadedModel model, List<Request<TRow, TOut>> batch)
    {
        using var activity = Activities.StartActivity("predict batch", ActivityKind.Internal, default(ActivityContext),
            links: batch[0].Caller is null ? null : batch.Where(r => r.Caller is not null).Select(r => new ActivityLink(r.Caller!.Value)));
        activity?.SetTag("deepnet.predictor", Name).SetTag("deepnet.batch.size", batch.Count);
        long start = Stopwatch.GetTimestamp();
        try
        {
            var outputs = Compute(model, [.. batch.Select(r => r.Row)]);
            for (int i = 0; i < outputs.Count; i++) batch[i].Complete(outputs[i]);
        }
        catch (Exception e)
        {
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            Log.BatchFailed(log, e, Name, batch.Count);
            foreach (var request in batch) request.Fail(e);
        }
        foreach (var request in batch) request.Release();
        metrics.Batch(Name, batch.Count, Stopwatch.GetElapsedTime(start));
    }

    private IReadOnlyList<TOut> Compute(LoadedModel model, TRow[] rows)
    {
        using var scope = Memory.Scope();
        using var noGrad = Autograd.NoGrad();
        var outputs = use.Compute(model, rows);
        if (outputs.Count != rows.Length)
            throw new InvalidOperationException(
                $"[predictor '{Name}'] {outputs.Count} outputs were made of a batch of {rows.Length} inputs: "
                    + "there has to be one for each.");
        return outputs;
    }

    private static long Milliseconds(long start) => (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    /// <summary>A model to be taken over, for the one that is given back.</summary>
    private sealed record Exchange(LoadedModel Model)
    {
        public TaskCompletionSource<LoadedModel> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
