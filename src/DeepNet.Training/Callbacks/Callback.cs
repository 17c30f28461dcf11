using DeepNet.Data;

namespace DeepNet.Training;

/// <summary>
/// Something that looks on while a model is trained, and may stop it or write things down. Override what is needed; every method does
/// nothing by itself. Callbacks are called in the order in which they were given.
/// </summary>
/// <remarks>
/// What must survive a break of the run goes through <see cref="Save"/> and <see cref="Load"/>; a run that is resumed is then the same to
/// the last bit. Methods are called on the thread that called <see cref="Trainer.Fit"/>, outside of memory scopes unless it says otherwise.
/// </remarks>
public abstract class Callback
{
    /// <summary>The name its state is saved under; two of one kind in a trainer need different ones.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>
    /// Gets the place among callbacks of one event, smallest first. A callback that saves the state of others comes after them.
    /// </summary>
    protected internal virtual int Order => 0;

    /// <summary>
    /// Gets a value that is true if the callback is for one process of several, as one that writes a file is. The others, such as one that
    /// ends the run by a figure, are called in each.
    /// </summary>
    protected internal virtual bool IsForMain => false;

    /// <summary>A run begins or goes on: <see cref="Trainer.Step"/> tells which. Files are opened here.</summary>
    protected internal virtual void OnFitStart(Trainer trainer) { }

    /// <summary>An epoch begins; not called again for one that is resumed in the middle.</summary>
    protected internal virtual void OnEpochStart(Trainer trainer, int epoch) { }

    /// <summary>
    /// The gradients of a step are there, and were not clipped yet. Inside the step's memory scope: keep tensors with
    /// <see cref="Memory.Keep"/>.
    /// </summary>
    protected internal virtual void OnGradients(Trainer trainer) { }

    /// <summary>The optimizer has taken a step.</summary>
    protected internal virtual void OnStepEnd(Trainer trainer, in StepRecord step) { }

    /// <summary>
    /// A batch of inputs and targets of the validation part was computed, within <see cref="Trainer.Fit"/>. Inside a memory scope: keep
    /// tensors with
    /// <see cref="Memory.Keep"/>.
    /// </summary>
    protected internal virtual void OnValidationBatch(Trainer trainer, Batch batch, in StepOutput output) { }

    /// <summary>An epoch and its validation are done.</summary>
    protected internal virtual void OnEpochEnd(Trainer trainer, EpochRecord epoch) { }

    /// <summary>
    /// The run is over, in whatever way: <see cref="History.End"/> of <see cref="Trainer.History"/> tells. Files are closed here.
    /// </summary>
    protected internal virtual void OnFitEnd(Trainer trainer) { }

    /// <summary>Puts into a checkpoint what must be known to go on.</summary>
    protected internal virtual void Save(CallbackState state) { }

    /// <summary>
    /// Takes it over again, before <see cref="OnFitStart"/>. Not called for a checkpoint that knows nothing of this callback.
    /// </summary>
    protected internal virtual void Load(CallbackState state) { }
}
