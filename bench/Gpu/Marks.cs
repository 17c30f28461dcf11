namespace DeepNet.Bench.Gpu;

/// <summary>
/// What is expected of a GPU, and what was found: each figure that has a mark is held against it, and the end of a run says which were met.
/// </summary>
/// <param name="apply">False where figures mean nothing: on the interpreter, or with small sizes.</param>
internal sealed class Marks(bool apply)
{
    private readonly List<(string Name, string Wanted, double Found, bool IsMet)> found = [];

    /// <summary>A figure that should reach a mark.</summary>
    public string AtLeast(string name, double value, double mark, string of)
        => Note(name, $"at least {mark:F2} {of}", value, value >= mark);

    /// <summary>A figure that should stay below a mark.</summary>
    public string AtMost(string name, double value, double mark, string of) => Note(name, $"at most {mark:F2} {of}", value, value <= mark);

    private string Note(string name, string wanted, double value, bool isMet)
    {
        if (!apply) return "";
        found.Add((name, wanted, value, isMet));
        return isMet ? "   met" : $"   SHORT: {wanted}";
    }

    public void Print(bool hasTorch)
    {
        if (!apply) return;
        Console.WriteLine();
        Console.WriteLine($"{found.Count(f => f.IsMet)} of {found.Count} marks are met.");
        foreach (var (name, wanted, value, isMet) in found)
            if (!isMet) Console.WriteLine($"  {name}: {value:F2}, wanted {wanted}");
        if (!hasTorch) Console.WriteLine("  Products, training steps: no PyTorch with a GPU to hold them against here.");
    }
}
