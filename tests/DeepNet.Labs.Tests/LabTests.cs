namespace DeepNet.Labs.Tests;

/// <summary>Every claim holds at reduced size, and every mutation breaks it.</summary>
public class LabTests
{
    public static TheoryData<string> Labs => [.. Catalogue.All.Select(l => l.Name)];

    public static TheoryData<string, string> Mutations
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var lab in Catalogue.All)
                foreach (string mutation in lab.Mutations) data.Add(lab.Name, mutation);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Labs))]
    public void Claim_holds(string name)
    {
        var result = LabResult.Of(Catalogue.Find(name)!, LabSize.Reduced);
        Assert.True(result.Holds, result.Error?.ToString() ?? result.Verdict);
        Assert.Contains(result.Items, i => i is FigureItem);
        Assert.All(result.Items.OfType<FigureItem>(), f => Assert.StartsWith("<svg", f.Figure.ToSvg(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Mutations))]
    public void Claim_fails_when_spoilt(string name, string mutation)
    {
        var lab = Catalogue.Find(name)!;
        var context = new LabContext(lab, LabSize.Reduced, mutation);
        lab.Run(context);
        Assert.Contains(mutation, context.AskedFor);
        Assert.False(
            context.Checks.All(c => c.Holds), $"spoilt by '{mutation}', the claim still holds: {string.Join("; ", context.Checks)}");
    }

    [Theory]
    [MemberData(nameof(Labs))]
    public void Is_described(string name)
    {
        var lab = Catalogue.Find(name)!;
        Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", lab.Name);
        Assert.InRange(lab.Name.Length, 3, 28);
        Assert.InRange(lab.Title.Length, 10, 100);
        Assert.InRange(lab.Claim.Length, 100, 700);
        Assert.NotEmpty(lab.Mutations);
        Assert.Same(lab, Catalogue.Find(lab.Number.ToString()));
    }

    [Fact]
    public void Numbers_ascend()
    {
        int[] numbers = [.. Catalogue.All.Select(l => l.Number)];
        Assert.Equal(numbers.Distinct().Order(), numbers);
        Assert.Equal(Catalogue.All.Count, Catalogue.All.Select(l => l.Name).Distinct().Count());
    }
}
