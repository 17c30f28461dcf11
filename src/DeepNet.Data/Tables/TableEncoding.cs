namespace DeepNet.Data;

/// <summary>Represents the options of turning a table into tensors.</summary>
public sealed record TableEncoding
{
    /// <summary>The column to predict; null if there is none.</summary>
    public string? Target { get; init; }

    /// <summary>Gets the treatment of cells without a value.</summary>
    public MissingRule Missing { get; init; } = MissingRule.Error;

    /// <summary>Specifies how categories become numbers.</summary>
    public CategoryCode Categories { get; init; } = CategoryCode.OneHot;

    /// <summary>Gets a value that is true if numbers get mean 0 and standard deviation 1.</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>Gets a value that is true if a target of numbers does, too; <see cref="TableEncoder.UndoTarget"/> takes it back.</summary>
    public bool StandardizeTarget { get; init; }

    /// <summary>
    /// Gets a value that is true if a category that was not there at fitting is an error; else all its features are 0, or its number is −1.
    /// </summary>
    public bool UnknownIsError { get; init; } = true;
}
