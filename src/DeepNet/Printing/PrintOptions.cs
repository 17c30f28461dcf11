namespace DeepNet;

/// <summary>Represents the options of printing tensors; the defaults are NumPy's.</summary>
public sealed record PrintOptions
{
    private static PrintOptions standard = new();

    /// <summary>Gets or sets the options that <see cref="Tensor.ToString()"/> uses.</summary>
    public static PrintOptions Default
    {
        get => standard;
        set => standard = value ?? throw new ArgumentNullException(nameof(value));
    }

    /// <summary>The most digits after the decimal point. Fewer are printed where fewer identify the number.</summary>
    public int Precision { get; init; } = 8;

    /// <summary>The most elements that are printed in full; of more, only those at the edges are.</summary>
    public int Threshold { get; init; } = 1000;

    /// <summary>Gets the number of elements that are left at each end of a shortened axis.</summary>
    public int EdgeItems { get; init; } = 3;

    /// <summary>After how many characters a line is broken between two elements.</summary>
    public int LineWidth { get; init; } = 75;
}
