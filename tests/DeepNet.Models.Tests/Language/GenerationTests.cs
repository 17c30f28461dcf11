namespace DeepNet.Models.Tests.Language;

public class GenerationTests
{
    private static readonly int[] prompt = [3, 1, 4, 1, 5];

    public static TheoryData<string> Families => ["gpt2", "llama", "lstm"];

    // Large weights, so that tokens differ in likelihood.
    private static LanguageModel Make(string family)
    {
        LanguageModel model = family switch
        {
            "gpt2" => new Gpt2(new(13, 24, 16, 2, 2) { Dropout = 0.5 }, new Generator(1)),
            "llama" => new Llama(new(13, 24, 16, 2, 4, 2, 24), new Generator(1)),
            _ => new LstmLanguageModel(new(13, 16, 16, 2) { Dropout = 0.5 }, new Generator(1)),
        };
        foreach (var (_, parameter) in model.NamedParameters())
            if (parameter.Shape.Rank == 2) Nn.Init.Normal(parameter, 0, 0.5, new Generator((ulong)parameter.Shape.Count));
        return model;
    }

    private static readonly GenerationOptions drawn = new()
    {
        MaxTokens = 15, Temperature = 1.2, TopK = 8, TopP = 0.95, RepetitionPenalty = 1.1,
    };

    [Theory]
    [MemberData(nameof(Families))]
    public void Tokens_are_the_same_with_and_without_the_cache(string family)
    {
        var model = Make(family);
        foreach (var options in new[] { new GenerationOptions { MaxTokens = 15 }, drawn })
        {
            int[] with = model.Generate(prompt, options with { Generator = new(7) });
            int[] without = model.Generate(prompt, options with { Generator = new(7), UseCache = false });
            Assert.Equal(15, with.Length);
            Assert.Equal(with, without);
            Assert.True(with.Distinct().Count() > 1);
        }
        Assert.True(model.IsTraining);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Greedy_tokens_are_the_likeliest_of_a_whole_pass(string family)
    {
        var model = Make(family);
        var tokens = prompt.Select(t => (long)t).ToList();
        int[] generated = model.Generate(prompt, new() { MaxTokens = 6 });
        model.Eval();
        foreach (int token in generated)
        {
            using var scope = Memory.Scope();
            var logits = model.Forward(Tensor.From<long>(tokens.ToArray(), new Shape(1, tokens.Count)));
            Assert.Equal(token, logits[0, ^1].ArgMax().Item<long>());
            tokens.Add(token);
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Prompts_of_a_batch_may_differ_in_length(string family)
    {
        var model = Make(family);
        var options = new GenerationOptions { MaxTokens = 10 };
        int[][] prompts = [prompt, [2], [7, 7, 2]];
        Assert.Equal(prompts.Select(p => model.Generate(p, options)), model.Generate(prompts, options));
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Sequences_may_become_longer_than_the_context(string family)
    {
        var model = Make(family);
        var options = new GenerationOptions { MaxTokens = 60 };
        int[] tokens = model.Generate(prompt, options);
        Assert.Equal(60, tokens.Length);
        Assert.Equal(tokens, model.Generate(prompt, options with { UseCache = false }));
        if (family == "lstm") return;
        // 24 steps are full with 19 new tokens; the 20th is that of the 12 steps before it and itself.
        int[] later = [.. prompt, .. tokens];
        Assert.Equal(later[25], model.Generate(later[13..25], options with { MaxTokens = 1 })[0]);
    }

    [Fact]
    public void Stop_tokens_end_a_sequence_and_are_left_out()
    {
        var model = Make("llama");
        int[] all = model.Generate(prompt, new() { MaxTokens = 10 });
        int stop = all[4], first = Array.IndexOf(all, stop);
        Assert.Equal(all[..first], model.Generate(prompt, new() { MaxTokens = 10, StopTokens = [stop] }));
        Assert.Empty(model.Generate(prompt, new() { MaxTokens = 0 }));
        // Others of a batch go on.
        int[][] both = model.Generate([prompt, [2, 2]], new() { MaxTokens = 10, StopTokens = [stop] });
        Assert.Equal(all[..first], both[0]);
        Assert.Equal(model.Generate([2, 2], new() { MaxTokens = 10, StopTokens = [stop] }), both[1]);
    }

    [Fact]
    public async Task Stream_gives_the_same_tokens_and_can_be_cancelled()
    {
        var model = Make("gpt2");
        var streamed = new List<int>();
        await foreach (int token in model.GenerateAsync(prompt, drawn with { Generator = new(3) })) streamed.Add(token);
        Assert.Equal(model.Generate(prompt, drawn with { Generator = new(3) }), streamed);

        using var stop = new CancellationTokenSource();
        int count = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (int token in model.GenerateAsync(prompt, drawn, stop.Token))
                if (++count == 3) stop.Cancel();
        });
        Assert.Equal(3, count);
    }

    [Fact]
    public async Task Stream_ends_at_a_stop_token()
    {
        var model = Make("llama");
        int[] all = model.Generate(prompt, new() { MaxTokens = 10 });
        var streamed = new List<int>();
        await foreach (int token in model.GenerateAsync(prompt, new() { MaxTokens = 10, StopTokens = [all[3]] })) streamed.Add(token);
        Assert.Equal(all[..Array.IndexOf(all, all[3])], streamed);
    }

    [Theory]
    [InlineData(0, 1.0, new[] { 0.0321, 0.0871, 0.2369, 0.6439 })]     // the softmax of 0, 1, 2, 3
    [InlineData(2, 1.0, new[] { 0, 0, 0.2689, 0.7311 })]
    [InlineData(0, 0.7, new[] { 0, 0, 0.2689, 0.7311 })]               // 0.64 is less than 0.7
    [InlineData(0, 0.6, new[] { 0, 0, 0, 1.0 })]
    [InlineData(3, 0.95, new[] { 0, 0.09, 0.2447, 0.6652 })]           // of three: 0.665 + 0.245 = 0.91 < 0.95
    public void Draws_are_distributed_as_the_kept_tokens_are(int topK, double topP, double[] expected)
    {
        var options = new GenerationOptions { Temperature = 0.5, TopK = topK, TopP = topP };
        var generator = new Generator(5);
        const int draws = 20_000;
        double[] shares = new double[4];
        for (int i = 0; i < draws; i++) shares[TokenSampler.Pick([0, 0.5f, 1, 1.5f], [], options, generator)] += 1.0 / draws;
        for (int i = 0; i < 4; i++) Assert.Equal(expected[i], shares[i], expected[i] == 0 ? 0 : 0.012);
    }

    [Fact]
    public void Repetition_penalty_makes_seen_tokens_less_likely_whatever_their_sign()
    {
        var options = new GenerationOptions { RepetitionPenalty = 2 };
        Assert.Equal(1, TokenSampler.Pick([1.9f, 1], [0], options, new Generator(0)));
        Assert.Equal(0, TokenSampler.Pick([2.1f, 1], [0], options, new Generator(0)));
        Assert.Equal(1, TokenSampler.Pick([-1, -1.9f], [0], options, new Generator(0)));
        Assert.Equal(0, TokenSampler.Pick([-1, -2.1f], [0], options, new Generator(0)));
    }

    [Fact]
    public void Errors_say_what_is_wrong()
    {
        var model = Make("gpt2");
        void Expect(string message, Func<object> call)
            => Assert.Contains(message, Assert.Throws<ArgumentException>(call).Message, StringComparison.Ordinal);
        Expect("a prompt is empty", () => model.Generate(Array.Empty<int>()));
        Expect("there is no prompt", () => model.Generate(Array.Empty<int[]>()));
        Expect("the prompt has token 13; there are 13", () => model.Generate([13]));
        Expect("a prompt of 25 tokens is longer than the context of 24", () => model.Generate(new int[25]));
        Expect("TopP is 0; it must be above 0 and at most 1", () => model.Generate(prompt, new() { TopP = 0 }));
        Expect("Temperature is -1; it must be 0 or more", () => model.Generate(prompt, new() { Temperature = -1 }));
    }
}
