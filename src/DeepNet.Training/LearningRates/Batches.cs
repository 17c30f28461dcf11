using System.Collections;
using DeepNet.Data;

namespace DeepNet.Training;

/// <summary>The batches of a loader, epoch after epoch for as long as somebody asks.</summary>
internal sealed class Batches : IEnumerator<Batch>
{
    private readonly DataLoader data;
    private readonly ulong seed;
    private IEnumerator<Batch> epoch;
    private int number;

    public Batches(DataLoader data)
    {
        this.data = data;
        seed = data.State.Seed;
        epoch = Begin();
    }

    public Batch Current => epoch.Current;

    object IEnumerator.Current => Current;

    public bool MoveNext() => epoch.MoveNext();

    /// <summary>Begins the next epoch.</summary>
    public void Restart()
    {
        epoch.Dispose();
        number++;
        epoch = Begin();
    }

    public void Reset() => throw new NotSupportedException("A loader is gone through forwards.");

    public void Dispose() => epoch.Dispose();

    private IEnumerator<Batch> Begin()
    {
        data.State = new LoaderState(seed, number, 0);
        return data.GetEnumerator();
    }
}
