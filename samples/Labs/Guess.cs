namespace DeepNet.Labs;

/// <summary>Answers to a lab's question, of which one is right.</summary>
/// <param name="Answers">The answers, in the order in which they are shown.</param>
/// <param name="Right">The index of the right one.</param>
internal sealed record Guess(IReadOnlyList<string> Answers, int Right);
