namespace DeepNet.Data.Tests;

/// <summary>Examples that take a while, uneven whiles, so that workers overtake each other; one may fail.</summary>
internal sealed class SlowDataset(int count, Func<int, int> milliseconds, int failsAt = -1) : IDataset
{
    public int Count => count;

    public Sample this[int index]
    {
        get
        {
            if (index == failsAt) throw new FormatException($"example {index} is broken");
            Thread.Sleep(milliseconds(index));
            return new Sample(Tensor.From<float>(index, -index), Tensor.FromScalar(index));
        }
    }
}
