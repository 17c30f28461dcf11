namespace DeepNet.Models;

/// <summary>Specifies how tokens are chosen.</summary>
public sealed record GenerationOptions
{
    /// <summary>Gets the largest number of tokens to generate.</summary>
    public int MaxTokens { get; init; } = 100;

    /// <summary>
    /// Gets the number by which logits are divided before one of the tokens is drawn. With 0, the default, the likeliest token is taken.
    /// </summary>
    public double Temperature { get; init; }

    /// <summary>Gets the number of likeliest tokens from which one is drawn; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>
    /// Gets the probability that the tokens from which one is drawn must have together: the fewest that reach it are kept (nucleus
    /// sampling, Holtzman et al. 2020). 1 for all.
    /// </summary>
    public double TopP { get; init; } = 1;

    /// <summary>
    /// Gets the number by which positive logits of tokens that occurred are divided, and negative ones multiplied (Keskar et al. 2019);
    /// 1 for no change.
    /// </summary>
    public double RepetitionPenalty { get; init; } = 1;

    /// <summary>Gets the tokens that end a sequence; they are not part of the result.</summary>
    public IReadOnlyCollection<int> StopTokens { get; init; } = [];

    /// <summary>Gets the source of random numbers; <see cref="Generator.Default"/> if none is given.</summary>
    public Generator? Generator { get; init; }

    /// <summary>
    /// Gets a value indicating whether the state of earlier steps is kept. Without it each step computes the whole sequence again, which
    /// gives the same tokens.
    /// </summary>
    public bool UseCache { get; init; } = true;

    internal void Check()
    {
        Require(MaxTokens >= 0, nameof(MaxTokens), MaxTokens, "0 or more");
        Require(Temperature >= 0 && double.IsFinite(Temperature), nameof(Temperature), Temperature, "0 or more");
        Require(TopK >= 0, nameof(TopK), TopK, "0 or more");
        Require(TopP is > 0 and <= 1, nameof(TopP), TopP, "above 0 and at most 1");
        Require(RepetitionPenalty > 0 && double.IsFinite(RepetitionPenalty), nameof(RepetitionPenalty), RepetitionPenalty, "above 0");
    }

    private static void Require(bool holds, string name, double value, string wanted)
    {
        if (!holds) throw new ArgumentException($"[generate] {name} is {value}; it must be {wanted}.");
    }
}
