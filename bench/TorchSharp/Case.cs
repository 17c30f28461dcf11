namespace DeepNet.Bench.Anchor;

/// <summary>One way to do a case: what it is called, and what prepares it and returns the timed action.</summary>
internal sealed record Way(string Label, Func<Action> Setup);

/// <summary>A case of DeepNet's bench, by the same name, and the ways to do it in TorchSharp: the fastest counts.</summary>
internal sealed record Case(string Name, Way[] Ways)
{
    public Case(string name, Func<Action> setup) : this(name, [new("", setup)])
    {
    }

    /// <summary>The number of times that the timed action does the thing itself.</summary>
    public int Repeat { get; init; } = 1;
}
