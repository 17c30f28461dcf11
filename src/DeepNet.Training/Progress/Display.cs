namespace DeepNet.Training;

/// <summary>Shows the progress of a run. This one shows nothing.</summary>
internal class Display
{
    /// <summary>Shows nothing.</summary>
    public static Display None { get; } = new();

    public static Display Of(ProgressStyle style, TextWriter? output) => style switch
    {
        ProgressStyle.Auto => output is null && Terminal.IsInteractive ? new BarsDisplay(null) : new LinesDisplay(output ?? Console.Out),
        ProgressStyle.Bars => new BarsDisplay(output),
        ProgressStyle.Lines => new LinesDisplay(output ?? Console.Out),
        ProgressStyle.None => None,
        _ => throw new ArgumentOutOfRangeException(nameof(style)),
    };

    /// <summary>A run begins or goes on.</summary>
    public virtual void Begin(Trainer trainer) { }

    /// <summary>Runs an epoch and its validation.</summary>
    public virtual void Epoch(Trainer trainer, int number, Action body) => body();

    /// <summary>A step was taken; the loss is the mean over the epoch so far.</summary>
    public virtual void Step(in StepRecord step, double loss) { }

    /// <summary>Runs something of a known number of steps, which reports how many are done and a few words.</summary>
    public virtual void Work(string title, int steps, Action<Action<int, string>> body) => body((_, _) => { });

    /// <summary>So many batches of the validation part are done.</summary>
    public virtual void Validated(int done, int of) { }

    /// <summary>An epoch is over.</summary>
    public virtual void EpochEnded(Trainer trainer, EpochRecord epoch) { }

    /// <summary>The run is over.</summary>
    public virtual void End(Trainer trainer) { }

    /// <summary>Shows a message.</summary>
    public virtual void Say(string message) { }
}
