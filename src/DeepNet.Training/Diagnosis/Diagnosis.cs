namespace DeepNet.Training;

/// <summary>Represents what limits a training run, as far as its figures tell.</summary>
/// <param name="Branch">The branch of the decision tree.</param>
/// <param name="Summary">The branch in a sentence.</param>
/// <param name="Evidence">The figures that it follows from, one a sentence.</param>
/// <param name="Advice">What to try, the most promising first.</param>
public sealed record Diagnosis(TrainingBranch Branch, string Summary, IReadOnlyList<string> Evidence, IReadOnlyList<string> Advice)
{
    /// <summary>The diagnosis as lines of text.</summary>
    public override string ToString()
        => string.Join(Environment.NewLine, [Summary, .. Evidence.Select(e => $"  because {e}"), .. Advice.Select(a => $"  try: {a}")]);
}
