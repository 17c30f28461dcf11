namespace DeepNet.Labs;

/// <summary>Something an experiment has to say.</summary>
internal abstract record LabItem;

/// <summary>A paragraph.</summary>
internal sealed record TextItem(string Text) : LabItem;

/// <summary>A table.</summary>
internal sealed record TableItem(IReadOnlyList<string> Headers, IReadOnlyList<IReadOnlyList<string>> Rows) : LabItem;

/// <summary>A figure and its caption.</summary>
internal sealed record FigureItem(Figure Figure, string Caption) : LabItem;

/// <summary>Figures of which one is seen at a time, in order: something that changes step by step.</summary>
internal sealed record FramesItem(IReadOnlyList<Figure> Frames, IReadOnlyList<string> Labels, string Caption) : LabItem;

/// <summary>Figures for all combinations of some quantities, of which the reader chooses one with sliders.</summary>
internal sealed record SlidersItem(IReadOnlyList<Slider> Sliders, IReadOnlyList<Figure> Figures, string Caption) : LabItem
{
    /// <summary>Gets the figure that is shown first.</summary>
    public Figure Shown => At([.. Sliders.Select(s => s.Start)]);

    /// <summary>Returns the figure at the indices of the sliders.</summary>
    public Figure At(int[] indices)
        => Figures[indices.Zip(Sliders).Aggregate(0, (place, next) => place * next.Second.Values.Count + next.First)];
}

/// <summary>A number with the bounds that the claim sets it.</summary>
internal sealed record CheckItem(string What, double Value, double AtLeast, double AtMost) : LabItem
{
    /// <summary>Whether the number lies within its bounds.</summary>
    public bool Holds => Value >= AtLeast && Value <= AtMost;

    /// <summary>The bounds in words.</summary>
    public string Bounds => (double.IsNegativeInfinity(AtLeast), double.IsPositiveInfinity(AtMost)) switch
    {
        (true, _) => $"at most {Text(AtMost)}",
        (_, true) => $"at least {Text(AtLeast)}",
        _ when AtLeast == AtMost => $"exactly {Text(AtLeast)}",
        _ => $"between {Text(AtLeast)} and {Text(AtMost)}",
    };

    public override string ToString() => Holds ? What : $"{What} (the number is {Text(Value)}, the claim needs {Bounds})";

    /// <summary>Returns a number with four digits at most.</summary>
    public static string Text(double number) => number.ToString("G4").Replace('E', 'e');
}
