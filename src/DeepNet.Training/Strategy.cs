using DeepNet.Data;

namespace DeepNet.Training;

/// <summary>
/// How the steps of a trainer are shared among processes. The package DeepNet.Distributed has the one for data-parallel training; a trainer
/// without one computes everything itself.
/// </summary>
public abstract class Strategy
{
    internal Strategy() { }

    /// <summary>Gets the number of this process, from 0.</summary>
    public abstract int Rank { get; }

    /// <summary>Gets the number of processes.</summary>
    public abstract int Size { get; }

    /// <summary>Gets which parts of each batch this process computes.</summary>
    public abstract LoaderShard Shard { get; }

    /// <summary>Gets or sets what the other processes do next together, and wait for this one to do.</summary>
    internal Meeting Next { get; set; }

    /// <summary>Gets or sets what comes after the step that goes on.</summary>
    internal Meeting After { get; set; }

    /// <summary>
    /// Gets or sets the reasons for which this process wants to end the run: after the present step, or as an interruption.
    /// </summary>
    internal (Func<string?> Stop, Func<string?> Interruption) Wishes { get; set; } = (() => null, () => null);

    /// <summary>Gets the reason for which all end the run after the present step or epoch; null to go on.</summary>
    internal string? AgreedStop { get; set; }

    /// <summary>Gets the reason for which all leave the run now; null to go on.</summary>
    internal string? AgreedInterruption { get; set; }

    /// <summary>Gives all processes the same state before the first step of a run.</summary>
    internal abstract void Begin(Trainer trainer);

    /// <summary>Lets go of what was needed during a run.</summary>
    internal abstract void End();

    /// <summary>Begins the gradients of a step, over so many batches.</summary>
    internal abstract void BeginStep(int batches);

    /// <summary>Begins a part of a batch.</summary>
    /// <param name="part">The number of the part among those of this process.</param>
    /// <param name="batch">The number of the batch in the step.</param>
    internal abstract void BeginPart(int part, int batch);

    /// <summary>The pass that completes the gradients of the part's batch begins.</summary>
    internal abstract void BeginBackward();

    /// <summary>A part was gone through backwards.</summary>
    /// <param name="share">The share of the part's examples in those of the step.</param>
    internal abstract void EndPart(double share);

    /// <summary>Makes the gradients those of the whole step.</summary>
    internal abstract void EndStep();

    /// <summary>Returns the figures of all processes, which are equally many, and lets them agree on how to go on.</summary>
    internal abstract double[][] Exchange(double[] figures);

    /// <summary>Returns the numbers of all processes, each with as many as it likes.</summary>
    internal abstract double[][] Gather(double[] numbers);

    /// <summary>Meets the others where they wait, and tells them that this process has failed.</summary>
    internal abstract void Fail(Exception reason);

    /// <summary>Returns what the first process decides, in all of them.</summary>
    internal abstract bool Decide(bool mine);

    /// <summary>The optimizer's step is done.</summary>
    internal abstract void AfterUpdate();

    /// <summary>Gathers what a snapshot is made of, where it is divided.</summary>
    internal abstract void BeforeSnapshot();
}

/// <summary>Specifies what processes do together.</summary>
internal enum Meeting
{
    /// <summary>Nothing any more.</summary>
    None,

    /// <summary>They exchange figures.</summary>
    Exchange,

    /// <summary>They reduce the gradients of a step, then exchange figures.</summary>
    Step,
}
