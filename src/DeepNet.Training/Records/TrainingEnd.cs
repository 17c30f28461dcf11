namespace DeepNet.Training;

/// <summary>Specifies how a run ended.</summary>
public enum TrainingEnd
{
    /// <summary>It has not.</summary>
    Running,

    /// <summary>All epochs are done.</summary>
    Completed,

    /// <summary>A callback stopped it: <see cref="Trainer.Stop"/>.</summary>
    Stopped,

    /// <summary>Ctrl-C, a termination signal or a token ended it; what was learned so far is in the model.</summary>
    Interrupted,

    /// <summary>An exception ended it.</summary>
    Failed,
}
