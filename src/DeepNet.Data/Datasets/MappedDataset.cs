namespace DeepNet.Data;

/// <summary>The results of a function for the examples of a data set, computed whenever they are asked for.</summary>
internal sealed class MappedDataset<T, TResult>(IDataset<T> source, Func<T, TResult> function) : IDataset<TResult>
{
    public int Count => source.Count;

    public TResult this[int index] => function(source[index]);

    public override string ToString() => $"{source}";
}

/// <summary>Inputs and targets that a function makes of the examples of a data set.</summary>
internal sealed class SampleDataset<T>(IDataset<T> source, Func<T, Sample> function) : IDataset
{
    public int Count => source.Count;

    public Sample this[int index] => function(source[index]);

    public override string ToString() => $"{source}";
}
