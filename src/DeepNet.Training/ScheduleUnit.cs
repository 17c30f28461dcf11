namespace DeepNet.Training;

/// <summary>Specifies what a schedule counts.</summary>
public enum ScheduleUnit
{
    /// <summary>Steps of the optimizer.</summary>
    Step,

    /// <summary>Epochs.</summary>
    Epoch,
}
