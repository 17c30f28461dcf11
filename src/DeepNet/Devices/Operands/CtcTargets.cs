namespace DeepNet.Devices;

/// <summary>The targets of connectionist temporal classification, checked.</summary>
/// <param name="Labels">The labels, a row of <paramref name="MostLabels"/> for each of the batch.</param>
/// <param name="MostLabels">The length of a row.</param>
/// <param name="Steps">The number of steps of each of the batch.</param>
/// <param name="Counts">The number of labels of each of the batch.</param>
/// <param name="Blank">The class that stands for no label.</param>
/// <param name="ZeroInfinity">True if a loss that is infinite counts as 0.</param>
internal sealed record CtcTargets(long[] Labels, int MostLabels, long[] Steps, long[] Counts, int Blank, bool ZeroInfinity);
