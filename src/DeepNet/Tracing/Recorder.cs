namespace DeepNet.Tracing;

/// <summary>
/// Somebody who is told what a thread does: which operators its program applies, and which kernels devices are asked for. Attach it with
/// <see cref="Recording.Begin"/>.
/// </summary>
/// <remarks>
/// Two kinds of event, for two kinds of reader. <see cref="Applied"/> tells what the program said: an exporter or a picture keeps the
/// events of depth 0 and follows their tensors, which are the identity of values. A tensor that no event made is an input, a parameter or a
/// constant; the reader knows the first two and reads the third. Views record too (<c>reshape</c>, <c>permute</c>, <c>slice</c>…), and so
/// do
/// <c>detach</c> and <c>clone</c>, so that no value changes its identity unseen.
/// <see cref="Ran"/> tells what a device did for it: profiles and replays read that, where layouts and fusions are decided already.
/// <example><code>
/// sealed class Exporter : Recorder
/// {
///     public List&lt;OperatorEvent> Steps { get; } = [];
///     public override void Applied(OperatorEvent step) { if (step.Depth == 0) Steps.Add(step); }
/// }
/// var exporter = new Exporter();
/// using (Autograd.NoGrad())
/// using (Recording.Begin(exporter)) y = model.Forward(x);
/// foreach (var step in exporter.Steps)
///     switch (step.Operator) { case Affine affine: …; case Relu: …; case AxisMap map: …; }
/// </code></example>
/// </remarks>
internal abstract class Recorder : Listener
{
    /// <summary>Gets a value that is true to have devices that work on their own waited for after each kernel, to know its time.</summary>
    public virtual bool Waits => false;

    /// <summary>Called when an operator begins, or the derivative of one.</summary>
    /// <param name="name">The operator.</param>
    /// <param name="path">The module that it ran in; null outside of modules.</param>
    /// <param name="isBackward">True for a derivative.</param>
    public virtual void Enter(string name, string? path, bool isBackward) { }

    /// <summary>Called when it ends, also with an error.</summary>
    public virtual void Leave() { }

    /// <summary>Called when an operator was applied.</summary>
    public virtual void Applied(OperatorEvent step) { }

    /// <summary>Called when a kernel has run.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="start">The time when it began, a <see cref="System.Diagnostics.Stopwatch.GetTimestamp"/>.</param>
    /// <param name="end">The time when it ended.</param>
    public virtual void Ran(Kernel kernel, long start, long end) { }

    /// <summary>Called when something was looked at whose state decides what happens; see <see cref="IGuarded"/>.</summary>
    public virtual void Looked(IGuarded at) { }

    /// <summary>Called when something changed beside the kernels, with an action that does it again.</summary>
    public virtual void Changed(Action again) { }

    /// <summary>Called when what is guarded gets memory of its own, so that what was recorded holds no longer.</summary>
    public virtual void Replaced(IGuarded at) { }

    /// <summary>
    /// Gets a value that is true if the recorder wants to run the calls itself that <see cref="Recording.TakesOver"/> offers.
    /// </summary>
    public virtual bool RepeatsCalls => false;

    /// <summary>Called with a call that is to be run as it is: now, and each time the recording is repeated.</summary>
    public virtual void Call(string name, Action action) => action();

    /// <summary>Puts this recorder in front of those of a thread.</summary>
    public void Attach(ThreadContext thread)
    {
        Outer = thread.Listener;
        thread.Listener = this;
        TurnOn();
    }

    /// <summary>Takes it away again.</summary>
    public void Detach(ThreadContext thread)
    {
        if (thread.Listener != this)
            throw new InvalidOperationException("A recording was ended on another thread than it was begun on, or before one inside it. "
                + "Use 'using' within one synchronous method.");
        thread.Listener = Outer;
        Outer = null;
        TurnOff();
    }
}
