using System.Runtime.CompilerServices;
using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>A model that predicts the next token of a sequence: (batch, steps) of tokens → (batch, steps, vocabulary) of logits.</summary>
/// <example><code>
/// var model = Gpt2.FromPretrained("gpt2");
/// int[] tokens = model.Generate(prompt, new() { MaxTokens = 50, Temperature = 0.8, TopK = 40, Generator = new(1) });
/// await foreach (int token in model.GenerateAsync(prompt, cancellation: stop)) Console.Write(decode(token));
/// </code></example>
public abstract class LanguageModel : Layer
{
    /// <summary>Gets the vectors of the tokens.</summary>
    public abstract Embedding Tokens { get; }

    /// <summary>Gets the number of tokens that there are.</summary>
    public int VocabularySize => Tokens.Count;

    /// <summary>Gets the largest number of steps of a sequence.</summary>
    public virtual int ContextLength => int.MaxValue;

    /// <summary>Starts to read sequences.</summary>
    /// <param name="capacity">The largest number of steps that they will have.</param>
    public abstract IDecoding Decode(int capacity);

    /// <summary>Computes the mean cross-entropy of each token but the first, given those before it.</summary>
    /// <param name="tokens">(batch, steps), two steps at least.</param>
    public Tensor NextTokenLoss(Tensor tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Rank != 2 || tokens.Shape[1] < 2)
            throw new ArgumentException($"[next_token_loss] expects (batch, steps) with two steps at least, got {tokens.Shape}.");
        int steps = tokens.Shape[1] - 1;
        var logits = Forward(tokens.Narrow(1, 0, steps));
        return Loss.CrossEntropy(logits.Reshape(-1, VocabularySize), tokens.Narrow(1, 1, steps).Reshape(-1));
    }

    /// <summary>Generates the tokens that follow a prompt. Dropout is off meanwhile, whatever mode the model is in.</summary>
    /// <remarks>
    /// A sequence that reaches the context's length goes on from the later half of it. Sequences of a batch do so together, when the
    /// longest has reached it.
    /// </remarks>
    /// <returns>The new tokens, without the prompt and without a stop token.</returns>
    public int[] Generate(IReadOnlyList<int> prompt, GenerationOptions? options = null) => Generate([prompt], options)[0];

    /// <summary>Generates the tokens that follow each of several prompts, which may differ in length.</summary>
    /// <inheritdoc cref="Generate(IReadOnlyList{int}, GenerationOptions?)"/>
    public int[][] Generate(IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions? options = null)
    {
        var run = new GenerationRun(this, prompts, options ?? new());
        while (run.Step()) { }
        return run.Results();
    }

    /// <summary>
    /// Generates the tokens that follow a prompt, each as soon as it is known. Steps run on threads of the pool, one after the other.
    /// </summary>
    /// <inheritdoc cref="Generate(IReadOnlyList{int}, GenerationOptions?)"/>
    public async IAsyncEnumerable<int> GenerateAsync(
        IReadOnlyList<int> prompt, GenerationOptions? options = null, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var run = new GenerationRun(this, [prompt], options ?? new());
        for (int known = 0; ;)
        {
            bool goesOn = await Task.Run(run.Step, cancellation).ConfigureAwait(false);
            if (run.Last(0, known) is { } token)
            {
                known++;
                yield return token;
            }
            if (!goesOn) yield break;
        }
    }
}
