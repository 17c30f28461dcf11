namespace DeepNet.Data.Made.Digits;

/// <summary>One movement of the pen, through points of a box of side 1, y downwards.</summary>
/// <param name="IsSmooth">Whether the pen rounds the points; else it turns on them.</param>
/// <param name="Points">x and y by turns.</param>
internal sealed record Stroke(bool IsSmooth, double[] Points)
{
    public static Stroke Round(params double[] points) => new(true, points);

    public static Stroke Straight(params double[] points) => new(false, points);
}
