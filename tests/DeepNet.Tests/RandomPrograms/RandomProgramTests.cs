using System.Reflection;
using DeepNet.RandomPrograms;

namespace DeepNet.Tests.RandomPrograms;

/// <summary>
/// Random programs of all public operators: gradients against finite differences, and equal bits on 1, 2 and 7 threads. Many more are
/// run by hand with tests/DeepNet.RandomPrograms.
/// </summary>
public class RandomProgramTests
{
    private const int Programs = 250, CompiledPrograms = 340;

    private static Campaign.Report Run(Catalog catalog, int count) => Campaign.Run(catalog, seed: 1, from: 0, count, _ => { });

    [Fact]
    public void Programs_have_right_gradients_and_the_same_bits_on_any_number_of_threads()
    {
        var report = Run(new Catalog(), Programs);
        Assert.True(report.Failures.Count == 0, string.Join("\n", report.Failures));
        Assert.True(report.Unjudged <= Programs / 50, report.ToString());
        Assert.True(report.BitsOnly is > 0 and < Programs / 10, report.ToString());
    }

    [Fact]
    public void Compiled_programs_have_the_same_bits()
    {
        var report = Campaign.Run(new Catalog(), seed: 4, from: 0, CompiledPrograms, _ => { }, isCompiled: true);
        Assert.True(report.Failures.Count == 0, string.Join("\n", report.Failures));
        // The others do what no recording can repeat: they read elements back, or factor matrices.
        Assert.True(report.Programs - report.Unjudged >= 200, report.ToString());
    }

    [Fact]
    public void Every_public_operator_is_covered_or_listed_with_a_reason()
    {
        var covered = new Catalog().Operations.Select(o => o.Name).ToHashSet();
        var all = PublicOperators.All.Keys.ToHashSet();
        Assert.Empty(all.Except(covered).Except(Uncovered.Reasons.Keys));
        Assert.Empty(Uncovered.Reasons.Keys.Except(all));
        Assert.Empty(Uncovered.Reasons.Keys.Intersect(covered));
    }

    [Fact]
    public void Every_operator_of_the_catalog_can_be_drawn()
    {
        var catalog = new Catalog();
        var generator = new ProgramGenerator(catalog, seed: 2);
        int number = 0;
        foreach (var operation in catalog.Operations) generator.Draw(number++, operation);
    }

    [Fact]
    public void The_same_seed_and_number_give_the_same_program()
    {
        ProgramGenerator first = new(new Catalog(), 3), second = new(new Catalog(), 3);
        for (int number = 0; number < 20; number++)
            Assert.Equal(first.Draw(number).ToString(), second.Draw(number).ToString());
    }

    [Fact]
    public void A_wrong_derivative_is_found_and_cut_down_to_its_operator()
    {
        var report = Run(With(nameof(Planted.AlmostSquare)), 20);
        Assert.NotEmpty(report.Failures);
        Assert.All(report.Failures, text => AssertShrunk(text, "Shrunk: Gradient", "Planted.AlmostSquare(t"));
    }

    [Fact]
    public void A_sum_that_depends_on_threads_is_found_and_cut_down_to_its_operator()
    {
        var report = Run(With(nameof(Planted.SumByThreads)), 20);
        Assert.NotEmpty(report.Failures);
        Assert.All(report.Failures, text => AssertShrunk(text, "Shrunk: Bits", "Planted.SumByThreads(t"));
    }

    private static Catalog With(string planted)
    {
        var method = typeof(Planted).GetMethod(planted, BindingFlags.Public | BindingFlags.Static)!;
        return new Catalog([new Operation(Signature.Of(method), method, d => [d.Float()])], times: 100);
    }

    private static void AssertShrunk(string text, string kind, string call)
    {
        Assert.Contains(kind, text, StringComparison.Ordinal);
        string shrunk = text[text.IndexOf("Shrunk", StringComparison.Ordinal)..];
        string[] statements = [.. shrunk.Split('\n').Where(line => line.StartsWith("var t", StringComparison.Ordinal))];
        Assert.True(statements.Length == 2, shrunk);
        Assert.Contains("Tensor.Uniform", statements[0], StringComparison.Ordinal);
        Assert.Contains(call, statements[1], StringComparison.Ordinal);
    }
}
