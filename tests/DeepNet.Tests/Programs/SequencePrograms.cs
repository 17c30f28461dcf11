using DeepNet.Nn;
using DeepNet.Optim;

namespace DeepNet.Tests.Programs;

/// <summary>Models of sequences.</summary>
public class SequencePrograms
{
    private sealed class CharacterModel(int characters, int width, Generator random) : Module
    {
        private readonly Embedding embedding = new(characters, width, generator: random);
        private readonly Lstm lstm = new(width, width, batchFirst: true, generator: random);
        private readonly Linear head = new(width, characters, generator: random);

        public override Tensor Forward(Tensor x) => Forward(x, null).Logits;

        public (Tensor Logits, LstmState State) Forward(Tensor x, LstmState? state)
        {
            var (y, next) = lstm.Forward(embedding.Forward(x), state);
            return (head.Forward(y), next);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_character_lstm_recites_a_line_from_its_first_letter(int seed)
    {
        const string line = "the quick brown fox jumps over the lazy dog";
        char[] letters = [.. line.Distinct()];
        var text = Tensor.From<long>([.. line.Select(c => (long)Array.IndexOf(letters, c))], [1, line.Length]);
        var model = new CharacterModel(letters.Length, 48, new Generator((ulong)seed));
        Loop.Fit(new Adam(model.Parameters(), 2e-2) { ClipNorm = 1 }, 120, () => Loss.CrossEntropy(
            model.Forward(text[.., ..^1]).Flatten(0, 1), text[.., 1..].Flatten()));

        var (said, next, state) = ("t", text[.., ..1], (LstmState?)null);
        using var off = Autograd.NoGrad();
        while (said.Length < line.Length)
        {
            (var logits, state) = model.Forward(next, state);
            next = logits.ArgMax(-1);
            said += letters[next.Item<int>()];
        }
        Assert.Equal(line, said);
    }

    private sealed class Reverser(int symbols, int width, Generator random) : Module
    {
        private readonly Embedding words = new(symbols + 1, width, generator: random);
        private readonly Gru encoder = new(width, width, batchFirst: true, bidirectional: true, generator: random);
        private readonly Linear keys = new(2 * width, width, generator: random), head = new(3 * width, symbols, generator: random);
        private readonly GruCell decoder = new(3 * width, width, generator: random);

        public override Tensor Forward(Tensor x) => Decode(x, x.Flip(1));

        public Tensor Decode(Tensor x, Tensor? teacher)
        {
            var memory = encoder.Forward(words.Forward(x));
            var key = keys.Forward(memory);
            var (hidden, context) = (Tensor.Zeros(x.Shape[0], key.Shape[2]), memory.Mean(1));
            var (last, logits) = (Tensor.Full([x.Shape[0]], symbols, DType.Int64), new List<Tensor>());
            for (int t = 0; t < x.Shape[1]; t++)
            {
                hidden = decoder.Forward(Tensor.Cat([words.Forward(last), context], axis: 1), hidden);
                var attention = key.MatMul(hidden.Unsqueeze(2)).Softmax(1);
                context = (attention * memory).Sum(1);
                logits.Add(head.Forward(Tensor.Cat([hidden, context], axis: 1)));
                last = teacher is null ? logits[^1].ArgMax(1) : teacher[.., t];
            }
            return Tensor.Stack([.. logits], axis: 1);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_decoder_with_attention_reverses_sequences_that_it_has_not_seen(int seed)
    {
        var random = new Generator((ulong)seed);
        var model = new Reverser(6, 24, random);
        Loop.Fit(new Adam(model.Parameters(), 1e-2) { ClipNorm = 1 }, 250, () =>
        {
            var x = Tensor.RandInt(0, 6, [32, 5], generator: random);
            return Loss.CrossEntropy(model.Forward(x).Flatten(0, 1), x.Flip(1).Flatten());
        });
        using var off = Autograd.NoGrad();
        var unseen = Tensor.RandInt(0, 6, [200, 5], generator: random);
        var right = model.Decode(unseen, null).ArgMax(-1).Equal(unseen.Flip(1));
        Assert.InRange(right.To(DType.Float32).Mean().Item(), 0.95f, 1f);
    }

    private sealed class Sorter(Generator random) : Module
    {
        private readonly Embedding words = new(8, 32, generator: random);
        private readonly LearnedPositionalEncoding positions = new(6, 32, random);
        private readonly TransformerEncoder encoder = new(
            new TransformerOptions(32, 4, 64) { Dropout = 0, BatchFirst = true, NormFirst = true, Generator = random }, 2);
        private readonly Linear head = new(32, 8, generator: random);

        public override Tensor Forward(Tensor x) => head.Forward(encoder.Forward(positions.Forward(words.Forward(x))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_transformer_sorts_numbers_that_it_has_not_seen(int seed)
    {
        var random = new Generator((ulong)seed);
        var model = new Sorter(random);
        var optimizer = new AdamW(model.Parameters(), 5e-3);
        var schedule = new Schedule(optimizer, new OneCycle(200));
        Loop.Fit(optimizer, 200, () =>
        {
            schedule.Step();
            var x = Tensor.RandInt(0, 8, [48, 6], generator: random);
            return Loss.CrossEntropy(model.Forward(x).Flatten(0, 1), x.Sort().Values.Flatten());
        });
        using var off = Autograd.NoGrad();
        var unseen = Tensor.RandInt(0, 8, [200, 6], generator: random);
        var right = model.Forward(unseen).ArgMax(-1).Equal(unseen.Sort().Values);
        Assert.InRange(right.To(DType.Float32).Mean().Item(), 0.95f, 1f);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Generation_with_rotary_positions_and_a_cache_says_what_full_passes_say(int seed)
    {
        var random = new Generator((ulong)seed);
        var words = new Embedding(20, 32, generator: random);
        var attention = new MultiHeadAttention(
            32, 4, batchFirst: true, generator: random, keyValueHeads: 2, rotary: new RotaryEmbedding(8));
        var head = new Linear(32, 20, generator: random);
        using var off = Autograd.NoGrad();
        Tensor Next(Tensor x, KeyValueCache? cache)
        {
            var h = words.Forward(x);
            return head.Forward(h + attention.Forward(h, h, h, isCausal: true, cache: cache))[.., ^1];
        }

        var cache = new KeyValueCache(16);
        var text = Tensor.From(new long[,] { { 3, 7, 11 } });
        var logits = Next(text, cache);
        for (int step = 0; step < 10; step++)
        {
            var full = Next(text, null);
            Assert.InRange((full - logits).Abs().Max().Item(), 0, 1e-5f);
            var word = full.ArgMax(-1, keepDim: true);
            text = Tensor.Cat([text, word], axis: 1);
            logits = Next(word, cache);
        }
        Assert.Equal(13, cache.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Ctc_learns_to_read_symbols_of_unknown_places_and_lengths(int seed)
    {
        // Three symbols, each a tone of 2 to 4 steps in its own channel, with silence between.
        var random = new Generator((ulong)seed);
        int Pick(int low, int high) => low + (int)(random.NextDouble() * (high - low));
        (Tensor Sound, Tensor Words) Utter(int n)
        {
            var sound = Tensor.Normal([20, n, 3], 0, 0.1, generator: random);
            var words = Tensor.Zeros([n, 3], DType.Int64);
            for (int i = 0; i < n; i++)
                for (int k = 0, at = 1; k < 3; k++)
                {
                    int symbol = Pick(0, 3), length = Pick(2, 5);
                    words[i, k] = symbol + 1;
                    sound[at..(at + length), i, symbol] += 1;
                    at += length + Pick(1, 3);
                }
            return (sound, words);
        }
        var gru = new Gru(3, 24, bidirectional: true, generator: random);
        var head = new Linear(48, 4, generator: random);
        Tensor Read(Tensor sound) => head.Forward(gru.Forward(sound)).LogSoftmax(-1);
        var (heard, said) = Utter(64);
        Loop.Fit(new Adam([.. gru.Parameters(), .. head.Parameters()], 2e-2), 100, () => Loss.Ctc(Read(heard), said));

        var (unheard, expected) = Utter(64);
        long[,] path = Read(unheard).ArgMax(-1).T.ToMatrix<long>(), truth = expected.ToMatrix<long>();
        int right = Enumerable.Range(0, 64).Count(i =>
        {
            long[] row = [.. Enumerable.Range(0, 20).Select(t => path[i, t])];
            var merged = row.Where((symbol, t) => symbol != 0 && (t == 0 || row[t - 1] != symbol));
            return merged.SequenceEqual([truth[i, 0], truth[i, 1], truth[i, 2]]);
        });
        Assert.InRange(right, 58, 64);
    }

    private sealed class TiedModel(int words, int width, Generator random) : Module
    {
        private readonly Embedding embedding = new(words, width, generator: random);

        public override Tensor Forward(Tensor x) => embedding.Forward(x).Affine(embedding.Weight, transposed: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Tied_weights_are_one_parameter_whose_gradient_is_the_sum_of_both_uses(int seed)
    {
        var model = new TiedModel(7, 4, new Generator((ulong)seed));
        var (x, y) = (Tensor.From<long>(0, 1, 2, 3, 4, 5, 6), Tensor.From<long>(1, 2, 3, 4, 5, 6, 0));
        var weight = model.Parameters().Single();
        Loss.CrossEntropy(model.Forward(x), y).Backward();

        var (input, output) = (weight.Value.Detach().Clone().WithGrad(), weight.Value.Detach().Clone().WithGrad());
        Loss.CrossEntropy(Tensor.Embedding(input, x).Affine(output, transposed: true), y).Backward();
        Assert.InRange((input.Grad! + output.Grad! - weight.Grad!).Abs().Max().Item(), 0, 1e-6f);
    }
}
