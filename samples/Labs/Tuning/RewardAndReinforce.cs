using DeepNet.Labs.Kit;

namespace DeepNet.Labs.Tuning;

/// <summary>The stages by which language models are trained, on a language of eight words.</summary>
internal sealed class RewardAndReinforce : Lab
{
    public override string Name => "reward-and-reinforce";

    public override string Title => "Pre-training, a reward from comparisons, and reinforcement that a KL term keeps in check";

    public override string Claim => """
        A sequence model learns a small language. People say of pairs of its sentences which they prefer, and a reward model learns from
        that what they like. A policy gradient then raises this reward. With a penalty on the divergence from the pre-trained model the
        sentences get better and stay varied. Without it the model ends at a single sentence that it repeats for ever, which has the highest
        reward.
        """;

    public override string Question => "A language model is trained to please a reward model and nothing else: what does it write?";

    public override Guess? Guess => new(
        [
            "The same sentences as before, and better ones among them more often",
            "One and the same sentence, over and over",
            "Random words: a reward is too weak a signal",
        ],
        Right: 1);

    public override string Explanation => """
        Pre-training maximises $\sum_t \log p(y_t | y_{t-1})$ over sentences of the language. Comparisons are simpler to ask for than marks:
        by Bradley and Terry $P(a \succ b) = \sigma(r(a) - r(b))$, so a reward model $r$ is a logistic regression on differences.

        The policy gradient needs no derivative of the reward: $\nabla E[R] = E[(R - b) \, \nabla \log \pi(y)]$, an average over sentences
        that the model wrote itself, with their mean as the baseline $b$. What got more than average becomes more probable.

        The best policy for $E[r]$ alone puts everything on one best sentence: nothing in it asks for variety, or for language. With
        $R = r(y) - \beta \log \frac{\pi(y)}{\pi_0(y)}$ the best policy is $\pi(y) \propto \pi_0(y) \, e^{r(y)/\beta}$: the language, tilted
        towards what is liked. What was impossible in $\pi_0$ stays impossible, and $\beta$ says how far the reward is trusted, which
        matters because a reward model is only right near the sentences that it was asked about.
        """;

    public override string Falsified => """
        A policy without the penalty that goes on writing varied sentences, or one with it that becomes no better or loses its variety.
        """;

    public override IReadOnlyList<string> Next => ["lora-rank", "dark-knowledge", "cross-entropy-is-kl"];

    public override void Example(TextWriter output)
    {
        // A policy over four answers; the last has the highest reward. With the penalty it stays near the uniform start.
        Generator.SetSeed(1);
        var reward = Tensor.From<float>(0, 0.5f, 0.5f, 1);
        foreach (double beta in new[] { 0, 0.5 })
        {
            var logits = new Parameter(Tensor.Zeros(new Shape(4)));
            var optimizer = new Adam([logits], learningRate: 0.05);
            for (int step = 0; step < 400; step++)
            {
                optimizer.ZeroGrad();
                var logP = logits.Value.LogSoftmax(0);
                // Gumbel noise makes the largest of the logits a sample.
                var answer = (logP.Detach() - (-Tensor.Rand(64, 4).Log()).Log()).ArgMax(1);
                var gain = (reward - beta * (logP.Detach() + Math.Log(4))).IndexSelect(0, answer);
                (-(gain - gain.Mean()) * logP.IndexSelect(0, answer)).Mean().Backward();
                optimizer.Step();
            }
            output.WriteLine($"β = {beta}: {string.Join(", ", logits.Value.Softmax(0).ToArray().Select(p => $"{p:P0}"))}");
        }
    }

    public override IReadOnlyList<string> Mutations => ["no KL term", "comparisons swapped"];

    private const int Words = 8, Length = 8, Liked = 0, Batch = 256;

    public override void Run(LabContext lab)
    {
        var trials = lab.Seeds(full: 4, reduced: 2).Select(seed => Trial(lab, seed)).ToArray();
        string[] stages = ["pre-trained", "reinforced, with KL term", "reinforced, without"];
        Spread Of(int stage, Func<State, double> of) => new(trials.Select(t => of(t.Stages[stage])));
        Spread[] liked = [.. stages.Select((_, s) => Of(s, t => t.Liked))], varied = [.. stages.Select((_, s) => Of(s, t => t.Varied))],
            divergence = [.. stages.Select((_, s) => Of(s, t => t.Divergence))];
        Spread agreement = new(trials.Select(t => t.Agreement));
        lab.Table(
            ["model", "liked words in a sentence", "different sentences", "divergence from the pre-trained model"],
            stages.Select((name, s) => (string[])[name, liked[s].Number("0.0"), varied[s].Percent(), divergence[s].Number("0.0")]));
        double[] steps = [.. Enumerable.Range(0, trials[0].With.Count).Select(i => (double)i)];
        Plot Curve(string title, string label, Func<State, double> of)
        {
            Spread[] Line(Func<Outcome, List<State>> which) => [.. steps.Select((_, i) => new Spread(trials.Select(t => of(which(t)[i]))))];
            return new Plot(title) { XLabel = "steps", YLabel = label, Width = 500, YMin = 0, Legend = LegendPlace.Below }
                .Spreads([.. steps.Select(i => i * Every)], Line(t => t.With), "with KL term", 0)
                .Spreads([.. steps.Select(i => i * Every)], Line(t => t.Without), "without", 1);
        }
        lab.Figure(
            new PlotGrid(null, 2,
                Curve("Reward", "liked words in a sentence", s => s.Liked),
                Curve("Variety", "share of different sentences", s => s.Varied)),
            $"{trials.Length} seeds; bands from the least to the greatest. Sentences have {Length} words.");
        lab.Check($"the reward model agrees with the true preference on {agreement.Percent()} of new pairs", agreement.Mean, atLeast: 0.85);
        lab.Check($"with the KL term liked words rise from {liked[0].Number("0.0")} to {liked[1].Number("0.0")}",
            liked[1].Mean / liked[0].Mean, atLeast: 1.5);
        lab.Check($"and {varied[1].Percent()} of the sentences differ", varied[1].Mean, atLeast: 0.3);
        lab.Check($"without it {varied[2].Percent()}", varied[2].Mean, atMost: 0.05);
        lab.Check($"and {liked[2].Number("0.0")} of {Length} words are the liked one", liked[2].Mean, atLeast: 0.9 * Length);
    }

    private const int Every = 20;

    private sealed record State(double Liked, double Varied, double Divergence);

    private sealed record Outcome(double Agreement, List<State> With, List<State> Without)
    {
        public State[] Stages => [With[0], With[^1], Without[^1]];
    }

    private static Outcome Trial(LabContext lab, ulong seed)
    {
        Generator.SetSeed(seed);
        // The language: a word is followed by itself, the next or the one after it. The last row begins a sentence.
        var language = new float[Words + 1, Words];
        for (int w = 0; w < Words; w++)
            (language[w, w], language[w, (w + 1) % Words], language[w, (w + 2) % Words], language[Words, w])
                = (0.2f, 0.5f, 0.3f, 1f / Words);
        var spoken = Write((Tensor.From(language) + 1e-6).Log(), 2000).Sentences;

        var model = new Parameter(Tensor.Zeros(new Shape(Words + 1, Words)));
        Descent.Run(new Adam([model], learningRate: 0.1), lab.Steps(150), () => -LogProbability(model.Value.LogSoftmax(1), spoken).Mean());
        var before = model.Value.Detach().LogSoftmax(1);

        // Preferred, of each pair, more often the sentence with more liked words.
        Tensor left = Counts(Write(before, 2000).Sentences), right = Counts(Write(before, 2000).Sentences);
        var better = (left - right)[.., Liked..(Liked + 1)];
        if (lab.Mutated("comparisons swapped")) better = -better;
        var isLeft = Tensor.Bernoulli(better.Sigmoid());
        var reward = new Linear(Words, 1, bias: false);
        Descent.Run(new Adam(reward.Parameters(), learningRate: 0.05), lab.Steps(200),
            () => Loss.BceWithLogits(reward.Forward(left - right), isLeft));
        var fresh = (Counts(Write(before, 1000).Sentences) - Counts(Write(before, 1000).Sentences)).Detach();
        var truth = fresh[.., Liked..(Liked + 1)];
        double agreement = ((reward.Forward(fresh).Detach() * truth) > 0).To(DType.Float64).Sum().Item<double>()
            / truth.NotEqual(0).To(DType.Float64).Sum().Item<double>();
        return new(agreement, Reinforced(lab.Mutated("no KL term") ? 0 : 1), Reinforced(0));

        List<State> Reinforced(double beta)
        {
            var policy = new Parameter(before.Clone());
            var states = new List<State> { Look(policy, before) };
            Descent.Run(new Adam([policy], learningRate: 0.05), lab.Steps(lab.Pick(full: 400, reduced: 200)), _ =>
            {
                var (sentences, logP) = Write(policy.Value.LogSoftmax(1), Batch);
                var gain = reward.Forward(Counts(sentences)).Detach().Squeeze(1)
                    - beta * (logP.Detach() - LogProbability(before, sentences));
                return -((gain - gain.Mean()) * logP).Mean();
            }, step =>
            {
                if (step % Every == Every - 1) states.Add(Look(policy, before));
            });
            return states;
        }
    }

    private static State Look(Parameter policy, Tensor before)
    {
        using var scope = Memory.Scope();
        using var quiet = Autograd.NoGrad();
        var (sentences, logP) = Write(policy.Value.LogSoftmax(1), Batch);
        long[] words = sentences.ToArray<long>();
        int different = words.Chunk(Length).Select(s => string.Join(' ', s)).Distinct().Count();
        return new(
            words.Count(w => w == Liked) / (double)Batch, different / (double)Batch,
            Math.Max(0, (logP - LogProbability(before, sentences)).Mean().Item<double>()));
    }

    /// <summary>Draws sentences word by word, and computes their log-probabilities.</summary>
    private static (Tensor Sentences, Tensor LogProbability) Write(Tensor logP, int count)
    {
        var noise = -(-Tensor.Rand(Length, count, Words).Log()).Log();
        var word = Tensor.Full(new Shape(count), Words, DType.Int64);
        var words = new List<Tensor>();
        for (int t = 0; t < Length; t++)
            words.Add(word = (logP.Detach().IndexSelect(0, word) + noise[t]).ArgMax(1));
        var sentences = Tensor.Stack([.. words], 1);
        return (sentences, LogProbability(logP, sentences));
    }

    private static Tensor LogProbability(Tensor logP, Tensor sentences)
    {
        var first = Tensor.Full(new Shape(sentences.Shape[0], 1), Words, DType.Int64);
        var previous = Tensor.Cat([first, sentences.Narrow(1, 0, Length - 1)], 1);
        return logP.Reshape(-1).IndexSelect(0, (previous * Words + sentences).Reshape(-1)).Reshape(-1, Length).Sum(1);
    }

    /// <summary>Counts each word in each sentence.</summary>
    private static Tensor Counts(Tensor sentences) => sentences.OneHot(Words).Sum(1);
}
