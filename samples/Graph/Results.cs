namespace DeepNet.Samples.Nodes;

/// <summary>The fits of one classifier, one for each seed.</summary>
internal sealed record Results(Classifier Classifier, IReadOnlyList<Fit> Fits)
{
    public double Mean => Fits.Average(fit => fit.Accuracy);

    /// <summary>Gets the least, mean and greatest accuracy over the seeds at each epoch that was looked at.</summary>
    public IEnumerable<(double Low, double Mean, double High)> Curve()
    {
        for (int i = 0; i < Fits[0].Epochs.Count; i++)
        {
            double[] all = [.. Fits.Select(fit => fit.Accuracies[i])];
            yield return (all.Min(), all.Average(), all.Max());
        }
    }
}
