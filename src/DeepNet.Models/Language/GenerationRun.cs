using DeepNet.Nn;

namespace DeepNet.Models;

/// <summary>The state of one call of Generate.</summary>
internal sealed class GenerationRun
{
    private readonly LanguageModel model;
    private readonly GenerationOptions options;
    private readonly IDecoding decoding;
    private readonly Sequence[] sequences;
    private readonly (Module Module, bool IsTraining)[] modes;
    private readonly int context;
    private bool hasStarted;

    public GenerationRun(LanguageModel model, IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions options)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        options.Check();
        (this.model, this.options, context) = (model, options, model.ContextLength);
        if (prompts.Count == 0) throw new ArgumentException("[generate] there is no prompt.");
        foreach (var prompt in prompts)
        {
            ArgumentNullException.ThrowIfNull(prompt);
            if (prompt.Count == 0) throw new ArgumentException("[generate] a prompt is empty: begin with one token at least.");
            foreach (int token in prompt)
                if (token < 0 || token >= model.VocabularySize)
                    throw new ArgumentException($"[generate] the prompt has token {token}; there are {model.VocabularySize}.");
        }
        int longest = prompts.Max(prompt => prompt.Count);
        if (longest > context)
            throw new ArgumentException($"[generate] a prompt of {longest} tokens is longer than the context of {context}.");
        var generators = (options.Generator ?? Generator.Default).Split(prompts.Count);
        sequences = [.. prompts.Select((prompt, i) => new Sequence(prompt, generators[i]))];
        decoding = model.Decode((int)Math.Min(context, longest + (long)options.MaxTokens));
        modes = [.. model.Modules().Select(entry => (entry.Module, entry.Module.IsTraining))];
    }

    /// <summary>Computes one token of each sequence that has not ended.</summary>
    /// <returns>False if there are no more.</returns>
    public bool Step()
    {
        if (options.MaxTokens == 0 || sequences.All(s => s.IsDone)) return false;
        using var off = Autograd.NoGrad();
        using var scope = Memory.Scope();
        bool isTraining = modes.Any(m => m.IsTraining);
        if (isTraining) model.Eval();
        try
        {
            Take(Logits());
        }
        finally
        {
            if (isTraining)
                foreach (var (module, was) in modes) module.Train(was);     // parents first, so that parts have the last word
        }
        return !sequences.All(s => s.IsDone);
    }

    /// <summary>Gets the new token at a place of a sequence; null if there is none.</summary>
    public int? Last(int sequence, int place)
        => place < sequences[sequence].New.Count ? sequences[sequence].New[place] : null;

    public int[][] Results() => [.. sequences.Select(s => s.New.ToArray())];

    private Tensor Logits()
    {
        bool isWhole = !hasStarted || !options.UseCache;
        if (sequences.Max(s => s.Length) > context)
        {
            foreach (var sequence in sequences) sequence.Start = Math.Max(sequence.Start, sequence.All.Count - Math.Max(1, context / 2));
            isWhole = true;
        }
        hasStarted = true;
        return isWhole ? decoding.Start([.. sequences.Select(s => s.All[s.Start..])])
            : decoding.Next([.. sequences.Select(s => s.All[^1])]);
    }

    private void Take(Tensor logits)
    {
        int size = model.VocabularySize;
        float[] values = logits.To(DType.Float32).ToArray<float>();
        for (int i = 0; i < sequences.Length; i++)
        {
            var sequence = sequences[i];
            if (sequence.IsDone)
            {
                sequence.All.Add(sequence.All[^1]);     // keeps step with the batch; nobody reads it
                continue;
            }
            int token = TokenSampler.Pick(values.AsSpan(i * size, size), sequence.Seen, options, sequence.Generator);
            sequence.All.Add(token);
            sequence.IsDone = options.StopTokens.Contains(token);
            if (sequence.IsDone) continue;
            sequence.Seen.Add(token);
            sequence.New.Add(token);
            sequence.IsDone = sequence.New.Count == options.MaxTokens;
        }
    }

    private sealed class Sequence(IReadOnlyList<int> prompt, Generator generator)
    {
        public List<int> All { get; } = [.. prompt];
        public int Start { get; set; }          // of the tokens that the model sees
        public int Length => All.Count - Start;
        public List<int> New { get; } = [];
        public HashSet<int> Seen { get; } = [.. prompt];
        public Generator Generator { get; } = generator;
        public bool IsDone { get; set; }
    }
}
