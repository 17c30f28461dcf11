namespace DeepNet;

/// <summary>A number for each of the two image axes; a single number stands for both, a tuple for height and width.</summary>
/// <param name="Height">For the rows.</param>
/// <param name="Width">For the columns.</param>
public readonly record struct Pair(int Height, int Width)
{
    /// <summary>The same number for both axes.</summary>
    public static implicit operator Pair(int both) => new(both, both);

    /// <summary>Height and width.</summary>
    public static implicit operator Pair((int Height, int Width) pair) => new(pair.Height, pair.Width);

    /// <summary>As it is written in C#: <c>3</c> or <c>(3, 5)</c>.</summary>
    public override string ToString() => Height == Width ? $"{Height}" : $"({Height}, {Width})";
}
