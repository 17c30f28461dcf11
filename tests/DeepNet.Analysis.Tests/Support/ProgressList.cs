namespace DeepNet.Analysis.Tests;

/// <summary>Gathers progress at once (Progress&lt;T&gt; would tell it later, on another thread).</summary>
internal sealed class ProgressList(Action<AnalysisProgress>? also = null) : IProgress<AnalysisProgress>
{
    public List<AnalysisProgress> Reports { get; } = [];

    public void Report(AnalysisProgress value)
    {
        Reports.Add(value);
        also?.Invoke(value);
    }
}
