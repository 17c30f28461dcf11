namespace DeepNet.Data.Loading;

/// <summary>Makes batches by their numbers, on any thread. Disposing of it waits for nobody.</summary>
internal interface IBatchMaker<TBatch> : IDisposable
{
    /// <summary>
    /// Makes a batch; false if the data ends before it. What goes wrong comes out as a <see cref="DataLoaderException"/>. Each number from
    /// the first on is asked for once, by several threads at the same time.
    /// </summary>
    bool TryMake(int batch, CancellationToken cancellation, out TBatch made);
}
