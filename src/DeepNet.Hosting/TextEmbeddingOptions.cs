using DeepNet.Models;

namespace DeepNet.Hosting;

/// <summary>Represents the way from a text to its vector; see <see cref="TextEmbeddingServiceCollectionExtensions"/>.</summary>
public sealed class TextEmbeddingOptions
{
    /// <summary>Gets or sets the way in which the vectors of a text's tokens become one.</summary>
    public Pooling Pooling { get; set; } = Pooling.Mean;

    /// <summary>Gets or sets a value that is true for vectors of length 1, whose products are cosines.</summary>
    public bool Normalize { get; set; } = true;

    /// <summary>Gets or sets the largest number of tokens; longer texts are cut off. As many as the model reads if null.</summary>
    public int? MaxTokens { get; set; }

    /// <summary>Gets or sets the device that computes; the CPU if null.</summary>
    public Device? Device { get; set; }
}
