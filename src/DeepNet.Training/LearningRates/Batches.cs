using System.Collections;
using DeepNet.Data;
using DeepNet.Training.Running;

namespace DeepNet.Training;

/// <summary>The batches of a loader, epoch after epoch for as long as somebody asks.</summary>
internal sealed class Batches : IEnumerator<TrainingBatch>
{
    private readonly TrainingData data;
    private readonly ulong seed;
    private IEnumerator<TrainingBatch> epoch;
    private int number;

    public Batches(TrainingData data)
    {
        this.data = data;
        seed = data.Loader.State.Seed;
        epoch = Begin();
    }

    public TrainingBatch Current => epoch.Current;

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

    private IEnumerator<TrainingBatch> Begin()
    {
        data.Loader.State = new LoaderState(seed, number, 0);
        return data.Begin(default);
    }
}
