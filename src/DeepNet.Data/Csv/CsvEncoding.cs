namespace DeepNet.Data;

/// <summary>How a table becomes tensors.</summary>
public sealed record CsvEncoding
{
    /// <summary>The column to predict; null if there is none.</summary>
    public string? Target { get; init; }

    /// <summary>What becomes of cells without a value.</summary>
    public MissingRule Missing { get; init; } = MissingRule.Error;

    /// <summary>How categories become numbers.</summary>
    public CategoryCode Categories { get; init; } = CategoryCode.OneHot;

    /// <summary>Whether numbers get mean 0 and standard deviation 1.</summary>
    public bool Standardize { get; init; } = true;

    /// <summary>Whether a target of numbers does, too; <see cref="CsvEncoder.UndoTarget"/> takes it back.</summary>
    public bool StandardizeTarget { get; init; }

    /// <summary>Whether a category that was not there at fitting is an error; else all its features are 0, or its number is −1.</summary>
    public bool UnknownIsError { get; init; } = true;
}
