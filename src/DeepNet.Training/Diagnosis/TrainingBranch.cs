namespace DeepNet.Training;

/// <summary>Specifies what limits a training run: a branch of the decision tree of training.</summary>
public enum TrainingBranch
{
    /// <summary>The figures do not tell.</summary>
    Unclear,

    /// <summary>Nothing limits it that the figures show.</summary>
    Healthy,

    /// <summary>The loss still falls: more epochs would help.</summary>
    StillLearning,

    /// <summary>The loss or the weights grow without bound.</summary>
    Diverging,

    /// <summary>A lower training loss exists for this model, and the optimizer does not find it.</summary>
    Optimization,

    /// <summary>The model cannot represent what it is to learn.</summary>
    ModelBias,

    /// <summary>The model learns its training examples better than what they have in common with others.</summary>
    Overfitting,

    /// <summary>Training and validation examples come from different sources.</summary>
    Mismatch,
}
