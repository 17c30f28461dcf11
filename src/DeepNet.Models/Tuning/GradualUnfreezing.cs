using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>
/// Unfreezes a model from its head to its input, a block every few epochs (Howard and Ruder 2018): the new head settles before what was
/// learned before begins to move.
/// </summary>
/// <remarks>
/// Make the optimizer of all parameters: it leaves frozen ones alone, and goes on with those that thaw. A method of the epoch, so that a
/// run that is resumed goes on right.
/// </remarks>
/// <example><code>
/// var thaw = new GradualUnfreezing(model, every: 2, "fc", "layer4", "layer3");     // the rest stays frozen
/// for (int epoch = 1; epoch &lt;= 10; epoch++)
/// {
///     thaw.At(epoch);
///     …
/// }
/// </code></example>
public sealed class GradualUnfreezing
{
    private readonly Module model;
    private readonly IReadOnlyList<string> blocks;
    private readonly int every;

    /// <summary>Freezes the model but for the first block.</summary>
    /// <param name="model">The model.</param>
    /// <param name="every">The number of epochs from one block to the next.</param>
    /// <param name="blocks">Patterns, from the head to the input, as <see cref="Module.NamedParameters(string)"/> takes them.</param>
    public GradualUnfreezing(Module model, int every, params IReadOnlyList<string> blocks)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(blocks);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(every);
        if (blocks.Count == 0)
            throw new ArgumentException("[gradual_unfreezing] there is no block: name at least the head.", nameof(blocks));
        foreach (string block in blocks) model.NamedParameters(block);      // an error now and not in an epoch to come
        (this.model, this.every, this.blocks) = (model, every, blocks);
        At(1);
    }

    /// <summary>Freezes and unfreezes as an epoch wants it, and returns the number of blocks that are trained.</summary>
    /// <param name="epoch">The epoch, from 1.</param>
    public int At(int epoch)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epoch);
        int open = Math.Min(blocks.Count, 1 + (epoch - 1) / every);
        model.Freeze();
        foreach (string block in blocks.Take(open)) model.Unfreeze(block);
        return open;
    }
}
