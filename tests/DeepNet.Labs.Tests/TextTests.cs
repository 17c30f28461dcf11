using DeepNet.Labs.Texts;

namespace DeepNet.Labs.Tests;

/// <summary>Every lab has all its texts, in each language, and an example that runs.</summary>
public class TextTests
{
    public static TheoryData<string> Labs => [.. Catalogue.All.Select(l => l.Name)];

    [Theory]
    [MemberData(nameof(Labs))]
    public void Has_question_guess_explanation_and_what_would_falsify_it(string name)
    {
        var lab = Catalogue.Find(name)!;
        Assert.EndsWith("?", lab.Question, StringComparison.Ordinal);
        Assert.NotNull(lab.Guess);
        Assert.InRange(lab.Guess.Answers.Count, 2, 4);
        Assert.InRange(lab.Guess.Right, 0, lab.Guess.Answers.Count - 1);
        Assert.InRange(lab.Explanation.Length, 200, 2500);
        Assert.InRange(lab.Falsified.Length, 30, 400);
        Assert.NotEmpty(lab.Next);
        Assert.All(lab.Next, next => Assert.NotNull(Catalogue.Find(next)));
        Assert.DoesNotContain(lab.Name, lab.Next);
    }

    [Theory]
    [MemberData(nameof(Labs))]
    public void Example_runs_and_prints(string name)
    {
        using var output = new StringWriter();
        using (Memory.Scope()) Catalogue.Find(name)!.Example(output);
        Assert.NotEmpty(output.ToString().Trim());
    }

    [Theory]
    [MemberData(nameof(Labs))]
    public void Every_text_of_a_run_has_its_Chinese(string name)
    {
        var lab = Catalogue.Find(name)!;
        var chinese = Translation.Chinese(lab);
        string[] missing = [.. LabTexts.Of(LabResult.Of(lab, LabSize.Reduced)).Where(t => chinese.Of(t) is null)];
        Assert.True(missing.Length == 0, $"Texts/zh/{name}.txt lacks:\n{string.Join('\n', missing)}");
    }
}
