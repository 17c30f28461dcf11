using Xunit;

namespace DeepNet.Fuzz;

/// <summary>Some hundred files of each format in every test run, and proof that broken promises are found.</summary>
public sealed class FuzzTests : IDisposable
{
    private const ulong Seed = 12;
    private const int Inputs = 250;

    private readonly string failures = Path.Combine(Path.GetTempPath(), "deepnet-fuzz-failures"),
        expected = Directory.CreateTempSubdirectory("deepnet-fuzz-expected-").FullName;

    public void Dispose() => Directory.Delete(expected, recursive: true);

    public static TheoryData<string> Formats => [.. Format.All.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Damaged_files_are_read_or_refused_as_documented(string format)
    {
        var run = new FuzzRun(Format.All.First(f => f.Name == format), Seed, failures);
        run.Run(Inputs);
        Assert.Equal(Inputs, run.Accepted + run.Refused);
        // Neither is everything refused at the first check, nor does the damage do nothing.
        Assert.InRange(run.Accepted, Inputs / 50, Inputs * 9 / 10);
    }

    [Fact]
    public void The_same_seed_makes_the_same_files()
    {
        foreach (var format in Format.All)
        {
            var seeds = format.Seeds();
            for (int i = 0; i < 20; i++)
            {
                byte[][] twice = [.. Enumerable.Range(0, 2).Select(_ => new Chance(Seed, i))
                    .Select(chance => format.Mutate(chance.Pick(seeds), chance))];
                Assert.Equal(twice[0], twice[1]);
            }
        }
    }

    [Theory]
    [InlineData(Broken.Exception, "System.OverflowException is no documented exception")]
    [InlineData(Broken.Memory, "managed bytes were allocated for a file of 3")]
    [InlineData(Broken.Tensors, "tensors took")]
    [InlineData(Broken.Time, "s are allowed")]
    [InlineData(Broken.Value, "inconsistent: nothing fits")]
    [InlineData(Broken.Message, "a terminal obeys")]
    public void A_broken_promise_is_found_saved_and_seen_again(Broken how, string says)
    {
        var format = new BrokenFormat { How = how };
        var run = new FuzzRun(format, Seed, expected)
        {
            MostTime = how == Broken.Time ? TimeSpan.FromMilliseconds(20) : Outcome.DefaultTime,
        };
        Assert.Contains(says, Assert.Throws<FuzzException>(() => run.Run(10)).Message, StringComparison.Ordinal);
        string saved = Assert.Single(Directory.GetFiles(expected));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(saved));
        Assert.Contains(says, Assert.Throws<FuzzException>(() => run.Replay(saved)).Message, StringComparison.Ordinal);
    }

    public enum Broken
    {
        Exception,
        Memory,
        Tensors,
        Time,
        Value,
        Message,
    }

    /// <summary>A reader that does one thing wrong, but not with the file that is well-formed.</summary>
    private sealed class BrokenFormat : Format
    {
        public Broken How { get; init; }

        public override string Name => "broken";

        public override Bound Managed => new(1, 1 << 16);

        public override IReadOnlyList<byte[]> Seeds() => [[0]];

        public override byte[] Mutate(byte[] seed, Chance chance) => [1, 2, 3];

        public override bool IsDocumented(Exception e) => e is FormatException;

        public override void Read(string path)
        {
            if (new FileInfo(path).Length == 1) return;
            switch (How)
            {
                case Broken.Exception: throw new OverflowException();
                case Broken.Memory: GC.KeepAlive(new byte[1 << 20]); break;
                case Broken.Tensors: GC.KeepAlive(Tensor.Zeros(8 << 20)); break;
                case Broken.Time: Thread.Sleep(400); break;
                case Broken.Value: Require(false, "nothing fits"); break;
                default: throw new FormatException("\u001b[2J");
            }
        }
    }
}
