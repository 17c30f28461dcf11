using DeepNet.Labs.Running;

namespace DeepNet.Labs.Tests;

public class RunnerTests
{
    private static (int Code, string Output, string Errors) Run(params string[] arguments)
    {
        using StringWriter output = new(), errors = new();
        return (Runner.Run(arguments, output, errors), output.ToString(), errors.ToString());
    }

    [Fact]
    public void Help_and_list()
    {
        Assert.Equal(0, Run("--help").Code);
        Assert.Equal(2, Run().Code);
        var (code, output, _) = Run("list", "--mutations");
        Assert.Equal(0, code);
        Assert.All(Catalogue.All, l => Assert.Contains(l.Title, output, StringComparison.Ordinal));
        Assert.Contains("--mutate \"step along the positive eigenvector\"", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Did you mean saddle?", "run", "sadle")]
    [InlineData("Did you mean run?", "rum", "saddle")]
    [InlineData("Did you mean --reduced?", "run", "saddle", "--reduce")]
    [InlineData("Did you mean 'run saddle'?", "all", "saddle")]
    [InlineData("needs the name of a lab", "run")]
    [InlineData("needs a value", "all", "--out")]
    [InlineData("whole number", "run", "saddle", "--seed", "x")]
    [InlineData("knows no mutation", "run", "saddle", "--mutate", "nothing")]
    public void Mistakes_are_reported_with_what_was_meant(string told, params string[] arguments)
    {
        var (code, _, errors) = Run(arguments);
        Assert.Equal(2, code);
        Assert.Contains(told, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lab_runs_by_number_and_tells_its_verdict()
    {
        var (code, output, _) = Run("run", "6", "--reduced");
        Assert.Equal(0, code);
        Assert.Contains("claim holds", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_claim_that_fails_ends_with_1()
    {
        var (code, output, _) = Run("run", "saddle", "--reduced", "--mutate", "step along the positive eigenvector");
        Assert.Equal(1, code);
        Assert.Contains("claim fails", output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_atlas_is_one_file_that_needs_no_other()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            Assert.Equal(0, Run("run", "saddle", "--reduced", "--out", folder).Code);
            Assert.Equal(["index.html"], Directory.GetFiles(folder).Select(Path.GetFileName));
            string page = File.ReadAllText(Path.Combine(folder, "index.html"));
            Assert.Contains("<svg", page, StringComparison.Ordinal);
            Assert.Contains("labs run saddle", page, StringComparison.Ordinal);
            Assert.Contains("The smallest network has a saddle", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<script src", page, StringComparison.Ordinal);
            Assert.DoesNotContain("<link", page, StringComparison.Ordinal);
            Assert.DoesNotContain(
                "http", page.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Thrower : Lab
    {
        public override string Name => "thrower";

        public override string Title => "Throws";

        public override string Claim => "";

        public override IReadOnlyList<string> Mutations => ["silence", "no check"];

        public override void Run(LabContext lab)
        {
            if (lab.Mutated("silence")) lab.Check("not a number", double.NaN, atLeast: 0);
            else if (!lab.Mutated("no check")) throw new InvalidOperationException("broken");
        }
    }

    [Fact]
    public void Exceptions_not_numbers_and_nothing_checked_are_no_success()
    {
        Assert.Contains("broken", LabResult.Of(new Thrower()).Verdict, StringComparison.Ordinal);
        Assert.False(LabResult.Of(new Thrower(), mutation: "silence").Holds);
        Assert.Contains("nothing was checked", LabResult.Of(new Thrower(), mutation: "no check").Verdict, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LabResult.Of(new Thrower(), mutation: "other"));
    }

    [Fact]
    public void Cancelled_it_stops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        using StringWriter output = new(), errors = new();
        Assert.Equal(1, Runner.Run(["all"], output, errors, cancellation: source.Token));
        Assert.Contains("cancelled", errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_run_finds_the_same_numbers()
    {
        var lab = Catalogue.Find("gradient-variance")!;
        var (first, second) = (LabResult.Of(lab, LabSize.Reduced), LabResult.Of(lab, LabSize.Reduced));
        Assert.Equal(first.Checks, second.Checks);
    }
}
