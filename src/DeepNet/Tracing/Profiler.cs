using DeepNet.IO;

namespace DeepNet;

/// <summary>
/// Measures where the time of a program goes: by operator and by module, forward and backward apart, with the calculations and bytes of
/// each.
/// </summary>
/// <remarks>
/// It listens to the thread that it was made on, until it is disposed of. Kernels are timed one by one, so a profiled step is a little
/// slower than another one, most of all where tensors are tiny. Devices that work on their own are waited for after each kernel unless
/// <see cref="ProfilerOptions.Waits"/> says otherwise: without that, their times are those of asking.
/// </remarks>
/// <example><code>
/// using var profiler = Profiler.Record();
/// Loss.CrossEntropy(model.Forward(x), y).Backward();
/// optimizer.Step();
/// Console.WriteLine(profiler.Table());
/// profiler.SaveChromeTrace("step.json");      // for chrome://tracing or ui.perfetto.dev
/// </code></example>
public sealed class Profiler : IDisposable
{
    private readonly ProfileRecorder recorder;
    private readonly ProfilerOptions options;
    private bool isEnded;

    private Profiler(ProfilerOptions options)
    {
        this.options = options;
        recorder = new ProfileRecorder(options.Waits);
        recorder.Attach(ThreadContext.Current);
    }

    /// <summary>Begins to listen to this thread.</summary>
    /// <param name="options">The settings; null for the defaults.</param>
    public static Profiler Record(ProfilerOptions? options = null) => new(options ?? new());

    /// <summary>Gets the operators, the slowest first. What an operator is made of counts for its total, and not for it itself.</summary>
    public IReadOnlyList<ProfileRow> Operators => ProfileRows.ByOperator(recorder.Spans, options.Limits);

    /// <summary>
    /// Gets the modules by path, those outside before those inside, and forward before backward. A module's total has all that is inside.
    /// </summary>
    public IReadOnlyList<ProfileRow> Modules => ProfileRows.ByModule(recorder.Spans, options.Limits);

    /// <summary>Gets the time that all operators took together.</summary>
    public TimeSpan Total => ProfileRows.Total(recorder.Spans);

    /// <summary>Returns both tables as text.</summary>
    /// <param name="rows">The most rows of operators.</param>
    public string Table(int rows = 30) => ProfileText.Of(this, rows);

    /// <summary>
    /// Saves every operator and kernel with its time as a file for chrome://tracing and ui.perfetto.dev. The name always holds a whole
    /// file.
    /// </summary>
    /// <param name="path">The file, usually named <c>*.json</c>.</param>
    public void SaveChromeTrace(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.Write(path, file => ChromeTrace.Write(file, recorder.Spans));
    }

    /// <summary>Stops listening. What was measured stays.</summary>
    public void Dispose()
    {
        if (isEnded) return;
        recorder.Detach(ThreadContext.Current);
        isEnded = true;
    }
}
