using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Models;

/// <summary>
/// Groups of parameters whose learning rates differ by layer: what was learned before is changed little, what is new much.
/// </summary>
/// <example><code>
/// var optimizer = new AdamW(LayerwiseRates.ByDepth(model, learningRate: 1e-3, decay: 0.7), new AdamWOptions());
/// var other = new AdamW(LayerwiseRates.ByPattern(model, ("fc", 1e-3), ("layer4", 1e-4), ("*", 1e-5)), new AdamWOptions());
/// </code></example>
public static class LayerwiseRates
{
    /// <summary>A group for each pattern; a parameter belongs to the first that fits.</summary>
    /// <param name="model">The model.</param>
    /// <param name="rates">Patterns as <see cref="Module.NamedParameters(string)"/> takes them, and their learning rates.</param>
    /// <exception cref="ArgumentException">A pattern fits nothing, or a parameter fits no pattern.</exception>
    public static IReadOnlyList<ParameterGroup> ByPattern(Module model, params IReadOnlyList<(string Pattern, double LearningRate)> rates)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(rates);
        var taken = new HashSet<Parameter>();
        var groups = new List<ParameterGroup>();
        foreach (var (pattern, rate) in rates)
        {
            Parameter[] members = [.. model.NamedParameters(pattern).Select(p => p.Parameter).Where(taken.Add)];
            if (members.Length > 0) groups.Add(new ParameterGroup(members, rate));
        }
        if (model.NamedParameters().FirstOrDefault(p => !taken.Contains(p.Parameter)) is { Path: { } left })
            throw new ArgumentException($"[layerwise_rates] '{left}' fits no pattern and would not be trained. "
                + "Add a last pattern, (\"*\", rate), or freeze what is not to change.");
        return groups;
    }

    /// <summary>
    /// A group for each block: the last one has the learning rate, each one before it that of the next times a factor.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="learningRate">The rate of the last block.</param>
    /// <param name="decay">The factor from a block to the one before it, from 0 to 1.</param>
    /// <param name="blocks">
    /// Patterns of the blocks from input to output, which together are all parameters; the modules directly inside the model, in the order
    /// of their declaration, if there are none.
    /// </param>
    public static IReadOnlyList<ParameterGroup> ByDepth(
        Module model, double learningRate, double decay, params IReadOnlyList<string> blocks)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(blocks);
        if (!(decay is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(decay), decay, "[layerwise_rates] the factor must be above 0 and no more than 1.");
        if (blocks.Count == 0)
            blocks = [.. model.NamedParameters().Select(p => Block(model, p.Path)).Distinct()];
        return ByPattern(model, [.. blocks.Select((block, i) => (block, learningRate * Math.Pow(decay, blocks.Count - 1 - i)))]);
    }

    // The items of a list are blocks of their own: their names have a dot in them.
    private static string Block(Module model, string path)
        => model.Children().Select(child => child.Name)
            .FirstOrDefault(name => path.StartsWith(name + ".", StringComparison.Ordinal)) ?? path;
}
