namespace DeepNet.Plots;

/// <summary>A quantity that a reader of a report can change, and the values that it takes.</summary>
/// <param name="Name">The name that stands beside it.</param>
/// <param name="Values">The values as they are shown, at least one.</param>
/// <param name="Start">The index of the value that is shown first, and on a page without a script.</param>
public sealed record Slider(string Name, IReadOnlyList<string> Values, int Start = 0);
