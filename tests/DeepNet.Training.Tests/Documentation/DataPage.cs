#pragma warning disable CA1822, CA1852, CA1859 // the scripts are written as a user writes them
using System.Runtime.CompilerServices;
using DeepNet.Data;
using DeepNet.Data.Sampling;
using DeepNet.Data.Transforms;
using DeepNet.Nn;
using DeepNet.Optim;
using DeepNet.Training.Tests.Support;

namespace DeepNet.Training.Tests.Documentation;

/// <summary>The scripts of docs/data.md about objects, streams and batches, which are compiled here and run.</summary>
public class DataPage
{
    private sealed record House(double Area, int Rooms, bool HasGarden, double Price);

    private sealed record Review(int[] Tokens, int Stars);

    private sealed record Trade(double Bid, double Ask, double Size, double Move);

    // docs: a batch of one's own
    record Reviews(Tensor Tokens, Tensor Mask, Tensor Stars) : IBatch<Reviews>
    {
        public Reviews Map(Func<Tensor, Tensor> change) => new(change(Tokens), change(Mask), change(Stars));
    }
    // docs: end

    private sealed class Exchange
    {
        public async IAsyncEnumerable<Trade> Trades([EnumeratorCancellation] CancellationToken stop = default)
        {
            var generator = new Generator(1);
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                if (i % 50 == 0) await Task.Yield();
                double bid = generator.NextDouble(), ask = bid + 0.1 * generator.NextDouble();
                yield return new Trade(bid, ask, generator.NextDouble(), bid - ask);
            }
        }
    }

    /// <summary>The mean of the embeddings that the mask shows, and a layer.</summary>
    private sealed class Stars : Module
    {
        private readonly Embedding tokens = new(20, 8);
        private readonly Linear head = new(8, 2);

        public override Tensor Forward(Tensor x) => throw new NotSupportedException();

        public Tensor Forward(Tensor x, Tensor mask)
        {
            var weights = mask.To(DType.Float32).Unsqueeze(-1);
            return head.Forward((tokens.Forward(x) * weights).Sum(1) / weights.Sum(1));
        }
    }

    [Fact]
    public void Objects_are_learned_from()
    {
        var generator = new Generator(3);
        List<House> houses = [.. Enumerable.Range(0, 300).Select(_ =>
        {
            double area = 40 + 160 * generator.NextDouble();
            int rooms = 1 + (int)(area / 30);
            bool garden = generator.NextDouble() < 0.3;
            return new House(area, rooms, garden, 1000 * (area / 50 + rooms + (garden ? 1 : 0)));
        })];

        Generator.SetSeed(1);
        // docs: objects
        var data = Dataset.From(houses, h => [h.Area, h.Rooms, h.HasGarden ? 1 : 0], h => h.Price / 1000);
        var (learn, judge) = data.Split(test: 0.2);
        var scale = Standardize.Fit(learn);
        var train = new DataLoader(learn.Map(scale), batchSize: 32, shuffle: true);
        var test = new DataLoader(judge.Map(scale), batchSize: 256);

        var model = new Sequential(new Linear(3, 32, activation: new Tanh()), new Linear(32, 1));
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-2), Loss.Mse);
        trainer.Fit(train, test, epochs: 20);
        // docs: end
        Assert.Equal(60, judge.Count);
        Assert.True(trainer.Evaluate(test).Loss < 0.2, $"{trainer.Evaluate(test)}");
    }

    [Fact]
    public void Sets_are_made_of_others()
    {
        var photos = Dataset.From(Enumerable.Range(0, 200), i => [i, i]);
        var outlines = Dataset.From(Enumerable.Range(0, 200), i => [-i]);
        var readings = photos;
        string[] sentences = ["so it is"];
        // docs: sets of others
        IDataset pairs = Dataset.Zip(photos, outlines, (photo, outline) => new Sample(photo.X, outline.X));
        IDataset kept = pairs.Cache(limit: 2L << 30);           // examples stay in memory once they were made, up to 2 GiB
        IDataset runs = readings.Window(length: 24, stride: 6);  // 24 consecutive examples each: (24, …)
        IDataset all = new ConcatDataset(kept, pairs.Take(100));
        IDataset<string> words = Dataset.From(sentences).Map(s => s.ToUpperInvariant());
        // docs: end
        Assert.Equal([7f, 7], kept[7].X.ToArray());
        Assert.Equal([-7f], all[207].Y.ToArray());
        Assert.Equal(new Shape(24, 2), runs[1].X.Shape);
        Assert.Equal(30, runs.Count);
        Assert.Equal("SO IT IS", words[0]);
    }

    [Fact]
    public void Streams_are_learned_from()
    {
        var exchange = new Exchange();
        var model = new Linear(3, 1);
        var trainer = new Trainer(model, new Adam(model.Parameters(), learningRate: 1e-2), Loss.Mse) { Progress = ProgressStyle.None };
        // docs: a stream
        using var train = new StreamLoader(Dataset.Stream(exchange.Trades(), t => [t.Bid, t.Ask, t.Size], t => t.Move), batchSize: 64)
        {
            StepsPerEpoch = 100,            // how many batches the trainer calls an epoch
            ShuffleBuffer = 1000,           // so many examples are held back and shuffled
            Workers = 2,
        };
        trainer.Fit(train, epochs: 3);
        // docs: end
        Assert.Equal(300, trainer.Step);
        Assert.True(trainer.History["loss"][^1] < 0.1 * trainer.History["loss"][0], $"{trainer.History.Last}");
    }

    [Fact]
    public void A_file_is_read_from_where_the_run_was()
    {
        using var folder = new Folder();
        string before = Environment.CurrentDirectory;
        Environment.CurrentDirectory = folder.Path;
        try
        {
            string path = folder["numbers.txt"];
            File.WriteAllLines(path, Enumerable.Range(0, 1000).Select(i => $"{i / 1000.0:0.000}"));
            var model = new Linear(1, 1);
            var trainer = new Trainer(model, new Sgd(model.Parameters(), 0.1), Loss.Mse) { Progress = ProgressStyle.None };
            // docs: a stream that is opened anywhere
            var lines = Dataset.Stream(position => File.ReadLines(path).Skip((int)position), Input, Target);
            using var train = new StreamLoader(lines, batchSize: 32, seed: 1) { StepsPerEpoch = 50, ShuffleBuffer = 256, Repeat = true };
            trainer.Resume("runs/lines");
            trainer.Fit(train, epochs: 4);
            // docs: end
            Assert.Equal(200, trainer.Step);
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }
    }

    private static TensorValue Input(string line) => double.Parse(line, System.Globalization.CultureInfo.InvariantCulture);

    private static TensorValue Target(string line) => 2 * double.Parse(line, System.Globalization.CultureInfo.InvariantCulture) + 1;

    [Fact]
    public void Batches_of_a_type_of_ones_own_are_learned_from()
    {
        var generator = new Generator(5);
        List<Review> reviews = [.. Enumerable.Range(0, 400).Select(i => new Review(
            [.. Enumerable.Range(0, 3 + i % 17).Select(_ => 1 + (int)(10 * generator.NextDouble()) + i % 2 * 5)], i % 2))];
        Generator.SetSeed(2);
        var model = new Stars();
        // docs: batches
        var batches = Dataset.From(reviews).Collate(some =>
        {
            var (tokens, mask, _) = Collate.Pad(some, r => r.Tokens, padding: 0, toMultipleOf: 8);
            return new Reviews(tokens, mask, Collate.Stack(some, r => r.Stars));
        });
        var train = new DataLoader<Reviews>(batches, batchSize: 16)
        {
            Sampler = new BucketSampler(reviews.Select(r => r.Tokens.Length), batchSize: 16), Workers = 2,
        };

        var trainer = new Trainer<Reviews>(model, new Adam(model.Parameters(), learningRate: 1e-2), batch =>
        {
            var stars = model.Forward(batch.Tokens, batch.Mask);
            return new StepOutput(Loss.CrossEntropy(stars, batch.Stars), stars, batch.Stars);
        })
        {
            Metrics = [new Accuracy()],
        };
        trainer.Fit(train, epochs: 5);
        // docs: end
        Assert.True(trainer.History["accuracy"][^1] > 0.9, $"{trainer.History.Last}");
    }
}
