namespace DeepNet.Labs;

/// <summary>Something an experiment has to say.</summary>
internal abstract record LabItem;

/// <summary>A paragraph.</summary>
internal sealed record TextItem(string Text) : LabItem;

/// <summary>A table.</summary>
internal sealed record TableItem(IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<string>> Rows) : LabItem;

/// <summary>A figure and its caption.</summary>
internal sealed record FigureItem(Figure Figure, string Caption) : LabItem;

/// <summary>A number with the bounds that the claim sets it.</summary>
internal sealed record CheckItem(string What, double Value, double AtLeast, double AtMost) : LabItem
{
    /// <summary>Whether the number lies within its bounds.</summary>
    public bool Holds => Value >= AtLeast && Value <= AtMost;

    /// <summary>The bounds in words.</summary>
    public string Bounds => (double.IsNegativeInfinity(AtLeast), double.IsPositiveInfinity(AtMost)) switch
    {
        (true, _) => $"at most {AtMost:G4}",
        (_, true) => $"at least {AtLeast:G4}",
        _ when AtLeast == AtMost => $"exactly {AtLeast:G4}",
        _ => $"between {AtLeast:G4} and {AtMost:G4}",
    };

    public override string ToString() => Holds ? What : $"{What} (the number is {Value:G4}, the claim needs {Bounds})";
}
