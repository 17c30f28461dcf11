namespace DeepNet.Analysis;

/// <summary>Describes something that may be wrong with a data set.</summary>
/// <param name="Problem">The kind.</param>
/// <param name="Where">The column, the columns or the class; empty if it is the whole set.</param>
/// <param name="Text">The finding as a sentence.</param>
/// <param name="Examples">The places of the examples that it is about, in the order in which they are worth a look; may be empty.</param>
public sealed record DataFinding(DataProblem Problem, string Where, string Text, IReadOnlyList<int> Examples)
{
    /// <summary>Returns the kind and the sentence.</summary>
    public override string ToString() => $"{Problem}: {Text}";
}

/// <summary>Describes the number of examples of a class.</summary>
/// <param name="Name">The name of the class, or its number.</param>
/// <param name="Count">The number of its examples.</param>
public sealed record ClassCount(string Name, int Count);

/// <summary>Describes two columns of numbers that go together.</summary>
/// <param name="First">A column.</param>
/// <param name="Second">A later column.</param>
/// <param name="Correlation">Pearson's correlation over the examples that have both, from −1 to 1.</param>
public sealed record CorrelatedColumns(string First, string Second, double Correlation);

/// <summary>Describes two examples that are nearly the same.</summary>
/// <param name="First">The place of an example.</param>
/// <param name="Second">The place of a later one.</param>
/// <param name="Distance">Their distance, where 1 is the median distance of an example to the nearest other one.</param>
public sealed record NearDuplicate(int First, int Second, double Distance);

/// <summary>Describes an example whose label is probably wrong.</summary>
/// <param name="Example">The place of the example.</param>
/// <param name="Given">The class that it is labelled as.</param>
/// <param name="Likely">The class that a model takes it for, which was trained on other examples.</param>
/// <param name="Confidence">The probability that the model gives that class.</param>
/// <param name="GivenConfidence">The probability that the model gives the label.</param>
public sealed record LabelSuspect(int Example, int Given, int Likely, double Confidence, double GivenConfidence);

/// <summary>Describes how a column differs between two data sets.</summary>
/// <param name="Column">The column.</param>
/// <param name="Difference">
/// Of numbers the largest difference of the distribution functions (Kolmogorov and Smirnov), of categories half the sum of the differences
/// of their shares: from 0 to 1 both.
/// </param>
/// <param name="PValue">The probability of so large a difference if there is none.</param>
/// <param name="IsDrift">True if the difference is both large and no chance.</param>
public sealed record ColumnDrift(string Column, double Difference, double PValue, bool IsDrift);
