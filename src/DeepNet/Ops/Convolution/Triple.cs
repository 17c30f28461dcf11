namespace DeepNet;

/// <summary>A number for each of the three axes of a volume; a single number stands for all, a tuple for depth, height and width.</summary>
/// <param name="Depth">For the slices.</param>
/// <param name="Height">For the rows.</param>
/// <param name="Width">For the columns.</param>
public readonly record struct Triple(int Depth, int Height, int Width)
{
    /// <summary>The same number for all axes.</summary>
    public static implicit operator Triple(int all) => new(all, all, all);

    /// <summary>Depth, height and width.</summary>
    public static implicit operator Triple((int Depth, int Height, int Width) triple) => new(triple.Depth, triple.Height, triple.Width);

    /// <summary>Gets the numbers of the rows and the columns.</summary>
    internal Pair Plane => (Height, Width);

    /// <summary>As it is written in C#: <c>3</c> or <c>(1, 3, 5)</c>.</summary>
    public override string ToString() => Depth == Height && Height == Width ? $"{Depth}" : $"({Depth}, {Height}, {Width})";
}
