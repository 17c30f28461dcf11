namespace DeepNet.Hosting;

/// <summary>Represents an example and the model's output for it, as a live page shows them.</summary>
/// <param name="Text">The output in words, such as <c>7 (98 %)</c>, or a text that the model wrote.</param>
public sealed record LiveSample(string Text)
{
    /// <summary>Gets the line above: the true class, the input.</summary>
    public string? Title { get; init; }

    /// <summary>Gets a value that is true if the output is right, false if it is wrong; null where that is no question.</summary>
    public bool? IsRight { get; init; }

    /// <summary>
    /// Gets the example as an image: (height, width), (1, height, width) or (3, height, width); see
    /// <see cref="DeepNet.Plots.HtmlReport.Images"/>.
    /// </summary>
    public Tensor? Image { get; init; }
}
