namespace DeepNet.Training;

/// <summary>Specifies how the figures of several classes become one.</summary>
public enum Averaging
{
    /// <summary>That of class 1 of two.</summary>
    Binary,

    /// <summary>The mean over the classes, each counting the same.</summary>
    Macro,

    /// <summary>Of all decisions together: with one class an example this is the accuracy.</summary>
    Micro,

    /// <summary>The mean over the classes, each counting as often as it is true.</summary>
    Weighted,
}
